import { type Bytes, type CborValue, concatBytes, encodeCbor, utf8 } from '@attestel/core';

/** SHA-256 of the caller's platform: state code brings none of its own. */
export type Sha256 = (data: Bytes) => Bytes;

const BLOCK_BYTES = 64;

/** SHA-256(tag ‖ CBOR(value)): one form for everything this module commits to. */
export const commitTo = (sha256: Sha256, tag: string, value: CborValue): Bytes =>
  sha256(concatBytes(utf8(tag), encodeCbor(value)));

/** HMAC-SHA-256 (RFC 2104) for a key of at most one block. */
export const hmac = (sha256: Sha256, key: Bytes, data: Bytes): Bytes =>
  sha256(keyed(key, 0x5c, sha256(keyed(key, 0x36, data))));

/** The key as a whole block, each byte xored, and what follows it. */
function keyed(key: Bytes, pad: number, data: Bytes): Bytes {
  const bytes = new Uint8Array(BLOCK_BYTES + data.length).fill(pad, 0, BLOCK_BYTES);
  for (let i = 0; i < key.length; i++) bytes[i] = pad ^ (key[i] as number);
  bytes.set(data, BLOCK_BYTES);
  return bytes;
}
