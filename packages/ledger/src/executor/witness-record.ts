import { type Bytes, decodeCbor, encodeCbor, equalBytes, type StoreReader, utf8 } from '@attestel/core';
import { fail } from '../errors.ts';
import type { Head } from '../ledger.ts';
import { TABLES } from '../tables.ts';

/** What this node has cosigned last. */
export interface WitnessRecord {
  /** Log size. */
  readonly size: number;
  /** SHA-256 of the checkpoint body. */
  readonly hash: Bytes;
}

export const witnessKey = utf8('witness');

export const encodeWitness = ({ size, hash }: WitnessRecord): Bytes => encodeCbor({ size, hash });

/** @throws AppError store_damaged */
export function readWitness(reader: StoreReader): WitnessRecord | undefined {
  const bytes = reader.get(TABLES.meta, witnessKey);
  if (!bytes) return undefined;
  let record: Partial<WitnessRecord> | undefined;
  try {
    record = decodeCbor(bytes) as unknown as Partial<WitnessRecord>;
  } catch (cause) {
    throw fail('store_damaged', { field: 'witness', cause });
  }
  const { size, hash } = record ?? {};
  // Without a number in it, every size would seem to come after it.
  if (typeof size !== 'number' || !(hash instanceof Uint8Array))
    throw fail('store_damaged', { field: 'witness' });
  return { size, hash };
}

/**
 * A witness stands by one history: never a smaller log than before, and one body for each size.
 * @throws AppError cosign_refused
 */
export function assertCosignable(
  last: WitnessRecord | undefined,
  head: Pick<Head, 'size' | 'appHash'>,
): void {
  if (!last || head.size > last.size) return;
  if (head.size < last.size || !equalBytes(head.appHash, last.hash)) throw fail('cosign_refused');
}
