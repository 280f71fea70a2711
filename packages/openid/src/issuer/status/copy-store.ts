import {
  type Bytes,
  concatBytes,
  type Random,
  type StoreReader,
  type StoreWriter,
  utf8,
} from '@attestel/core';
import { STATUS } from '@attestel/credentials';
import { type CopyOrigin, type CopyStatus, copyStatus } from '../line/copies.ts';
import type { LineState } from '../line/state.ts';
import { jsonTable } from '../storage/json-table.ts';
import { prefixRange, uint32 } from '../storage/keys.ts';
import { type StatusIndex, writeStatus } from './status-store.ts';

/** One issuance: copies with the same origin and expiry, each with its own status index. */
export interface IssuedBatch {
  readonly origin: CopyOrigin;
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly indices: readonly StatusIndex[];
  /** RFC 7638 thumbprints of the holder keys: any of them may speak for the binding. */
  readonly holders: readonly string[];
}

/** Token Status List §7.1; 3 is application-specific: the SIM changed, bind again. */
const STATUS_VALUES: Readonly<Record<CopyStatus, number>> = {
  valid: STATUS.valid,
  revoked: STATUS.invalid,
  suspended: STATUS.suspended,
  'sim-changed': STATUS.simChanged,
};

const BATCHES = jsonTable<IssuedBatch>('issuer/copies');
const HOLDERS = jsonTable<{ readonly subscriptionId: string; readonly origin: CopyOrigin }>(
  'issuer/holder-keys',
);

export function addBatch(
  writer: StoreWriter,
  subscriptionId: string,
  batch: IssuedBatch,
  { random, now }: { readonly random: Random; readonly now: number },
): void {
  forgetExpired(writer, subscriptionId, now);
  const key = concatBytes(batchPrefix(subscriptionId), uint32(batch.expiresAt), random.bytes(8));
  BATCHES.put(writer, key, batch);
  for (const holder of batch.holders) {
    HOLDERS.put(writer, utf8(holder), { subscriptionId, origin: batch.origin });
  }
}

/** Whose copy is bound to this key. */
export const holderOf = (reader: StoreReader, thumbprint: string) => HOLDERS.get(reader, utf8(thumbprint));

/**
 * Brings the status of every unexpired copy of a subscription in line with its state, inside the
 * transaction that changes the state.
 * @returns numbers of the lists that changed
 */
export function writeStatuses(
  writer: StoreWriter,
  subscriptionId: string,
  state: LineState,
  now: number,
): Set<number> {
  const changed = new Set<number>();
  forgetExpired(writer, subscriptionId, now);
  for (const [, batch] of [...BATCHES.range(writer, prefixRange(batchPrefix(subscriptionId)))]) {
    const value = STATUS_VALUES[copyStatus(state, batch.origin)];
    for (const at of batch.indices) if (writeStatus(writer, at, value)) changed.add(at.list);
  }
  return changed;
}

/** Copies that expired need no status; their rows come first, because keys begin with the expiry. */
function forgetExpired(writer: StoreWriter, subscriptionId: string, now: number): void {
  const from = batchPrefix(subscriptionId);
  for (const [key, batch] of [...BATCHES.range(writer, { from, to: concatBytes(from, uint32(now)) })]) {
    BATCHES.delete(writer, key);
    for (const holder of batch.holders) HOLDERS.delete(writer, utf8(holder));
  }
}

/** The NUL keeps one id from being the prefix of another. */
const batchPrefix = (subscriptionId: string): Bytes => utf8(`${subscriptionId}\0`);
