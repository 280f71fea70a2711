import type { Bytes } from '@attestel/core';
import { bitAt } from '@attestel/proof';
import {
  BucketMemory,
  LEAF_BYTES,
  leafCount,
  leafHashAt,
  mergeLeaves,
  planSubtree,
  recordAround,
  splitAt,
  type TrieChange,
} from './bucket.ts';
import type { HashPlan } from './hash-plan.ts';
import { BUCKET, type NodePool } from './node-pool.ts';
import type { PairHasher } from './pair-hasher.ts';

/** A bucket with more leaves splits: five or six are in one on average. No part of the commitment. */
const MAX_LEAVES = 8;
/** Bits in the key of a bucket's record. Deeper buckets do not split; nobody can grind that many bits. */
export const MAX_BUCKET_DEPTH = 64;
const PREFIX_BYTES = MAX_BUCKET_DEPTH / 8;

/** A changed record: first key hash of the bucket's range, cut to 8 bytes; undefined deletes. */
export interface BucketWrite {
  readonly prefix: Bytes;
  readonly depth: number;
  readonly node: number;
  /** Depth, root and leaves; the head of it is still to be written. */
  readonly record: Bytes | undefined;
}

/** What a block makes of the trie: new nodes beside the old ones. */
export interface TrieUpdate {
  readonly root: number;
  readonly created: readonly number[];
  /** Nodes of the version before that this one does without. */
  readonly superseded: readonly number[];
  /** Leaves of the superseded buckets. */
  readonly before: ReadonlyMap<number, Bytes>;
  readonly writes: readonly BucketWrite[];
  /** Changes of keys that were there before. */
  readonly existing: ReadonlySet<TrieChange>;
}

export interface TrieBase {
  readonly pool: NodePool;
  /** Over the pool. */
  readonly plan: HashPlan;
  readonly hasher: PairHasher;
  readonly root: number;
  /** Leaves of a bucket of this version. */
  leavesOf(node: number, prefix: Bytes): Bytes;
}

/** Applies a block's changes, in any order, without touching the version they stand on. */
export function updateTrie(base: TrieBase, changes: readonly TrieChange[]): TrieUpdate {
  const sorted = [...changes].sort((a, b) => Buffer.compare(a.keyHash, b.keyHash));
  const run = new UpdateRun(base, sorted);
  const root = run.descend(base.root, 0, 0, sorted.length);
  base.plan.run(base.hasher);
  const { created, superseded, before, writes, existing } = run;
  return { root, created, superseded, before, writes, existing };
}

class UpdateRun {
  readonly created: number[] = [];
  readonly superseded: number[] = [];
  readonly before = new Map<number, Bytes>();
  readonly writes: BucketWrite[] = [];
  readonly existing = new Set<TrieChange>();
  readonly #plan: HashPlan;
  readonly #memory = new BucketMemory();
  readonly #base: TrieBase;
  readonly #changes: readonly TrieChange[];

  constructor(base: TrieBase, changes: readonly TrieChange[]) {
    this.#base = base;
    this.#changes = changes;
    this.#plan = base.plan;
    base.plan.reset();
  }

  /** The node that stands where `node` stood, after changes `from` … `to`; itself when nothing changed. */
  descend(node: number, depth: number, from: number, to: number): number {
    if (from === to) return node;
    const { pool } = this.#base;
    const left = pool.left[node] as number;
    if (left === BUCKET) return this.#changeBucket(node, depth, from, to);
    const right = pool.right[node] as number;
    const middle = this.#split(depth, from, to);
    const newLeft = this.descend(left, depth + 1, from, middle);
    const newRight = this.descend(right, depth + 1, middle, to);
    if (newLeft === left && newRight === right) return node;
    this.superseded.push(node);
    return this.#inner(newLeft, newRight);
  }

  #split(depth: number, from: number, to: number): number {
    let middle = from;
    while (middle < to && bitAt((this.#changes[middle] as TrieChange).keyHash, depth) === 0) middle += 1;
    return middle;
  }

  #changeBucket(node: number, depth: number, from: number, to: number): number {
    const prefix = prefixOf((this.#changes[from] as TrieChange).keyHash, depth);
    const before = this.#base.leavesOf(node, prefix);
    const { existing } = this;
    const leaves = mergeLeaves(before, this.#changes, { from, to, existing, memory: this.#memory });
    if (leaves === before) return node;
    this.superseded.push(node);
    this.before.set(node, before);
    return this.#build(leaves, prefix, depth);
  }

  /** One bucket, or as many as the leaves need. */
  #build(leaves: Bytes, prefix: Bytes, depth: number): number {
    const count = leafCount(leaves);
    if (count <= MAX_LEAVES || depth >= MAX_BUCKET_DEPTH) return this.#bucket(leaves, prefix, depth);
    const middle = splitAt(leaves, 0, count, depth) * LEAF_BYTES;
    const left = this.#build(leaves.subarray(0, middle), prefix, depth + 1);
    // The left half keeps the room in front.
    const rest = this.#memory.take(leaves.length - middle);
    rest.set(leaves.subarray(middle));
    const right = this.#build(rest, rightOf(prefix, depth), depth + 1);
    return this.#inner(left, right);
  }

  #bucket(leaves: Bytes, prefix: Bytes, depth: number): number {
    const { pool } = this.#base;
    const count = leafCount(leaves);
    const node = this.#add(BUCKET, BUCKET, Math.min(2, count));
    if (count === 0) pool.setHash(node, EMPTY_HASH);
    else if (count === 1) pool.setHash(node, leafHashAt(leaves, 0));
    else {
      const middle = splitAt(leaves, 0, count, depth);
      const left = planSubtree(this.#plan, leaves, 0, middle, depth + 1);
      this.#plan.pairInto(node, left, planSubtree(this.#plan, leaves, middle, count, depth + 1));
    }
    this.writes.push({ prefix, depth, node, record: count === 0 ? undefined : recordAround(leaves) });
    return node;
  }

  #inner(left: number, right: number): number {
    const { pool } = this.#base;
    const leftWeight = pool.weight[left] as number;
    const rightWeight = pool.weight[right] as number;
    const weight = Math.min(2, leftWeight + rightWeight);
    const node = this.#add(left, right, weight);
    if (weight === 2) this.#plan.pairInto(node, left, right);
    else pool.setHash(node, pool.hashOf(leftWeight === 0 ? right : left));
    return node;
  }

  #add(left: number, right: number, weight: number): number {
    const node = this.#base.pool.add(left, right, weight);
    this.created.push(node);
    return node;
  }
}

const EMPTY_HASH = new Uint8Array(32);

/** The first `depth` bits of a key hash, then zeroes, 8 bytes: where a bucket's range begins. */
export function prefixOf(keyHash: Bytes, depth: number): Bytes {
  const prefix = new Uint8Array(PREFIX_BYTES);
  const whole = depth >> 3;
  prefix.set(keyHash.subarray(0, whole));
  const rest = depth & 7;
  if (rest > 0) prefix[whole] = (keyHash[whole] as number) & (0xff00 >> rest) & 0xff;
  return prefix;
}

/** Where the right half of the range begins that is `depth` bits deep. */
export function rightOf(prefix: Bytes, depth: number): Bytes {
  const right = prefix.slice();
  right[depth >> 3] = (right[depth >> 3] as number) | (0x80 >> (depth & 7));
  return right;
}
