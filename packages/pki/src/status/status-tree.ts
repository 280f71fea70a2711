import { type Bytes, concatBytes, utf8 } from '@attestel/core';
import type { Sha256 } from '../rules/hashes.ts';
import type { StatusBits } from './status-set.ts';

/**
 * Hash tree over the bits of all certificates, by index, most significant bit first: level 0 is tiles of 4096 bits, each
 * node above has 64 children, three levels of them. Zero bytes at the end of a tile, and children without bits at the end
 * of a node, are left out; what is empty then has 32 zero bytes for a hash. So new certificates, which are good, change nothing.
 */
export const TILE_BITS = 4096;
export const FAN_OUT = 64;
export const TOP_LEVEL = 3;
/** How many certificates it can be about. */
export const TREE_BITS = TILE_BITS * FAN_OUT ** TOP_LEVEL;

const TAG = utf8('attestel/pki/status-tree/v1\n');
const HASH_BYTES = 32;
export const EMPTY_HASH: Bytes = new Uint8Array(HASH_BYTES);

/** Without the zero bytes at its end. */
export function trimmed(bytes: Bytes): Bytes {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.slice(0, end);
}

/** Hashes of children, without the empty ones at its end. */
export function nodeOf(children: readonly Bytes[]): Bytes {
  const used = children.findLastIndex((hash) => hash.some((byte) => byte !== 0)) + 1;
  return concatBytes(...children.slice(0, used));
}

/** @param content of a tile (level 0) or of a node, trimmed */
export const hashContent = (level: number, content: Bytes, sha256: Sha256): Bytes =>
  content.length === 0 ? EMPTY_HASH : sha256(concatBytes(TAG, Uint8Array.of(level), content));

/** Children of a node as it is kept, all 64 of them. */
export const childrenOf = (content: Bytes): Bytes[] =>
  Array.from({ length: FAN_OUT }, (_, i) =>
    i * HASH_BYTES < content.length ? content.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES) : EMPTY_HASH,
  );

/** The root that the ledger has for these bits: whoever holds the whole set can compare. */
export function statusRootOf({ bytes }: Pick<StatusBits, 'bytes'>, sha256: Sha256): Bytes {
  let hashes: Bytes[] = [];
  const tileBytes = TILE_BITS / 8;
  for (let at = 0; at < bytes.length; at += tileBytes) {
    hashes.push(hashContent(0, trimmed(bytes.subarray(at, at + tileBytes)), sha256));
  }
  for (let level = 1; level <= TOP_LEVEL; level++) {
    const nodes: Bytes[] = [];
    for (let at = 0; at < hashes.length; at += FAN_OUT) {
      nodes.push(hashContent(level, nodeOf(hashes.slice(at, at + FAN_OUT)), sha256));
    }
    hashes = nodes;
  }
  return hashes[0] ?? EMPTY_HASH;
}
