import { type Bytes, type CborValue, concatBytes, encodeCbor, utf8 } from '@attestel/core';

/** SHA-256 of the caller's platform: state code brings none of its own. */
export type Sha256 = (data: Bytes) => Bytes;

const BLOCK_BYTES = 64;

/** SHA-256(tag ‖ CBOR(value)): one form for everything this module commits to. */
export const commitTo = (sha256: Sha256, tag: string, value: CborValue): Bytes =>
  sha256(concatBytes(utf8(tag), encodeCbor(value)));

/** HMAC-SHA-256 (RFC 2104) for a key of at most one block. */
export function hmac(sha256: Sha256, key: Bytes, data: Bytes): Bytes {
  const inner = new Uint8Array(BLOCK_BYTES).fill(0x36);
  const outer = new Uint8Array(BLOCK_BYTES).fill(0x5c);
  key.forEach((byte, i) => {
    inner[i] = (inner[i] as number) ^ byte;
    outer[i] = (outer[i] as number) ^ byte;
  });
  return sha256(concatBytes(outer, sha256(concatBytes(inner, data))));
}
