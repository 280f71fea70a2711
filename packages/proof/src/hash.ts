/**
 * SHA-256 of some bytes: node:crypto, a pure JavaScript library, or whatever the caller trusts. Gives a new
 * array and keeps neither.
 */
export type Sha256 = (data: Uint8Array) => Uint8Array;

export const HASH_BYTES = 32;

// RFC 6962 §2.1: a leaf and an inner node can never have the same preimage.
const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

/** Hash of the empty tree (RFC 6962 §2.1). */
export const emptyRoot = (sha256: Sha256): Uint8Array => sha256(new Uint8Array());

/** `SHA-256(0x00 ‖ leaf)` (RFC 6962 §2.1). */
export function hashLeaf(sha256: Sha256, leaf: Uint8Array): Uint8Array {
  const preimage = new Uint8Array(1 + leaf.length);
  preimage[0] = LEAF_PREFIX;
  preimage.set(leaf, 1);
  return sha256(preimage);
}

/** `SHA-256(0x01 ‖ left ‖ right)` (RFC 6962 §2.1). */
export const hashNode = (sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array =>
  nodeHasher(sha256)(left, right);

/**
 * {@link hashNode} for a run of 32-byte hashes: one preimage buffer instead of one per node, which halves
 * the time of a path where SHA-256 is native code. The port must not keep what it is given.
 */
export function nodeHasher(sha256: Sha256): (left: Uint8Array, right: Uint8Array) => Uint8Array {
  const preimage = new Uint8Array(1 + 2 * HASH_BYTES);
  preimage[0] = NODE_PREFIX;
  return (left, right) => {
    preimage.set(left, 1);
    preimage.set(right, 1 + HASH_BYTES);
    return sha256(preimage);
  };
}
