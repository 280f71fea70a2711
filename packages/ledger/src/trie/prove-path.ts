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

function subtreeRoot(
  hasher: PairHasher,
  leaves: Bytes,
  from: number,
  to: number,
  depth: number,
): Bytes | null {
  if (from === to) return null;
  if (to - from === 1) return leafHashAt(leaves, from).slice();
  const middle = splitAt(leaves, from, to, depth);
  const pair = new Uint8Array(64);
  const left = subtreeRoot(hasher, leaves, from, middle, depth + 1);
  const right = subtreeRoot(hasher, leaves, middle, to, depth + 1);
  if (left) pair.set(left);
  if (right) pair.set(right, 32);
  const root = new Uint8Array(32);
  hasher.hashInto(pair, root);
  return root;
}
