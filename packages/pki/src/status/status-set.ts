import type { Bytes } from '@attestel/core';
import { fail } from '../errors.ts';

/** Which of the first `count` certificates of a ledger are not good, by their index. */
export interface StatusBits {
  readonly count: number;
  /** A bit for each, most significant first; set where the certificate is not good. */
  readonly bytes: Bytes;
  /** False for an index at or beyond `count`: nothing is known of it. */
  isNotGood(index: number): boolean;
}

/**
 * `u8 version ‖ u8 k ‖ u64 count ‖ u32 number of indices ‖ their distances in Golomb-Rice code`: each distance less
 * one as so many ones as it holds 2^k, a zero, and k low bits; the last byte is filled with zeroes. Ten million
 * certificates with 1 % that are not good take 101 kB, which is what their entropy takes.
 */
const VERSION = 1;
const HEAD_BYTES = 1 + 1 + 8 + 4;
const MAX_K = 32;
/** As many certificates as a set may be about: 125 MB of bits. */
export const MAX_COUNT = 1_000_000_000;

/**
 * @param notGood ascending
 * @throws TypeError for indices that do not ascend or are not below `count`
 */
export function encodeStatusSet(count: number, notGood: readonly number[]): Bytes {
  if (!Number.isSafeInteger(count) || count < 0 || count > MAX_COUNT)
    throw new TypeError('status: bad count');
  const k = bestK(count, notGood.length);
  const writer = new BitWriter(HEAD_BYTES + Math.ceil((notGood.length * (k + 3)) / 8));
  let before = -1;
  for (const index of notGood) {
    if (!(index > before) || index >= count) throw new TypeError('status: indices ascend below the count');
    writer.put(index - before - 1, k);
    before = index;
  }
  const bytes = writer.finish();
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEAD_BYTES);
  view.setUint8(0, VERSION);
  view.setUint8(1, k);
  view.setBigUint64(2, BigInt(count));
  view.setUint32(10, notGood.length);
  return bytes;
}

/** Near the mean distance times ln 2, where this code is shortest. */
function bestK(count: number, length: number): number {
  if (length === 0) return 0;
  return Math.max(0, Math.floor(Math.log2((Math.LN2 * count) / length)));
}

/**
 * Reads what anybody sent; there is one encoding of a set for each k.
 * @param limit bounds the memory that is taken: as many certificates as there are
 * @throws AppError pki_status_set_invalid
 */
export function decodeStatusSet(bytes: Bytes, limit = MAX_COUNT): StatusBits {
  if (bytes.length < HEAD_BYTES) throw invalid('length');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const k = view.getUint8(1);
  const count = Number(view.getBigUint64(2));
  const length = view.getUint32(10);
  if (view.getUint8(0) !== VERSION || k > MAX_K) throw invalid('version');
  if (count > limit || length > count) throw invalid('count');
  // A distance takes k + 1 bits at least: no length is believed that the bytes cannot hold.
  if (length * (k + 1) > (bytes.length - HEAD_BYTES) * 8) throw invalid('length');
  const bits = new Uint8Array(Math.ceil(count / 8));
  const reader = new BitReader(bytes, HEAD_BYTES);
  let index = -1;
  for (let i = 0; i < length; i++) {
    index += 1 + reader.take(k, count);
    if (index >= count) throw invalid('index');
    bits[index >> 3] = (bits[index >> 3] as number) | (0x80 >> (index & 7));
  }
  reader.end();
  return {
    count,
    bytes: bits,
    isNotGood: (asked) =>
      asked >= 0 && asked < count && ((bits[asked >> 3] as number) & (0x80 >> (asked & 7))) !== 0,
  };
}

const invalid = (field: string) => fail('pki_status_set_invalid', { field });

class BitWriter {
  #bytes: Uint8Array;
  #at = HEAD_BYTES * 8;

  constructor(expected: number) {
    this.#bytes = new Uint8Array(Math.max(expected, HEAD_BYTES));
  }

  put(value: number, k: number): void {
    const quotient = Math.floor(value / 2 ** k);
    this.#reserve(quotient + 1 + k);
    for (let i = 0; i < quotient; i++) this.#set(this.#at++);
    this.#at += 1; // the zero
    for (let i = k - 1; i >= 0; i--) {
      if (Math.floor(value / 2 ** i) % 2 === 1) this.#set(this.#at);
      this.#at += 1;
    }
  }

  finish(): Bytes {
    return this.#bytes.slice(0, Math.ceil(this.#at / 8));
  }

  #set(at: number): void {
    this.#bytes[at >> 3] = (this.#bytes[at >> 3] as number) | (0x80 >> (at & 7));
  }

  #reserve(bits: number): void {
    const needed = Math.ceil((this.#at + bits) / 8);
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

class BitReader {
  readonly #bytes: Bytes;
  #at: number;

  constructor(bytes: Bytes, from: number) {
    this.#bytes = bytes;
    this.#at = from * 8;
  }

  /** @throws AppError pki_status_set_invalid beyond the end, or for a value of `limit` and more */
  take(k: number, limit: number): number {
    let value = 0;
    const step = 2 ** k;
    while (this.#bit() === 1) {
      value += step;
      if (value >= limit) throw invalid('index');
    }
    for (let i = 0, low = 0; i <= k; i++) {
      if (i === k) return value + low;
      low = low * 2 + this.#bit();
    }
    return value;
  }

  /** The rest of the last byte is zero, and there is no other. */
  end(): void {
    if (Math.ceil(this.#at / 8) !== this.#bytes.length) throw invalid('end');
    while (this.#at % 8 !== 0) if (this.#bit() === 1) throw invalid('end');
  }

  #bit(): number {
    const byte = this.#bytes[this.#at >> 3];
    if (byte === undefined) throw invalid('length');
    const bit = (byte >> (7 - (this.#at & 7))) & 1;
    this.#at += 1;
    return bit;
  }
}
