import { type Bytes, type CborValue, encodeCbor, utf8 } from '@attestel/core';

/** SHA-256 of the caller's platform: state code brings none of its own. */
export type Sha256 = (data: Bytes) => Bytes;

/** SHA-256(tag ‖ CBOR(value)): one form for everything this module commits to. */
export function commitTo(sha256: Sha256, tag: string, value: CborValue): Bytes {
  const [head, body] = [utf8(tag), encodeCbor(value)];
  const bytes = roomFor(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return sha256(bytes);
}

const BLOCK_BYTES = 64;

/** HMAC-SHA-256 (RFC 2104) for a key of at most one block. */
export const hmac = (sha256: Sha256, key: Bytes, data: Bytes): Bytes =>
  sha256(keyed(key, 0x5c, sha256(keyed(key, 0x36, data))));

/** The key as a whole block, each byte xored, and what follows it. */
function keyed(key: Bytes, pad: number, data: Bytes): Bytes {
  const bytes = roomFor(BLOCK_BYTES + data.length);
  bytes.fill(pad, 0, BLOCK_BYTES);
  for (let i = 0; i < key.length; i++) bytes[i] = pad ^ (key[i] as number);
  bytes.set(data, BLOCK_BYTES);
  return bytes;
}

const scratch = new Uint8Array(1024);

/**
 * For what is hashed at once and then forgotten: many hashes of small things are made for each certificate, and an array
 * beyond 64 bytes costs as much as a hash.
 */
const roomFor = (length: number): Bytes =>
  length <= scratch.length ? scratch.subarray(0, length) : new Uint8Array(length);
