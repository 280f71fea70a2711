import { type Bytes, concatBytes, fromBase58, toBase58 } from '@attestel/core';

/** Multihash code and length of SHA-256. */
const SHA2_256_PREFIX = Uint8Array.of(0x12, 0x20);

/** `zQm…`: multibase base58btc of the SHA-256 multihash; always 47 characters. */
export function multihashText(digest: Bytes): string {
  if (digest.length !== 32) throw new TypeError('multihash: expected a 32-byte digest');
  return `z${toBase58(concatBytes(SHA2_256_PREFIX, digest))}`;
}

/** The 32-byte digest, or undefined unless the text is exactly what {@link multihashText} writes. */
export function parseMultihash(text: string): Bytes | undefined {
  if (!MULTIHASH.test(text)) return undefined;
  const bytes = fromBase58(text.slice(1));
  if (bytes.length !== 34 || bytes[0] !== 0x12 || bytes[1] !== 0x20) return undefined;
  return bytes.slice(2);
}

const MULTIHASH = /^zQm[1-9A-HJ-NP-Za-km-z]{44}$/;
