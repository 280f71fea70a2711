import type { StoreReader } from '@attestel/core';
import { readHead } from './head-record.ts';

export interface StoredHead {
  readonly network: string;
  readonly origin: string;
  readonly height: number;
  /** Note as it was signed when the block became durable; empty when nobody had signed it. */
  readonly checkpoint: string;
}

/** What a store says it holds; undefined for an empty one. Nothing is checked. @throws AppError store_damaged */
export function storedHead(store: StoreReader): StoredHead | undefined {
  const head = readHead(store);
  if (!head) return undefined;
  const { network, origin, height, checkpoint } = head;
  return { network, origin, height, checkpoint };
}
