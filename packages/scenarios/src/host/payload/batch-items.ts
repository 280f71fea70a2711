import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { type Bytes, fromHex, type JsonValue, toHex, utf8 } from '@attestel/core';
import { type Batch, batchOf, batchPath, digestOf, verifyBatchItem } from '@attestel/registry';
import { fail } from '../../errors.ts';
import type { JsonObject } from '../../module/module.ts';
import type { Kept } from './payload.schema.ts';

/**
 * Salt of one item: HMAC-SHA-256(seed, number in decimal). Who is shown one learns nothing of the others, and a batch
 * of any size travels with one seed.
 */
const itemSalt = (seed: KeyObject, index: number): Bytes =>
  new Uint8Array(
    createHmac('sha256', seed)
      .update(utf8(String(index)))
      .digest(),
  );

function digestsOf(items: readonly JsonValue[], seed: Bytes): readonly Bytes[] {
  const key = createSecretKey(seed);
  return items.map((item, i) => digestOf(item, itemSalt(key, i)));
}

export const batchOfItems = (items: readonly JsonValue[], seed: Bytes): Batch =>
  batchOf(digestsOf(items, seed));

/** Data of a command without the batch in it: a list at the top of it by the name `items`, if not empty. */
export function splitItems(data: JsonValue): {
  readonly data: JsonValue;
  readonly items?: readonly JsonValue[];
} {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return { data };
  const { items, ...rest } = data as JsonObject;
  return Array.isArray(items) && items.length > 0 ? { data: rest, items } : { data };
}

/** Data as the command had it. */
export const joinItems = ({ payload, items }: Kept): JsonValue =>
  items ? { ...(payload.data as JsonObject), items } : payload.data;

/** Whether the items beside a payload are those that it commits to. */
export function hasItsItems({ payload: { batch }, items, seed }: Kept): boolean {
  if (!batch || !items || !seed) return !batch && !items && !seed;
  const made = batchOfItems(items, fromHex(seed));
  return made.size === batch.size && toHex(made.root) === batch.root;
}

/** What shows somebody who sees the line, and nothing else of the batch, one item of it. */
export interface ItemProof {
  readonly item: JsonValue;
  readonly salt: string;
  readonly index: number;
  readonly size: number;
  /** Hex, from the leaf upwards. */
  readonly path: readonly string[];
}

/** @throws AppError not_found where the payload has no such item */
export function proveItem({ items, seed }: Kept, index: number): ItemProof {
  const item = items?.[index];
  if (!items || !seed || item === undefined) throw fail('not_found', { field: '/index' });
  const key = fromHex(seed);
  const path = batchPath(digestsOf(items, key), index).map(toHex);
  return { item, salt: toHex(itemSalt(createSecretKey(key), index)), index, size: items.length, path };
}

/** @throws ProofError, TypeError unless the batch of the line has this item at this place */
export function verifyItem(batch: Batch, { item, salt, index, path }: ItemProof): void {
  const digest = digestOf(item, fromHex(salt));
  verifyBatchItem(batch, { index, digest, path: path.map(fromHex) });
}
