import type { Bytes } from '../bytes.ts';

/** Cryptographic randomness. */
export interface Random {
  bytes(length: number): Bytes;
}

/** The runtime's generator: Web Crypto, in Node and in browsers. */
export const systemRandom: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) };
