import { consistencyProof, hashNode } from '@attestel/proof';
import { hashOf, hex, sha256 } from './keys.ts';
import { LEAF_HASHES, nodeAt, pathOf, rootOf } from './small-ledger.ts';

const leafAt = (i: number): Uint8Array => LEAF_HASHES[i] as Uint8Array;
const turned = (hash: Uint8Array): Uint8Array => hash.with(31, (hash[31] ?? 0) ^ 1);
const swapped = <T>(list: readonly T[], i: number): T[] => list.with(i, list[i + 1] as T).with(i + 1, list[i] as T);

interface Inclusion {
  leafHash: Uint8Array;
  index: number;
  size: number;
  path: Uint8Array[];
  root: Uint8Array;
}

const inclusion = (name: string, expect: string, index: number, size: number, change: Partial<Inclusion> = {}) => {
  const claim = { leafHash: leafAt(index), index, size, path: pathOf(index, size), root: rootOf(size), ...change };
  return {
    name,
    leafHash: hex(claim.leafHash),
    index: claim.index,
    size: claim.size,
    path: claim.path.map(hex),
    root: hex(claim.root),
    expect,
  };
};

const path = pathOf(6, 21);

/** Each level of a tree of equal leaves is one hash, so that proofs of any size can be written down. */
const uniform: Uint8Array[] = [leafAt(0)];
for (let i = 1; i < 54; i++) uniform.push(hashNode(sha256, uniform[i - 1] as Uint8Array, uniform[i - 1] as Uint8Array));
const LARGE = 2 ** 40;
const large = {
  leafHash: leafAt(0),
  index: 2 ** 33 + 5,
  size: LARGE,
  path: uniform.slice(0, 40),
  root: uniform[40] as Uint8Array,
};

export const INCLUSION_CASES = [
  ...[1, 2, 3, 7, 8, 20, 21].flatMap((size) =>
    [...new Set([0, size >> 1, size - 1])].map((index) =>
      inclusion(`leaf ${index} of ${size}`, 'accepted', index, size),
    ),
  ),
  inclusion('leaf 2^33 + 5 of 2^40', 'accepted', 0, 1, large),
  inclusion('another leaf', 'inclusion_mismatch', 6, 21, { leafHash: leafAt(7) }),
  inclusion('another root', 'inclusion_mismatch', 6, 21, { root: rootOf(20) }),
  inclusion('another index', 'inclusion_mismatch', 6, 21, { index: 7 }),
  ...path.map((hash, i) =>
    inclusion(`sibling ${i} changed`, 'inclusion_mismatch', 6, 21, { path: path.with(i, turned(hash)) }),
  ),
  ...path.slice(1).map((_, i) =>
    inclusion(`siblings ${i} and ${i + 1} swapped`, 'inclusion_mismatch', 6, 21, { path: swapped(path, i) }),
  ),
  ...path.map((_, i) =>
    inclusion(`sibling ${i} dropped`, 'path_truncated', 6, 21, { path: path.toSpliced(i, 1) }),
  ),
  inclusion('no siblings', 'path_truncated', 6, 21, { path: [] }),
  inclusion('a sibling more', 'path_excess', 6, 21, { path: [...path, hashOf('more')] }),
  inclusion('a sibling for the only leaf', 'path_excess', 0, 1, { path: [hashOf('more')] }),
  inclusion('index equal to the size', 'index_out_of_range', 6, 21, { index: 21 }),
  inclusion('index equal to the size, and a root of 31 bytes', 'index_out_of_range', 6, 21, {
    index: 21,
    root: new Uint8Array(31),
  }),
  inclusion('no siblings, and a root of 31 bytes', 'hash_malformed', 6, 21, { path: [], root: new Uint8Array(31) }),
  inclusion('an empty log', 'index_out_of_range', 0, 1, { size: 0 }),
  inclusion('a sibling of 31 bytes', 'hash_malformed', 6, 21, { path: path.with(0, new Uint8Array(31)) }),
];

interface Consistency {
  from: number;
  to: number;
  fromRoot: Uint8Array;
  toRoot: Uint8Array;
  path: Uint8Array[];
}

const consistency = (name: string, expect: string, from: number, to: number, change: Partial<Consistency> = {}) => {
  const proof = consistencyProof(sha256, nodeAt, from, to);
  const claim = { from, to, fromRoot: rootOf(from), toRoot: rootOf(to), path: proof, ...change };
  return {
    name,
    from: claim.from,
    to: claim.to,
    fromRoot: hex(claim.fromRoot),
    toRoot: hex(claim.toRoot),
    path: claim.path.map(hex),
    expect,
  };
};

const grown = consistencyProof(sha256, nodeAt, 6, 21);
const bit = (n: number): Uint8Array => uniform[n] as Uint8Array;

export const CONSISTENCY_CASES = [
  ...[2, 3, 7, 8, 20, 21].flatMap((to) =>
    [...new Set([1, to >> 1, to - 1])].map((from) => consistency(`${from} to ${to}`, 'accepted', from, to)),
  ),
  consistency('equal sizes', 'accepted', 21, 21),
  consistency('from the empty log', 'accepted', 0, 21),
  consistency('empty to empty', 'accepted', 0, 0),
  consistency('2^39 to 2^40', 'accepted', 1, 2, {
    from: LARGE / 2,
    to: LARGE,
    fromRoot: bit(39),
    toRoot: bit(40),
    path: [bit(39)],
  }),
  consistency('a rewritten older log', 'consistency_mismatch', 6, 21, { fromRoot: hashOf('rewritten') }),
  consistency('a rewritten newer log', 'consistency_mismatch', 6, 21, { toRoot: hashOf('rewritten') }),
  consistency('an older size that needs another path', 'path_truncated', 6, 21, { from: 5 }),
  ...grown.map((hash, i) =>
    consistency(`hash ${i} changed`, 'consistency_mismatch', 6, 21, { path: grown.with(i, turned(hash)) }),
  ),
  ...grown.slice(1).map((_, i) =>
    consistency(`hashes ${i} and ${i + 1} swapped`, 'consistency_mismatch', 6, 21, { path: swapped(grown, i) }),
  ),
  ...grown.map((_, i) =>
    consistency(`hash ${i} dropped`, 'path_truncated', 6, 21, { path: grown.toSpliced(i, 1) }),
  ),
  consistency('no hashes', 'path_truncated', 6, 21, { path: [] }),
  consistency('a hash more', 'path_excess', 6, 21, { path: [...grown, hashOf('more')] }),
  consistency('a hash between equal sizes', 'path_excess', 21, 21, { path: [hashOf('more')] }),
  consistency('a hash from the empty log', 'path_excess', 0, 21, { path: [hashOf('more')] }),
  consistency('equal sizes, other roots', 'consistency_mismatch', 21, 21, { fromRoot: rootOf(20) }),
  consistency('an empty log with a root', 'consistency_mismatch', 0, 21, { fromRoot: rootOf(1) }),
  consistency('a shrinking log', 'size_out_of_range', 6, 6, { from: 21, fromRoot: rootOf(21) }),
  consistency('a hash of 33 bytes', 'hash_malformed', 6, 21, { path: grown.with(0, new Uint8Array(33)) }),
];

