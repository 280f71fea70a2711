import { sameBytes } from '../bytes.ts';
import { ProofError } from '../errors.ts';
import { HASH_BYTES, type Sha256 } from '../hash.ts';
import { bitAt, EMPTY_TRIE, TRIE_DEPTH, trieLeaf, trieNodeHasher, valueHash } from './hashing.ts';

/** What stands at the end of a path. */
export type TrieEnd =
  /** The entry itself: the key has this value. */
  | { readonly kind: 'own'; readonly value: Uint8Array }
  /** The only leaf of the subtree is of another key: the key is absent. */
  | { readonly kind: 'other'; readonly keyHash: Uint8Array; readonly valueHash: Uint8Array }
  /** Nothing: the key is absent. */
  | { readonly kind: 'empty' };

export interface TriePath {
  /** Root side first; null = empty subtree. Their number is the depth of the end. */
  readonly siblings: readonly (Uint8Array | null)[];
  readonly end: TrieEnd;
}

/**
 * Checks that a path from the slot of `key` leads to `root`. Afterwards `path.end` says what the state
 * holds there.
 * @throws ProofError path_malformed, path_foreign_leaf (the other leaf is not in this slot), path_mismatch
 */
export function verifyTriePath(sha256: Sha256, key: Uint8Array, path: TriePath, root: Uint8Array): void {
  const { siblings, end } = path;
  assertShape(key, path, root);
  const hashPair = trieNodeHasher(sha256);
  let node = endNode(sha256, key, end, siblings.length);
  for (let depth = siblings.length - 1; depth >= 0; depth--) {
    const sibling = siblings[depth] ?? EMPTY_TRIE;
    node = bitAt(key, depth) === 0 ? hashPair(node, sibling) : hashPair(sibling, node);
  }
  if (!sameBytes(node, root)) throw new ProofError('path_mismatch', 'trie: path does not lead to the root');
}

function assertShape(key: Uint8Array, { siblings }: TriePath, root: Uint8Array): void {
  if (siblings.length > TRIE_DEPTH) throw malformed('path is longer than a key');
  assertHash(key);
  assertHash(root);
  for (const sibling of siblings) {
    if (sibling === null) continue;
    assertHash(sibling);
    // The first byte tells almost always.
    if (sibling[0] === 0 && sameBytes(sibling, EMPTY_TRIE)) {
      throw malformed('an empty sibling is null, not zeroes');
    }
  }
  // A subtree with one leaf is that leaf, and one with none is empty: neither is ever hashed with an
  // empty sibling.
  if (siblings.at(-1) === null) throw malformed('the deepest sibling must not be empty');
}

function assertHash(hash: Uint8Array): void {
  if (hash.length !== HASH_BYTES) throw malformed('a hash has 32 bytes');
}

function endNode(sha256: Sha256, key: Uint8Array, end: TrieEnd, depth: number): Uint8Array {
  if (end.kind === 'empty') return EMPTY_TRIE;
  if (end.kind === 'own') return trieLeaf(sha256, key, valueHash(sha256, end.value));
  if (end.keyHash.length !== HASH_BYTES || end.valueHash.length !== HASH_BYTES) {
    throw malformed('a hash has 32 bytes');
  }
  if (sameBytes(end.keyHash, key) || commonBits(end.keyHash, key) < depth) {
    throw new ProofError('path_foreign_leaf', 'trie: the other leaf does not stand in the slot of the key');
  }
  return trieLeaf(sha256, end.keyHash, end.valueHash);
}

/** Length of the common prefix of two key hashes, in bits. */
function commonBits(left: Uint8Array, right: Uint8Array): number {
  let bits = 0;
  while (bits < TRIE_DEPTH && bitAt(left, bits) === bitAt(right, bits)) bits += 1;
  return bits;
}

const malformed = (rule: string): ProofError => new ProofError('path_malformed', `trie: ${rule}`);
