import { describe, expect, it } from 'vitest';
import {
  consistencyProof,
  createFrontier,
  emptyRoot,
  hashLeaf,
  hashNode,
  inclusionProof,
  nodesOf,
  verifyConsistency,
  verifyInclusion,
} from '../../src/index.ts';
import { codeOf, flipped, hashOf, hex, sha256 } from '../sha256.ts';
import { naiveProofs } from './naive.ts';

const MAX = 130;
const leaves = Array.from({ length: MAX }, (_, i) => hashLeaf(sha256, Uint8Array.of(i)));
const nodeAt = nodesOf(sha256, leaves);
const naive = naiveProofs(leaves);
const rootAt = naive.root;
const leafAt = (index: number): Uint8Array => leaves[index] as Uint8Array;
const sizes = Array.from({ length: MAX }, (_, i) => i + 1);

/** Every sibling flipped, dropped, doubled, cut and swapped with the next one, and one more at the end. */
function mutations(path: readonly Uint8Array[], mismatch: string): [Uint8Array[], string][] {
  const ofEach = path.flatMap((hash, i): [Uint8Array[], string][] => [
    [path.with(i, flipped(hash, i % 32, i % 8)), mismatch],
    [path.toSpliced(i, 1), 'path_truncated'],
    [path.toSpliced(i, 0, hash), 'path_excess'],
    [path.with(i, hash.slice(1)), 'hash_malformed'],
  ]);
  const swaps = path
    .slice(1)
    .map((next, i): [Uint8Array[], string] => [
      path.with(i, next).with(i + 1, path[i] as Uint8Array),
      mismatch,
    ]);
  return [...ofEach, ...swaps, [[...path, hashOf('more')], 'path_excess']];
}

describe('inclusion proofs (RFC 6962 §2.1.1, RFC 9162 §2.1.3)', () => {
  it('match the recursive definition and verify for every leaf of every size up to 130', () => {
    for (const size of sizes) {
      for (let index = 0; index < size; index++) {
        const path = inclusionProof(sha256, nodeAt, index, size);
        expect(path.map(hex)).toEqual(naive.inclusion(index, size).map(hex));
        verifyInclusion(sha256, { leafHash: leafAt(index), index, size, path, root: rootAt(size) });
      }
    }
  });

  it.each([1, 2, 3, 5, 7, 8, 13, 33])('refuse every mutation at size %i with its own code', async (size) => {
    for (let index = 0; index < size; index++) {
      const path = inclusionProof(sha256, nodeAt, index, size);
      const claim = { leafHash: leafAt(index), index, size, path, root: rootAt(size) };
      const code = (change: Partial<typeof claim>) =>
        codeOf(() => verifyInclusion(sha256, { ...claim, ...change }));
      expect(await code({ leafHash: flipped(leafAt(index), 3) })).toBe('inclusion_mismatch');
      expect(await code({ root: flipped(rootAt(size), 31) })).toBe('inclusion_mismatch');
      for (const [mutated, expected] of mutations(path, 'inclusion_mismatch')) {
        expect(await code({ path: mutated })).toBe(expected);
      }
      for (const other of sizes.slice(0, size - 1).map((step) => (index + step) % size)) {
        expect(await code({ index: other })).not.toBe('accepted');
      }
    }
  });

  it.each([
    ['an index at the size', 4, 4],
    ['a negative index', -1, 4],
    ['a fraction', 0.5, 4],
    ['an empty tree', 0, 0],
    ['a size beyond exact numbers', 0, 2 ** 53],
  ])('refuse %s', async (_, index, size) => {
    const claim = { leafHash: leafAt(0), index, size, path: [], root: leafAt(0) };
    expect(await codeOf(() => verifyInclusion(sha256, claim))).toBe('index_out_of_range');
    expect(() => inclusionProof(sha256, nodeAt, index, size)).toThrow(RangeError);
  });

  it('do not take an inner node for a leaf', async () => {
    const path = inclusionProof(sha256, nodeAt, 0, 4);
    const inner = hashNode(sha256, leafAt(0), leafAt(1));
    const claim = { leafHash: inner, index: 0, size: 4, path: path.slice(1), root: rootAt(4) };
    expect(await codeOf(() => verifyInclusion(sha256, claim))).toBe('path_truncated');
  });
});

