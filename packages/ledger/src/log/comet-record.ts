import { type Bytes, decodeCbor, encodeCbor, type StoreReader, type StoreWriter, utf8 } from '@attestel/core';
import { fail } from '../errors.ts';
import { TABLES } from '../tables.ts';

/**
 * How far the engine's chain is executed. Its heights are not the ledger's: a block in which everything was
 * refused is a height of the engine and none of the ledger (decision 0014). Written in the transaction of the
 * block itself.
 */
export interface CometRecord {
  /** Height of the engine's last block; 0 before its first. */
  readonly height: number;
  /** App hash after that block. */
  readonly appHash: Bytes;
}

const KEY = utf8('comet');

export const writeCometRecord = (writer: StoreWriter, record: CometRecord): void =>
  writer.put(TABLES.meta, KEY, encodeCbor({ ...record }));

/** Undefined where no engine ever drove this store. @throws AppError store_damaged */
export function readCometRecord(reader: StoreReader): CometRecord | undefined {
  const bytes = reader.get(TABLES.meta, KEY);
  if (!bytes) return undefined;
  try {
    return decodeCbor(bytes) as unknown as CometRecord;
  } catch (cause) {
    throw fail('store_damaged', { field: 'comet', cause });
  }
}
