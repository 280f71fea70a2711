import type { Bytes } from './bytes.ts';

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;

/** Fractional parts of the cube roots of the first 64 primes (FIPS 180-4 §4.2.2). */
const K = fractions(64, 1 / 3);
/** The same of the square roots of the first 8 primes (§5.3.3). */
const INITIAL = fractions(8, 1 / 2);

/**
 * SHA-256 (FIPS 180-4) without waiting for it: Web Crypto has it only behind a promise, and proofs are chains of
 * hashes. For public data in browsers; servers have a faster one.
 */
export function sha256(data: Bytes): Bytes {
  const padded = pad(data);
  const words = new DataView(padded.buffer);
  const state = Uint32Array.from(INITIAL);
  const schedule = new Uint32Array(64);
  for (let at = 0; at < padded.length; at += BLOCK_BYTES) {
    expand(schedule, words, at);
    compress(state, schedule);
  }
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  state.forEach((word, i) => {
    out.setUint32(4 * i, word);
  });
  return digest;
}

/** §5.1.1: a one bit, zeros, the length in bits. */
function pad(data: Bytes): Bytes & { readonly buffer: ArrayBufferLike } {
  const blocks = Math.ceil((data.length + 1 + LENGTH_BYTES) / BLOCK_BYTES);
  const padded = new Uint8Array(blocks * BLOCK_BYTES);
  padded.set(data);
  padded[data.length] = 0x80;
  new DataView(padded.buffer).setBigUint64(padded.length - LENGTH_BYTES, BigInt(data.length) * 8n);
  return padded;
}

/** §6.2.2 step 1. */
function expand(schedule: Uint32Array, words: DataView, at: number): void {
  for (let t = 0; t < 16; t++) schedule[t] = words.getUint32(at + 4 * t);
  for (let t = 16; t < 64; t++) {
    const a = schedule[t - 15] as number;
    const b = schedule[t - 2] as number;
    const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
    const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
    schedule[t] = (schedule[t - 16] as number) + s0 + (schedule[t - 7] as number) + s1;
  }
}

/** §6.2.2 steps 2 to 4. */
function compress(state: Uint32Array, schedule: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let t = 0; t < 64; t++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + s1 + choice + (K[t] as number) + (schedule[t] as number)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + s0 + majority) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    state[i] = (state[i] as number) + word;
  });
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** First 32 bits of the fractional parts of the given power of the first primes. */
function fractions(count: number, power: number): Uint32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  return Uint32Array.from(primes, (prime) => {
    const root = prime ** power;
    return Math.floor((root - Math.floor(root)) * 2 ** 32);
  });
}
