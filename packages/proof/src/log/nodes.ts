import { hashNode, type Sha256 } from '../hash.ts';

/**
 * Hash of the complete subtree over the leaves `[index · 2^level, (index + 1) · 2^level)`: what a log
 * stores or serves as tiles. Only asked for subtrees that are complete at the size in question.
 */
export type NodeAt = (level: number, index: number) => Uint8Array;

/** All complete subtrees over some leaf hashes, in memory: for tests, tools and small logs. */
export function nodesOf(sha256: Sha256, leafHashes: readonly Uint8Array[]): NodeAt {
  const levels = [leafHashes];
  for (let below = leafHashes; below.length > 1; ) {
    const above: Uint8Array[] = [];
    for (let i = 0; i + 1 < below.length; i += 2) {
      above.push(hashNode(sha256, below[i] as Uint8Array, below[i + 1] as Uint8Array));
    }
    levels.push(above);
    below = above;
  }
  return (level, index) => {
    const node = levels[level]?.[index];
    if (node === undefined) throw new RangeError('log: no complete subtree there');
    return node;
  };
}

/** A power of two and its exponent. Numbers instead of bit operators: sizes may pass 2^32. */
export interface Split {
  readonly leaves: number;
  readonly level: number;
}

/** The largest power of two smaller than `count` (RFC 6962 §2.1); `count` ≥ 2. */
export function splitBelow(count: number): Split {
  let leaves = 1;
  let level = 0;
  for (; leaves * 2 < count; leaves *= 2) level += 1;
  return { leaves, level };
}

/** Root over `[from, to)` of a tree, where `from` is a multiple of the power of two at or above the length. */
export function rangeRoot(sha256: Sha256, nodeAt: NodeAt, from: number, to: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let start = from; start < to; ) {
    const { leaves, level } = splitBelow(to - start + 1); // the largest one that fits
    parts.push(nodeAt(level, start / leaves));
    start += leaves;
  }
  return parts.reduceRight((right, left) => hashNode(sha256, left, right));
}

/** @throws RangeError unless both are exact whole numbers with 0 ≤ low ≤ high */
export function assertOrdered(low: number, high: number): void {
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || low < 0 || low > high) {
    throw new RangeError('log: index or size out of range');
  }
}
