import { type Bytes, equalBytes } from '@attestel/core';
import { bitAt } from '@attestel/proof';
import { keyHashAt, leafCount, leafHashAt, splitAt, valueHashAt } from './bucket.ts';
import { BUCKET, type NodePool } from './node-pool.ts';
import type { PairHasher } from './pair-hasher.ts';
import { prefixOf, rightOf } from './trie-update.ts';

/** A path without the value that it may end in: the trie knows hashes only. */
export interface ProvenPath {
  /** Root side first; null = empty. */
  readonly siblings: readonly (Bytes | null)[];
  readonly end:
    | { readonly kind: 'own' }
    | { readonly kind: 'other'; readonly keyHash: Bytes; readonly valueHash: Bytes }
    | { readonly kind: 'empty' };
}

export interface ProvenVersion {
  readonly pool: NodePool;
  readonly hasher: PairHasher;
  readonly root: number;
  leavesOf(node: number, prefix: Bytes): Bytes;
}

/** Path from the root of a version to the slot of a key. */
export function provePath(version: ProvenVersion, keyHash: Bytes): ProvenPath {
  const { pool } = version;
  const siblings: (Bytes | null)[] = [];
  let node = version.root;
  let depth = 0;
  while (pool.weight[node] === 2 && pool.left[node] !== BUCKET) {
    const goRight = bitAt(keyHash, depth) === 1;
    const sibling = (goRight ? pool.left[node] : pool.right[node]) as number;
    siblings.push(pool.weight[sibling] === 0 ? null : pool.hashOf(sibling));
    node = (goRight ? pool.right[node] : pool.left[node]) as number;
    depth += 1;
  }
  const leaves = leavesBelow(version, node, prefixOf(keyHash, depth), depth);
  return { siblings, end: endInBucket(version.hasher, leaves, { keyHash, depth, siblings }) };
}

/** Leaves of a bucket, or the one leaf of a subtree whose other buckets are empty. */
function leavesBelow({ pool, leavesOf }: ProvenVersion, from: number, start: Bytes, at: number): Bytes {
  let node = from;
  let prefix = start;
  for (let depth = at; pool.left[node] !== BUCKET; depth++) {
    const left = pool.left[node] as number;
    if (pool.weight[left] !== 0) node = left;
    else {
      node = pool.right[node] as number;
      prefix = rightOf(prefix, depth);
    }
  }
  return pool.weight[node] === 0 ? new Uint8Array() : leavesOf(node, prefix);
}

interface Walk {
  readonly keyHash: Bytes;
  readonly depth: number;
  readonly siblings: (Bytes | null)[];
}

function endInBucket(hasher: PairHasher, leaves: Bytes, walk: Walk): ProvenPath['end'] {
  const { keyHash, siblings } = walk;
  let from = 0;
  let to = leafCount(leaves);
  for (let depth = walk.depth; to - from > 1; depth++) {
    const middle = splitAt(leaves, from, to, depth);
    if (bitAt(keyHash, depth) === 0) {
      siblings.push(subtreeRoot(hasher, leaves, middle, to, depth + 1));
      to = middle;
    } else {
      siblings.push(subtreeRoot(hasher, leaves, from, middle, depth + 1));
      from = middle;
    }
  }
  if (from === to) return { kind: 'empty' };
  const found = keyHashAt(leaves, from);
  if (equalBytes(found, keyHash)) return { kind: 'own' };
  return { kind: 'other', keyHash: found.slice(), valueHash: valueHashAt(leaves, from).slice() };
}

/** Copy of the root of leaves `from` … `to`; null where there are none. */
function subtreeRoot(
  hasher: PairHasher,
  leaves: Bytes,
  from: number,
  to: number,
  depth: number,
): Bytes | null {
  if (from === to) return null;
  const root = new Uint8Array(HASH_BYTES);
  rootInto(root, 0, { hasher, leaves, from, to, depth, level: 0 });
  return root;
}

interface Subtree {
  readonly hasher: PairHasher;
  readonly leaves: Bytes;
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  /** Of recursion. */
  readonly level: number;
}

function rootInto(target: Bytes, at: number, subtree: Subtree): void {
  const { hasher, leaves, from, to, depth, level } = subtree;
  if (to - from < 2) {
    const leaf = from === to ? NOTHING : leafHashAt(leaves, from);
    for (let i = 0; i < HASH_BYTES; i++) target[at + i] = leaf[i] as number;
    return;
  }
  const middle = splitAt(leaves, from, to, depth);
  const below = { hasher, leaves, depth: depth + 1, level: level + 1 };
  const { pair, hash } = scratchAt(level);
  rootInto(pair, 0, { ...below, from, to: middle });
  rootInto(pair, HASH_BYTES, { ...below, from: middle, to });
  hasher.hashInto(pair, hash);
  for (let i = 0; i < HASH_BYTES; i++) target[at + i] = hash[i] as number;
}

const HASH_BYTES = 32;
const NOTHING = new Uint8Array(HASH_BYTES);

/**
 * A pair and its hash for each level of recursion, in memory of their own: small arrays stand in V8's heap, and handing
 * one to native code moves it out, which costs more than many hashes.
 */
const scratch: { readonly pair: Bytes; readonly hash: Bytes }[] = [];

function scratchAt(level: number) {
  const known = scratch[level];
  if (known) return known;
  const [pair, hash] = [
    new Uint8Array(new ArrayBuffer(2 * HASH_BYTES)),
    new Uint8Array(new ArrayBuffer(HASH_BYTES)),
  ];
  const made = { pair, hash };
  scratch[level] = made;
  return made;
}
