import { bitAt, EMPTY_TRIE, type TrieEnd, type TrieEntry, trieLeaf, trieNode, type TriePath, trieRoot } from '@attestel/proof';
import { hashOf, hex, sha256 } from './keys.ts';
import { absentKey, absentPath, ENTRIES, hashOfKey, keyOf, ownPath, STATE_ROOT, valueOf } from './small-ledger.ts';

const endOf = (end: TrieEnd) =>
  end.kind === 'own'
    ? { kind: end.kind, value: hex(end.value) }
    : end.kind === 'other'
      ? { kind: end.kind, keyHash: hex(end.keyHash), valueHash: hex(end.valueHash) }
      : end;

const one = (name: string, expect: string, key: string, path: TriePath, root = STATE_ROOT) => ({
  name,
  keyHash: hex(hashOfKey(key)),
  siblings: path.siblings.map((sibling) => sibling && hex(sibling)),
  end: endOf(path.end),
  root: hex(root),
  expect,
});

const OTHER = absentKey('other');
const EMPTY = absentKey('empty');
const own = ownPath(7);
const { siblings } = own;
const with7 = (name: string, expect: string, change: Partial<TriePath>) =>
  one(name, expect, keyOf(7), { ...own, ...change });
const turned = (hash: Uint8Array): Uint8Array => hash.with(0, (hash[0] ?? 0) ^ 1);

/** Two keys that part at the last bit: the longest path there is. */
const [left, right] = [hashOf('deep').with(31, 0x10), hashOf('deep').with(31, 0x11)];
const deepSiblings = [...Array<null>(255).fill(null), trieLeaf(sha256, right, hashOf('right'))];
const deepRoot = trieRoot(sha256, [[left, sha256(valueOf(1))], [right, hashOf('right')]]);
const deep = (name: string, expect: string, deepPath: readonly (Uint8Array | null)[]) => ({
  name,
  keyHash: hex(left),
  siblings: deepPath.map((sibling) => sibling && hex(sibling)),
  end: endOf({ kind: 'own', value: valueOf(1) }),
  root: hex(deepRoot),
  expect,
});
/** What a trie without leaf lifting would have above a lone leaf. */
const unlifted = (key: string, leaf: Uint8Array): Uint8Array =>
  bitAt(hashOfKey(key), 0) === 0 ? trieNode(sha256, leaf, EMPTY_TRIE) : trieNode(sha256, EMPTY_TRIE, leaf);
const lone = trieLeaf(sha256, hashOfKey(keyOf(7)), sha256(valueOf(7)));
const foreign = ownPath(8).end;
const otherLeaf = (i: number): TrieEnd => {
  const [keyHash, valueHash] = ENTRIES[i] as TrieEntry;
  return { kind: 'other', keyHash, valueHash };
};

export const TRIE_PATH_CASES = [
  ...[0, 7, 8, 39].map((i) => one(`entry ${i}`, 'accepted', keyOf(i), ownPath(i))),
  one('absent: another leaf in the slot', 'accepted', OTHER, absentPath(OTHER)),
  one('absent: an empty slot', 'accepted', EMPTY, absentPath(EMPTY)),
  one('absent from the empty trie', 'accepted', keyOf(7), { siblings: [], end: { kind: 'empty' } }, EMPTY_TRIE),
  one('a lone leaf is the root', 'accepted', keyOf(7), { siblings: [], end: own.end }, lone),
  one('absent beside a lone leaf', 'accepted', keyOf(8), { siblings: [], end: otherLeaf(7) }, lone),
  deep('a path of 256 siblings', 'accepted', deepSiblings),
  deep('a path of 257 siblings', 'path_malformed', [null, ...deepSiblings]),
  with7('another value', 'path_mismatch', { end: foreign }),
  with7('another root', 'path_mismatch', { siblings: siblings.with(0, hashOf('forged')) }),
  ...siblings.map((sibling, i) =>
    with7(`sibling ${i} changed`, 'path_mismatch', {
      siblings: siblings.with(i, sibling ? turned(sibling) : hashOf('forged')),
    }),
  ),
  // The fifth of the six siblings is empty, and the deepest one must not be.
  ...siblings.slice(1).map((sibling, i) =>
    with7(`siblings ${i} and ${i + 1} swapped`, i === 4 ? 'path_malformed' : 'path_mismatch', {
      siblings: siblings.with(i, sibling).with(i + 1, siblings[i] ?? null),
    }),
  ),
  ...siblings.map((_, i) =>
    with7(`sibling ${i} dropped`, i === 5 ? 'path_malformed' : 'path_mismatch', {
      siblings: siblings.toSpliced(i, 1),
    }),
  ),
  with7('a sibling more', 'path_mismatch', { siblings: [...siblings, hashOf('more')] }),
  with7('path of another entry', 'path_mismatch', { siblings: ownPath(8).siblings }),
  with7('present, but said to be an empty slot', 'path_mismatch', { end: { kind: 'empty' } }),
  with7('present, but said to be another leaf', 'path_foreign_leaf', { end: otherLeaf(7) }),
  with7('a leaf from elsewhere in the slot', 'path_foreign_leaf', { end: otherLeaf(8) }),
  one('absent, said to be present', 'path_mismatch', EMPTY, { ...absentPath(EMPTY), end: own.end }),
  one('an unlifted leaf', 'path_malformed', keyOf(7), { siblings: [null], end: own.end }, unlifted(keyOf(7), lone)),
  with7('an empty sibling written as zeroes', 'path_malformed', { siblings: siblings.with(0, EMPTY_TRIE) }),
  with7('a sibling of 31 bytes', 'path_malformed', { siblings: siblings.with(0, new Uint8Array(31)) }),
];

const rootCase = (name: string, count: number) => ({
  name,
  entries: ENTRIES.slice(0, count).map(([, valueHash], i) => ({ module: 'did', key: keyOf(i), valueHash: hex(valueHash) })),
  expect: 'accepted',
  result: { root: hex(trieRoot(sha256, ENTRIES.slice(0, count))) },
});

export const TRIE_ROOT_CASES = [0, 1, 2, 3, 8, 40].map((count) => rootCase(`${count} entries`, count));
