import { encode, rfc8949EncodeOptions } from 'cborg';
import type { Bytes } from './bytes.ts';
import { assertMapKey, MAX_DEPTH } from './cbor-decode.ts';

/**
 * The values Attestel signs and stores: no floats, no tags, no undefined, text map keys only.
 * Integers are safe JavaScript integers; larger ones do not occur in signed bytes.
 */
export type CborValue =
  | null
  | boolean
  | number
  | string
  | Bytes
  | readonly CborValue[]
  | { readonly [key: string]: CborValue };

/**
 * Deterministic CBOR (RFC 8949 §4.2.1: shortest integers, definite lengths, map keys in bytewise
 * order of their encodings). @throws TypeError on a value outside {@link CborValue}
 */
export function encodeCbor(value: CborValue): Bytes {
  assertPlain(value, 0);
  return encode(value, rfc8949EncodeOptions);
}

function assertPlain(value: unknown, depth: number): void {
  if (depth > MAX_DEPTH) throw new TypeError(`cbor: nested deeper than ${MAX_DEPTH}`);
  if (value === null || typeof value === 'boolean' || value instanceof Uint8Array) return;
  if (typeof value === 'string') assertText(value);
  else if (typeof value === 'number') assertInteger(value);
  else if (Array.isArray(value)) for (const item of value) assertPlain(item, depth + 1);
  else assertMap(value, depth);
}

function assertMap(value: unknown, depth: number): void {
  // An instance of a class has meaning that bytes cannot carry.
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) {
    throw new TypeError('cbor: unsupported value');
  }
  for (const [key, item] of Object.entries(value as object)) {
    assertText(key);
    assertMapKey(key);
    assertPlain(item, depth + 1);
  }
}

function assertText(text: string): void {
  if (!text.isWellFormed()) throw new TypeError('cbor: text with a lone surrogate');
}

function assertInteger(number: number): void {
  if (!Number.isSafeInteger(number) || Object.is(number, -0)) throw new TypeError('cbor: only safe integers');
}
