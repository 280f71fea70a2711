import { HASH_BYTES, type Sha256 } from '../hash.ts';

/** Value of a trie without leaves, and of every empty slot in one. No SHA-256 output, so never mistaken. */
export const EMPTY_TRIE: Uint8Array = new Uint8Array(HASH_BYTES);

/** Bits of a key hash: the longest possible path. */
export const TRIE_DEPTH = HASH_BYTES * 8;

const LEAF_PREFIX = 0x00;
const encoder = new TextEncoder();

/**
 * Where a state entry stands: `SHA-256(module ‖ 0x00 ‖ key)`, both UTF-8.
 * @throws TypeError when the module is empty or holds U+0000, or one of them is not well-formed text
 */
export function keyHash(sha256: Sha256, module: string, key: string): Uint8Array {
  if (module === '' || module.includes('\0')) throw new TypeError('trie: bad module name');
  if (!module.isWellFormed() || !key.isWellFormed()) throw new TypeError('trie: text is not well-formed');
  return sha256(encoder.encode(`${module}\0${key}`));
}

/** SHA-256 of the stored bytes of a value. */
export const valueHash = (sha256: Sha256, value: Uint8Array): Uint8Array => sha256(value);

/** `SHA-256(0x00 ‖ key hash ‖ value hash)`: 65 bytes go in, where an inner node has 64. */
export function trieLeaf(sha256: Sha256, key: Uint8Array, value: Uint8Array): Uint8Array {
  const preimage = new Uint8Array(1 + 2 * HASH_BYTES);
  preimage[0] = LEAF_PREFIX;
  preimage.set(key, 1);
  preimage.set(value, 1 + HASH_BYTES);
  return sha256(preimage);
}

/** `SHA-256(left ‖ right)` of a subtree with two leaves or more. */
export const trieNode = (sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array =>
  trieNodeHasher(sha256)(left, right);

/** Bit of a key hash at a depth, counted from the most significant bit of its first byte. 1 = right. */
export function bitAt(key: Uint8Array, depth: number): 0 | 1 {
  const byte = key[depth >> 3] ?? 0;
  return ((byte >> (7 - (depth & 7))) & 1) as 0 | 1;
}

/** {@link trieNode} with one preimage buffer for a whole path. */
export function trieNodeHasher(sha256: Sha256): (left: Uint8Array, right: Uint8Array) => Uint8Array {
  const preimage = new Uint8Array(2 * HASH_BYTES);
  return (left, right) => {
    // Faster than two calls of `set` for so few bytes.
    for (let i = 0; i < HASH_BYTES; i++) {
      preimage[i] = left[i] as number;
      preimage[HASH_BYTES + i] = right[i] as number;
    }
    return sha256(preimage);
  };
}
