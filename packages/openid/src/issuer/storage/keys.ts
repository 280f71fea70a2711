import { createHash } from 'node:crypto';
import { type Bytes, concatBytes, utf8 } from '@attestel/core';

/** Four bytes, big-endian, so that numbers sort as keys. */
export function uint32(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

export const readUint32 = (bytes: Bytes, offset = 0): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset);

export const sha256 = (...parts: readonly Bytes[]): Bytes =>
  new Uint8Array(
    createHash('sha256')
      .update(concatBytes(...parts))
      .digest(),
  );

/** Store key of a secret: its hash, so that a copy of the store does not give the secret away. */
export const secretKey = (secret: string): Bytes => sha256(utf8(secret));

/** Bounds of all keys that start with the given bytes. */
export function prefixRange(prefix: Bytes): { from: Bytes; to: Bytes } {
  const to = prefix.slice();
  for (let i = to.length - 1; i >= 0; i--) {
    const byte = to[i] as number;
    if (byte < 255) {
      to[i] = byte + 1;
      return { from: prefix, to: to.slice(0, i + 1) };
    }
  }
  throw new TypeError('keys: prefix without an upper bound');
}
