import { type Bytes, compareBytes, utf8 } from '@attestel/core';
import { contextTag, TAG } from './read.ts';

/** Any element from its tag byte and the parts of its content. */
function element(tag: number, ...parts: readonly Bytes[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  let at = headBytes(length);
  const out = new Uint8Array(at + length);
  writeHead(out, tag, length, at);
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Tag and length (X.690 §8.1.3). */
function headBytes(length: number): number {
  let bytes = 2;
  if (length >= 0x80) for (let rest = length; rest > 0; rest >>>= 8) bytes += 1;
  return bytes;
}

function writeHead(out: Bytes, tag: number, length: number, end: number): void {
  out[0] = tag;
  out[1] = end === 2 ? length : 0x80 + end - 2;
  for (let [at, rest] = [end - 1, length]; at > 1; at--, rest >>>= 8) out[at] = rest & 0xff;
}

function bigEndian(value: number): number[] {
  const digits: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return digits;
}

const sequence = (...parts: readonly Bytes[]): Bytes => element(TAG.sequence, ...parts);

/** SET OF: in the order of the encodings (X.690 §11.6). */
const setOf = (...parts: readonly Bytes[]): Bytes => element(TAG.set, ...parts.toSorted(compareBytes));

/** INTEGER ≥ 0 from a number or from the bytes of its magnitude. @throws TypeError on other numbers */
function integer(value: number | Bytes): Bytes {
  if (typeof value === 'number' && !(Number.isSafeInteger(value) && value >= 0)) {
    throw new TypeError('DER: an integer from 0 to 2^53 - 1');
  }
  const magnitude = typeof value === 'number' ? Uint8Array.from(bigEndian(value)) : value;
  const first = magnitude.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : magnitude.subarray(first);
  return element(TAG.integer, (digits[0] as number) >= 0x80 ? Uint8Array.of(0) : EMPTY, digits);
}

const EMPTY = new Uint8Array();

const OIDS = new Map<string, Bytes>();
const CACHED_OIDS = 256;

/** @throws TypeError unless the text is an object identifier */
function oid(text: string): Bytes {
  const known = OIDS.get(text);
  if (known) return known;
  if (!/^[0-2](\.(0|[1-9]\d{0,14})){1,31}$/.test(text)) throw new TypeError('DER: not an object identifier');
  const [root = 0, second = 0, ...rest] = text.split('.').map(Number);
  if (root < 2 && second > 39) throw new TypeError('DER: not an object identifier');
  const written = element(TAG.oid, ...[root * 40 + second, ...rest].map(arcOf));
  if (OIDS.size < CACHED_OIDS) OIDS.set(text, written);
  return written;
}

function arcOf(value: number): Bytes {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    digits.unshift((rest % 128) + 128);
  }
  return Uint8Array.from(digits);
}

const boolean = (value: boolean): Bytes => element(TAG.boolean, Uint8Array.of(value ? 0xff : 0));
const bitString = (bytes: Bytes, unused = 0): Bytes => element(TAG.bitString, Uint8Array.of(unused), bytes);
const octetString = (bytes: Bytes): Bytes => element(TAG.octetString, bytes);
const enumerated = (value: number): Bytes => element(TAG.enumerated, Uint8Array.of(value));
const nothing = (): Bytes => element(TAG.null);

/** Named bit list without trailing zero bits (X.690 §11.2.2). */
function namedBits(bits: readonly number[]): Bytes {
  if (bits.length === 0) return bitString(EMPTY);
  const last = Math.max(...bits);
  const bytes = new Uint8Array((last >> 3) + 1);
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] as number) | (0x80 >> (bit & 7));
  return bitString(bytes, 7 - (last & 7));
}

const utf8String = (text: string): Bytes => element(TAG.utf8String, utf8(text));
const printableString = (text: string): Bytes => element(TAG.printableString, ascii(text));
const ia5String = (text: string): Bytes => element(TAG.ia5String, ascii(text));

function ascii(text: string): Bytes {
  const bytes = utf8(text);
  if (bytes.length !== text.length) throw new TypeError('DER: expected ASCII');
  return bytes;
}

/** Unix seconds as a validity time (RFC 5280 §4.1.2.5). */
const time = (seconds: number): Bytes =>
  seconds >= Date.UTC(2050, 0) / 1000 || seconds < Date.UTC(1950, 0) / 1000
    ? generalizedTime(seconds)
    : element(TAG.utcTime, ascii(`${digitsOf(seconds).slice(2)}Z`));

/** Unix seconds as GeneralizedTime without fractions. */
function generalizedTime(seconds: number): Bytes {
  return element(TAG.generalizedTime, ascii(`${digitsOf(seconds)}Z`));
}

/** YYYYMMDDHHMMSS. @throws TypeError outside the years 0000 to 9999 or for a fraction */
function digitsOf(seconds: number): string {
  const last = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;
  if (!Number.isSafeInteger(seconds) || seconds > last || seconds < -62_167_219_200) {
    throw new TypeError('DER: a time is whole seconds of the years 0 to 9999');
  }
  return new Date(seconds * 1000).toISOString().replace(/\D/g, '').slice(0, 14);
}

/** EXPLICIT [number]: the element inside a constructed one. */
const explicit = (number: number, ...inner: readonly Bytes[]): Bytes => element(contextTag(number), ...inner);

/** IMPLICIT [number] of a whole element: its tag byte is replaced, constructed stays constructed. */
function implicit(number: number, inner: Bytes): Bytes {
  const out = new Uint8Array(inner);
  out[0] = contextTag(number, ((inner[0] as number) & 0x20) !== 0);
  return out;
}

/** Writer of DER: each function gives the bytes of one element. */
export const der = {
  element,
  sequence,
  setOf,
  integer,
  oid,
  boolean,
  bitString,
  octetString,
  enumerated,
  null: nothing,
  namedBits,
  utf8String,
  printableString,
  ia5String,
  time,
  generalizedTime,
  explicit,
  implicit,
} as const;
