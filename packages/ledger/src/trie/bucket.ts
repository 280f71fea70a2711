import type { Bytes } from '@attestel/core';
import { sha256 } from '../sha256.ts';
import { BytePieces } from '../store/byte-pieces.ts';
import { EMPTY, type HashPlan, type Ref } from './hash-plan.ts';

/** A leaf in a bucket: key hash, value hash, leaf hash. The last spares hashing the neighbours of a change. */
export const LEAF_BYTES = 96;
const HASH_BYTES = 32;
const VALUE_AT = 32;
const LEAF_AT = 64;

export interface TrieChange {
  readonly keyHash: Bytes;
  /** Undefined: the key is deleted. */
  readonly valueHash: Bytes | undefined;
}

/** In front of the leaves in a bucket's record: u8 depth ‖ root. */
export const HEAD_BYTES = 1 + HASH_BYTES;

/** Memory for the records of one update. What it gives is written to once and as long as the update is wanted. */
export class BucketMemory {
  readonly #pieces = new BytePieces(PIECE_BYTES);

  /** Room for leaves, with room for the record's head in front. */
  take(leafBytes: number): Bytes {
    return this.#pieces.take(HEAD_BYTES + leafBytes).subarray(HEAD_BYTES);
  }
}

const PIECE_BYTES = 1 << 16;

/** The record around leaves that {@link BucketMemory} gave room to, its head still to be written. */
export const recordAround = (leaves: Bytes): Bytes =>
  new Uint8Array(leaves.buffer, leaves.byteOffset - HEAD_BYTES, HEAD_BYTES + leaves.length);

export const leafCount = (leaves: Bytes): number => leaves.length / LEAF_BYTES;
export const leafAt = (leaves: Bytes, i: number): Bytes =>
  leaves.subarray(i * LEAF_BYTES, (i + 1) * LEAF_BYTES);
export const keyHashAt = (leaves: Bytes, i: number): Bytes =>
  leaves.subarray(i * LEAF_BYTES, i * LEAF_BYTES + HASH_BYTES);
export const valueHashAt = (leaves: Bytes, i: number): Bytes =>
  leaves.subarray(i * LEAF_BYTES + VALUE_AT, i * LEAF_BYTES + LEAF_AT);
export const leafHashAt = (leaves: Bytes, i: number): Bytes =>
  leaves.subarray(i * LEAF_BYTES + LEAF_AT, (i + 1) * LEAF_BYTES);

interface Merge {
  readonly from: number;
  readonly to: number;
  readonly existing: Set<TrieChange>;
  readonly memory: BucketMemory;
}

/**
 * Leaves with changes `from` … `to` applied, ordered by key hash; `leaves` itself when nothing changes. Changes of keys
 * that were there are put into `existing`.
 */
export function mergeLeaves(
  leaves: Bytes,
  changes: readonly TrieChange[],
  { from, to, existing, memory }: Merge,
): Bytes {
  const merged = memory.take(leaves.length + (to - from) * LEAF_BYTES);
  let changed = false;
  let at = 0; // in `leaves`
  let used = 0; // of `merged`
  const keep = (until: number): void => {
    merged.set(leaves.subarray(at, until), used);
    used += until - at;
    at = until;
  };
  for (let i = from; i < to; i++) {
    const change = changes[i] as TrieChange;
    const { keyHash, valueHash } = change;
    keep(firstNotBefore(leaves, at, keyHash));
    const exists = isAt(leaves, at, keyHash);
    if (exists) existing.add(change);
    if (exists ? isAt(leaves, at + VALUE_AT, valueHash) : !valueHash) continue;
    changed = true;
    if (exists) at += LEAF_BYTES;
    if (!valueHash) continue;
    putLeaf(merged, used, keyHash, valueHash);
    used += LEAF_BYTES;
  }
  if (!changed) return leaves;
  keep(leaves.length);
  return merged.subarray(0, used);
}

function firstNotBefore(leaves: Bytes, from: number, keyHash: Bytes): number {
  let at = from;
  while (at < leaves.length && orderAt(leaves, at, keyHash) < 0) at += LEAF_BYTES;
  return at;
}

const isAt = (leaves: Bytes, at: number, hash: Bytes | undefined): boolean =>
  hash !== undefined && at < leaves.length && orderAt(leaves, at, hash) === 0;

/** Negative where the hash in `leaves` comes first. Without a view: this is asked for every leaf of a bucket. */
function orderAt(leaves: Bytes, at: number, hash: Bytes): number {
  for (let i = 0; i < HASH_BYTES; i++) {
    const difference = (leaves[at + i] as number) - (hash[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

const preimage = new Uint8Array(1 + 2 * HASH_BYTES); // 0x00 ‖ key hash ‖ value hash

function putLeaf(target: Bytes, at: number, keyHash: Bytes, valueHash: Bytes): void {
  preimage.set(keyHash, 1);
  preimage.set(valueHash, 1 + HASH_BYTES);
  target.set(keyHash, at);
  target.set(valueHash, at + VALUE_AT);
  target.set(sha256(preimage), at + LEAF_AT);
}

/** Without a view for each leaf: this is asked for every one of them. */
const bitOf = (leaves: Bytes, i: number, depth: number): number =>
  ((leaves[i * LEAF_BYTES + (depth >> 3)] as number) >> (7 - (depth & 7))) & 1;

/** First of leaves `from` … `to` whose key hash has a 1 at this depth: where the right subtree begins. */
export function splitAt(leaves: Bytes, from: number, to: number, depth: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bitOf(leaves, middle, depth) === 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Plans the root of the subtree at `depth` that holds leaves `from` … `to`. */
export function planSubtree(plan: HashPlan, leaves: Bytes, from: number, to: number, depth: number): Ref {
  if (from === to) return EMPTY;
  if (to - from === 1) return plan.put(leaves, from * LEAF_BYTES + LEAF_AT);
  const middle = splitAt(leaves, from, to, depth);
  const left = planSubtree(plan, leaves, from, middle, depth + 1);
  return plan.pair(left, planSubtree(plan, leaves, middle, to, depth + 1));
}