describe('consistency proofs (RFC 6962 §2.1.2, RFC 9162 §2.1.4)', () => {
  it('match the recursive definition and verify between all sizes up to 130', () => {
    for (const to of sizes) {
      for (let from = 0; from <= to; from++) {
        const path = consistencyProof(sha256, nodeAt, from, to);
        if (from > 0) {
          expect(path.map(hex)).toEqual(naive.consistency(from, to).map(hex));
        }
        verifyConsistency(sha256, { from, to, fromRoot: rootAt(from), toRoot: rootAt(to), path });
      }
    }
  });

  it.each([2, 3, 7, 8, 13, 33])('refuse every mutation at size %i with its own code', async (to) => {
    for (let from = 1; from < to; from++) {
      const path = consistencyProof(sha256, nodeAt, from, to);
      const claim = { from, to, fromRoot: rootAt(from), toRoot: rootAt(to), path };
      const code = (change: Partial<typeof claim>) =>
        codeOf(() => verifyConsistency(sha256, { ...claim, ...change }));
      expect(await code({ fromRoot: flipped(rootAt(from), 0) })).toBe('consistency_mismatch');
      expect(await code({ toRoot: flipped(rootAt(to), 0) })).toBe('consistency_mismatch');
      expect(await code({ path: [] })).toBe('path_truncated');
      for (const [mutated, expected] of mutations(path, 'consistency_mismatch')) {
        expect(await code({ path: mutated })).toBe(expected);
      }
      for (const other of sizes.slice(0, to - 1).filter((size) => size !== from)) {
        expect(await code({ from: other })).not.toBe('accepted');
      }
    }
  });

  it('prove nothing, and take nothing else, from the empty tree and between equal sizes', async () => {
    const same = { from: 5, to: 5, fromRoot: rootAt(5), toRoot: rootAt(5), path: [] };
    const grown = { ...same, from: 0, fromRoot: emptyRoot(sha256) };
    const code = (claim: typeof same) => codeOf(() => verifyConsistency(sha256, claim));
    expect(await code(same)).toBe('accepted');
    expect(await code(grown)).toBe('accepted');
    expect(await code({ ...same, path: [leafAt(0)] as never[] })).toBe('path_excess');
    expect(await code({ ...grown, path: [leafAt(0)] as never[] })).toBe('path_excess');
    expect(await code({ ...same, fromRoot: rootAt(4) })).toBe('consistency_mismatch');
    expect(await code({ ...grown, fromRoot: rootAt(1) })).toBe('consistency_mismatch');
    const empty = { ...grown, to: 0, toRoot: emptyRoot(sha256) };
    expect(await code(empty)).toBe('accepted');
    expect(await code({ ...empty, fromRoot: rootAt(1), toRoot: rootAt(1) })).toBe('consistency_mismatch');
  });

  it.each([
    ['a shrinking log', 5, 4],
    ['a negative size', -1, 4],
    ['a fraction', 1.5, 4],
    ['a size beyond exact numbers', 1, 2 ** 53],
  ])('refuse %s', async (_, from, to) => {
    const claim = { from, to, fromRoot: rootAt(1), toRoot: rootAt(4), path: [] };
    expect(await codeOf(() => verifyConsistency(sha256, claim))).toBe('size_out_of_range');
    expect(() => consistencyProof(sha256, nodeAt, from, to)).toThrow(RangeError);
  });
});

describe('sizes beyond 2^32', () => {
  // A log of equal leaves: each complete subtree of a level is the same, so that any size can be served.
  const level: Uint8Array[] = [leafAt(0)];
  for (let i = 1; i < 54; i++) {
    const below = level[i - 1] as Uint8Array;
    level.push(hashNode(sha256, below, below));
  }
  const asked: [number, number][] = [];
  const uniform = (at: number, index: number): Uint8Array => {
    asked.push([at, index]);
    return level[at] as Uint8Array;
  };
  const rootOf = (size: number): Uint8Array => {
    const hashes: Uint8Array[] = [];
    for (let i = 53; i >= 0; i--)
      if (Math.floor(size / 2 ** i) % 2 === 1) hashes.push(level[i] as Uint8Array);
    return createFrontier(sha256, { size, hashes }).root();
  };

  it.each([2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 40 + 12345, 2 ** 53 - 1])('%i is exact', async (size) => {
    const root = rootOf(size);
    for (const index of [0, 1, 2 ** 31, 2 ** 32 - 2, Math.floor(size / 3), size - 2, size - 1]) {
      const path = inclusionProof(sha256, uniform, index, size);
      verifyInclusion(sha256, { leafHash: leafAt(0), index, size, path, root });
    }
    for (const from of [1, 3, 2 ** 31 + 1, 2 ** 32 - 2, Math.floor(size / 3), size - 1]) {
      const path = consistencyProof(sha256, uniform, from, size);
      verifyConsistency(sha256, { from, to: size, fromRoot: rootOf(from), toRoot: root, path });
      const wrong = { from: from + 1, to: size, fromRoot: rootOf(from), toRoot: root, path };
      expect(await codeOf(() => verifyConsistency(sha256, wrong))).not.toBe('accepted');
    }
    for (const [at, index] of asked) expect((index + 1) * 2 ** at).toBeLessThanOrEqual(size);
    asked.length = 0;
  });
});

it('a missing subtree of an in-memory log is an error, not a hash', () => {
  expect(() => nodesOf(sha256, leaves.slice(0, 3))(1, 1)).toThrow(RangeError);
});
