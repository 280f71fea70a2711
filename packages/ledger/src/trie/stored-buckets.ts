import type { Bytes, StoreReader } from '@attestel/core';
import { bitAt } from '@attestel/proof';
import { fail } from '../errors.ts';
import { TABLES } from '../tables.ts';
import { HEAD_BYTES, LEAF_BYTES, leafCount } from './bucket.ts';
import { HashPlan } from './hash-plan.ts';
import { BUCKET, type NodePool } from './node-pool.ts';
import type { PairHasher } from './pair-hasher.ts';
import { MAX_BUCKET_DEPTH } from './trie-update.ts';

interface Bucket {
  readonly depth: number;
  readonly root: Bytes;
  readonly leaves: Bytes;
}

/** Record of a bucket: u8 depth ‖ root ‖ leaves, which are there. */
export function writeBucketHead(record: Bytes, depth: number, root: Bytes): void {
  record[0] = depth;
  record.set(root, 1);
}

/** @throws AppError store_damaged */
export function decodeBucket(record: Bytes): Bucket {
  const leaves = record.subarray(HEAD_BYTES);
  const depth = record[0] ?? Number.NaN;
  if (!(depth <= MAX_BUCKET_DEPTH) || leaves.length === 0 || leaves.length % LEAF_BYTES !== 0) {
    throw fail('store_damaged', { field: 'trie' });
  }
  return { depth, root: record.subarray(1, HEAD_BYTES), leaves };
}

/**
 * Builds the levels above the buckets from the buckets' stored roots: no leaf is hashed, each upper node once.
 * Returns the root node. @throws AppError store_damaged when ranges overlap
 */
export function openBuckets(reader: StoreReader, pool: NodePool, hasher: PairHasher): number {
  const plan = new HashPlan(pool);
  const root = pool.add(BUCKET, BUCKET, 0);
  for (const [prefix, record] of reader.range(TABLES.trie)) {
    const { depth, root: hash, leaves } = decodeBucket(record);
    const node = descendTo(pool, root, prefix, depth);
    pool.weight[node] = Math.min(2, leafCount(leaves));
    pool.setHash(node, hash);
  }
  sealBelow(pool, plan, root);
  plan.run(hasher);
  return root;
}

/** Makes the inner nodes on the way; ranges that hold nothing become empty buckets. */
function descendTo(pool: NodePool, root: number, prefix: Bytes, depth: number): number {
  let node = root;
  for (let at = 0; at < depth; at++) {
    if (pool.left[node] === BUCKET) {
      if (pool.weight[node] !== 0) throw fail('store_damaged', { field: 'trie' });
      const left = pool.add(BUCKET, BUCKET, 0);
      const right = pool.add(BUCKET, BUCKET, 0);
      pool.left[node] = left;
      pool.right[node] = right;
    }
    node = (bitAt(prefix, at) === 0 ? pool.left[node] : pool.right[node]) as number;
  }
  if (pool.left[node] !== BUCKET || pool.weight[node] !== 0) throw fail('store_damaged', { field: 'trie' });
  return node;
}

function sealBelow(pool: NodePool, plan: HashPlan, node: number): void {
  const left = pool.left[node] as number;
  if (left === BUCKET) return;
  const right = pool.right[node] as number;
  sealBelow(pool, plan, left);
  sealBelow(pool, plan, right);
  const leftWeight = pool.weight[left] as number;
  const weight = Math.min(2, leftWeight + (pool.weight[right] as number));
  pool.weight[node] = weight;
  if (weight === 2) plan.pairInto(node, left, right);
  else pool.setHash(node, pool.hashOf(leftWeight === 0 ? right : left));
}
