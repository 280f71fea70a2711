import { ProofError } from '../errors.ts';

/** Reads fixed-size fields off a byte string, big-endian, never past its end. */
export interface ByteReader {
  u8(): number;
  u16(): number;
  u32(): number;
  /** @throws ProofError receipt_malformed beyond 2^53 − 1 */
  u64(): number;
  /** A view, not a copy. */
  bytes(length: number): Uint8Array;
  /** Strict UTF-8. @throws ProofError receipt_malformed */
  text(length: number): string;
  /** @throws ProofError receipt_malformed unless everything has been read */
  end(): void;
}

// `ignoreBOM` keeps a leading U+FEFF: two encodings must not read as one text.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** All methods throw ProofError receipt_truncated where bytes are missing. */
export function createByteReader(data: Uint8Array): ByteReader {
  let at = 0;
  /** Where the next `length` bytes begin. */
  const take = (length: number): number => {
    if (length > data.length - at) throw new ProofError('receipt_truncated', 'receipt: ends too early');
    at += length;
    return at - length;
  };
  const bytes = (length: number): Uint8Array => data.subarray(take(length), at);
  const number = (length: number): number => {
    let value = 0;
    for (let i = take(length); i < at; i++) value = value * 256 + (data[i] as number);
    return value;
  };
  return {
    u8: () => number(1),
    u16: () => number(2),
    u32: () => number(4),
    u64() {
      const value = number(8); // rounded, but never down into the exact range
      if (!Number.isSafeInteger(value)) throw malformed('number is out of range');
      return value;
    },
    bytes,
    text(length) {
      const encoded = bytes(length);
      try {
        return decoder.decode(encoded);
      } catch {
        throw malformed('text is not UTF-8');
      }
    },
    end() {
      if (at !== data.length) throw malformed('bytes are left over');
    },
  };
}

export const malformed = (rule: string): ProofError =>
  new ProofError('receipt_malformed', `receipt: ${rule}`);
