import { sameBytes } from '../bytes.ts';
import { HASH_BYTES, type Sha256 } from '../hash.ts';
import { bitAt, EMPTY_TRIE, trieLeaf, trieNode, valueHash } from './hashing.ts';
import type { TriePath } from './trie-path.ts';

/** Key hash and value hash of one entry. */
export type TrieEntry = readonly [keyHash: Uint8Array, valueHash: Uint8Array];

/**
 * Root of a whole trie, word for word as it is defined; the order of the entries does not matter. The slow
 * definition that a stored trie is checked against.
 * @throws TypeError when a hash has not 32 bytes or a key stands twice
 */
export function trieRoot(sha256: Sha256, entries: Iterable<TrieEntry>): Uint8Array {
  return subtreeRoot(sha256, checked(entries), 0);
}

/**
 * Path of a key, present or absent, from the same definition. `value` is what the key holds, for a path that
 * ends in it.
 * @throws TypeError as {@link trieRoot}, or when `value` is not what the entries say
 */
export function triePath(
  sha256: Sha256,
  entries: Iterable<TrieEntry>,
  key: Uint8Array,
  value?: Uint8Array,
): TriePath {
  const siblings: (Uint8Array | null)[] = [];
  let slot = checked(entries);
  for (let depth = 0; slot.length > 1; depth++) {
    const bit = bitAt(key, depth);
    const rest = slot.filter((entry) => bitAt(entry[0], depth) !== bit);
    siblings.push(rest.length === 0 ? null : subtreeRoot(sha256, rest, depth + 1));
    slot = slot.filter((entry) => bitAt(entry[0], depth) === bit);
  }
  const [leaf] = slot;
  if (leaf === undefined) return { siblings, end: { kind: 'empty' } };
  const [leafKey, leafValue] = leaf;
  if (!sameBytes(leafKey, key)) {
    return { siblings, end: { kind: 'other', keyHash: leafKey, valueHash: leafValue } };
  }
  if (value === undefined || !sameBytes(valueHash(sha256, value), leafValue)) {
    throw new TypeError('trie: value is not the one of the key');
  }
  return { siblings, end: { kind: 'own', value } };
}

function subtreeRoot(sha256: Sha256, entries: readonly TrieEntry[], depth: number): Uint8Array {
  const [first] = entries;
  if (first === undefined) return EMPTY_TRIE;
  if (entries.length === 1) return trieLeaf(sha256, ...first);
  const left = entries.filter(([key]) => bitAt(key, depth) === 0);
  const right = entries.filter(([key]) => bitAt(key, depth) === 1);
  return trieNode(sha256, subtreeRoot(sha256, left, depth + 1), subtreeRoot(sha256, right, depth + 1));
}

function checked(entries: Iterable<TrieEntry>): TrieEntry[] {
  const list = [...entries];
  const seen = new Set<string>();
  for (const [key, value] of list) {
    if (key.length !== HASH_BYTES || value.length !== HASH_BYTES)
      throw new TypeError('trie: a hash has 32 bytes');
    seen.add(key.join());
  }
  if (seen.size !== list.length) throw new TypeError('trie: a key stands twice');
  return list;
}
