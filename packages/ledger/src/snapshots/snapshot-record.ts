import { type Bytes, decodeCbor, encodeCbor, type StoreReader, type StoreWriter, utf8 } from '@attestel/core';
import { fail } from '../errors.ts';
import { TABLES } from '../tables.ts';

/** Says that a store began with a snapshot, so that what it lacks is known not to be lost. */
export interface SnapshotRecord {
  /** Log size of the snapshot: of entries below it, the store may hold the hash alone. */
  readonly size: number;
}

const KEY = utf8('snapshot');

export const writeSnapshotRecord = (writer: StoreWriter, record: SnapshotRecord): void =>
  writer.put(TABLES.meta, KEY, encodeCbor({ ...record }));

/** Undefined for a store that holds its whole log. @throws AppError store_damaged */
export function readSnapshotRecord(reader: StoreReader): SnapshotRecord | undefined {
  const bytes: Bytes | undefined = reader.get(TABLES.meta, KEY);
  if (!bytes) return undefined;
  try {
    return decodeCbor(bytes) as unknown as SnapshotRecord;
  } catch (cause) {
    throw fail('store_damaged', { field: 'snapshot', cause });
  }
}
