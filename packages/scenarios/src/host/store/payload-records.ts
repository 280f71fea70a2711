import {
  type Bytes,
  type CborValue,
  decodeCbor,
  encodeCbor,
  type JsonValue,
  type StoreReader,
  type StoreWriter,
} from '@attestel/core';
import type { Kept } from '../payload/payload.schema.ts';
import type { Vault } from '../ports.ts';
import { openJson, sealJson } from './sealed-json.ts';
import { lineKey, TABLES } from './tables.ts';

/**
 * `checked`: this party ran the command itself; `unchecked`: it lacks something that the command looked at;
 * `waiting`: an earlier payload has not come yet; `disputed`: the check failed;
 * `accepted`: this party lets it stand all the same.
 */
export type Verdict = 'checked' | 'unchecked' | 'waiting' | 'disputed' | 'accepted';

/** What is left of an erased payload: nothing of what it said. */
export interface Erased {
  /** Unix seconds. */
  readonly time: number;
  readonly module: string;
  /** Ids of the objects that it moved. */
  readonly objects: readonly string[];
  /** Organisations that were given it. */
  readonly parties: readonly string[];
}

export interface PayloadRecord {
  readonly channel: string;
  readonly verdict: Verdict;
  readonly sealed: Bytes | null;
  readonly erased: Erased | null;
}

export const payloadKeyName = (line: string): string => `p/${line}`;

export function readPayloadRecord(reader: StoreReader, line: string): PayloadRecord | undefined {
  const found = reader.get(TABLES.payload, lineKey(line));
  return found && (decodeCbor(found) as unknown as PayloadRecord);
}

export const writePayloadRecord = (writer: StoreWriter, line: string, record: PayloadRecord): void =>
  writer.put(TABLES.payload, lineKey(line), encodeCbor(record as unknown as CborValue));

export const sealKept = (vault: Vault, line: string, kept: Kept): Bytes =>
  sealJson(vault, payloadKeyName(line), kept as unknown as JsonValue);

/** @throws AppError vault_damaged */
export const openKept = (vault: Vault, line: string, sealed: Bytes): Kept =>
  openJson<Kept>(vault, payloadKeyName(line), sealed);
