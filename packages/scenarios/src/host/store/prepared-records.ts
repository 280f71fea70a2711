import {
  type Bytes,
  type CborValue,
  decodeCbor,
  encodeCbor,
  type StoreReader,
  type StoreWriter,
  toHex,
} from '@attestel/core';
import { lineKey, TABLES } from './tables.ts';

/** A line that is, was or is going to be submitted: enough to do so again, and to commit what belongs to it. */
export interface PreparedRecord {
  readonly channel: string;
  /** As it was submitted, byte for byte. */
  readonly operation: Bytes;
  /** Block time after which the ledger no longer takes it, unix seconds. */
  readonly notAfter: number;
  /** Payload, under the key of its line. */
  readonly sealed: Bytes;
}

export const writePrepared = (writer: StoreWriter, line: string, record: PreparedRecord): void =>
  writer.put(TABLES.prepared, lineKey(line), encodeCbor(record as unknown as CborValue));

export const deletePrepared = (writer: StoreWriter, line: string): void =>
  writer.delete(TABLES.prepared, lineKey(line));

export function readPrepared(reader: StoreReader, line: string): PreparedRecord | undefined {
  const found = reader.get(TABLES.prepared, lineKey(line));
  return found && (decodeCbor(found) as unknown as PreparedRecord);
}

export const isPrepared = (reader: StoreReader, line: string): boolean =>
  reader.get(TABLES.prepared, lineKey(line)) !== undefined;

export const listPrepared = (reader: StoreReader): readonly string[] =>
  [...reader.range(TABLES.prepared)].map(([key]) => toHex(key));
