import { concatBytes } from '../bytes.ts';
import { ProofError } from '../errors.ts';

/**
 * As much CBOR (RFC 8949) as a COSE receipt needs. The writer is deterministic as long as map keys are
 * given in order; the reader takes only the shortest heads, so re-encoding what was read gives the same bytes.
 */
export const MAJOR = {
  unsigned: 0,
  negative: 1,
  bytes: 2,
  text: 3,
  array: 4,
  map: 5,
  tag: 6,
  simple: 7,
} as const;
export type Major = keyof typeof MAJOR;

/** Initial byte and argument, shortest form (RFC 8949 §4.2.1). */
export function head(major: Major, argument: number): Uint8Array {
  const initial = MAJOR[major] << 5;
  if (argument < 24) return Uint8Array.of(initial | argument);
  const bytes = argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : argument < 0x1_0000_0000 ? 4 : 8;
  const out = new Uint8Array(9);
  new DataView(out.buffer).setBigUint64(1, BigInt(argument));
  out[8 - bytes] = initial | (24 + Math.log2(bytes));
  return out.subarray(8 - bytes);
}

export const integer = (value: number): Uint8Array =>
  value < 0 ? head('negative', -1 - value) : head('unsigned', value);

export const byteString = (value: Uint8Array): Uint8Array =>
  concatBytes([head('bytes', value.length), value]);

export function textString(value: string): Uint8Array {
  const utf8 = new TextEncoder().encode(value);
  return concatBytes([head('text', utf8.length), utf8]);
}

export const array = (items: readonly Uint8Array[]): Uint8Array =>
  concatBytes([head('array', items.length), ...items]);

/** Keys must come in bytewise order of their encodings (RFC 8949 §4.2.1). */
export const map = (entries: readonly (readonly [key: number, value: Uint8Array])[]): Uint8Array =>
  concatBytes([head('map', entries.length), ...entries.flatMap(([key, value]) => [integer(key), value])]);

export const tagged = (tag: number, item: Uint8Array): Uint8Array => concatBytes([head('tag', tag), item]);

export const NULL = Uint8Array.of(0xf6);

/** Reads items one after another, each of the kind that has to stand there. @throws ProofError cose_malformed */
export interface CborReader {
  /** The argument of an item of this kind, or the length of a string, array or map. */
  head(major: Major): number;
  integer(): number;
  bytes(): Uint8Array;
  text(): string;
  null(): void;
  /** Nothing may follow. */
  end(): void;
}

export function createCborReader(data: Uint8Array): CborReader {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let at = 0;
  const take = (length: number): number => {
    if (length > data.length - at) throw malformed('is cut short');
    at += length;
    return at - length;
  };
  const readHead = (major: Major): number => {
    const initial = view.getUint8(take(1));
    if (initial >> 5 !== MAJOR[major]) throw malformed('has an item of another kind than expected');
    const info = initial & 0x1f;
    if (info < 24) return info;
    if (info > 27) throw malformed('has an indefinite length');
    return readArgument(view, take(1 << (info - 24)), 1 << (info - 24));
  };
  const bytes = (major: 'bytes' | 'text'): Uint8Array => {
    const length = readHead(major);
    const start = take(length);
    return data.slice(start, start + length);
  };
  return {
    head: readHead,
    integer: () => {
      const negative = at < data.length && view.getUint8(at) >> 5 === MAJOR.negative;
      return negative ? -1 - readHead('negative') : readHead('unsigned');
    },
    bytes: () => bytes('bytes'),
    text: () => decodeUtf8(bytes('text')),
    null: () => {
      if (view.getUint8(take(1)) !== NULL[0]) throw malformed('must have a detached payload');
    },
    end: () => {
      if (at !== data.length) throw malformed('has bytes after its end');
    },
  };
}

function readArgument(view: DataView, at: number, bytes: number): number {
  let value = 0n;
  for (let i = 0; i < bytes; i++) value = (value << 8n) | BigInt(view.getUint8(at + i));
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed('has a number beyond 2^53 − 1');
  const shortest = bytes === 1 ? 24n : 1n << BigInt(bytes * 4);
  if (value < shortest) throw malformed('has a number in a longer form than needed');
  return Number(value);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed('has text that is no UTF-8');
  }
}

const malformed = (rule: string): ProofError => new ProofError('cose_malformed', `COSE receipt: ${rule}`);
