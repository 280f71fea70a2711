import { type Bytes, compareBytes, fromUtf8 } from './bytes.ts';
import type { CborValue } from './cbor.ts';

/** Containers around the innermost value, at most. Bounds recursion on hostile bytes. */
export const MAX_DEPTH = 16;

/**
 * Decodes hostile bytes; accepts exactly what `encodeCbor` writes: one value, one spelling. Work and
 * memory are bounded by the length of the input, whatever lengths it claims.
 * @throws TypeError on anything else (indefinite length, floats, tags, duplicate or unsorted keys, …)
 */
export function decodeCbor(bytes: Bytes): CborValue {
  const cursor: Cursor = { bytes, at: 0, major: 0, argument: 0 };
  const value = readValue(cursor, 0);
  if (cursor.at !== bytes.length) throw new TypeError('cbor: bytes after the value');
  return value;
}

/**
 * `__proto__` as a key is refused in both directions: copying such a map with plain assignments
 * would change the copy's prototype.
 */
export function assertMapKey(key: string): void {
  if (key === '__proto__') throw new TypeError('cbor: map key is not accepted');
}

interface Cursor {
  readonly bytes: Bytes;
  at: number;
  /** Of the head that was read last, here rather than in an object of its own: heads are most of a value. */
  major: number;
  argument: number;
}

function readValue(cursor: Cursor, depth: number): CborValue {
  if (depth > MAX_DEPTH) throw new TypeError(`cbor: nested deeper than ${MAX_DEPTH}`);
  readHead(cursor);
  const { major, argument } = cursor;
  switch (major) {
    case 0:
      return argument;
    case 1:
      return negative(argument);
    case 2:
      return new Uint8Array(take(cursor, argument));
    case 3:
      return readText(cursor, argument);
    case 4:
      return readArray(cursor, argument, depth);
    case 5:
      return readMap(cursor, argument, depth);
    case 7:
      return simple(argument);
    default:
      throw new TypeError('cbor: tags are not accepted');
  }
}

function readArray(cursor: Cursor, length: number, depth: number): CborValue[] {
  assertRemaining(cursor, length); // each item takes a byte at least
  const items: CborValue[] = [];
  for (let i = 0; i < length; i++) items.push(readValue(cursor, depth + 1));
  return items;
}

function readMap(cursor: Cursor, length: number, depth: number): { readonly [key: string]: CborValue } {
  assertRemaining(cursor, 2 * length);
  const map: { [key: string]: CborValue } = {};
  let previous: Bytes | undefined;
  for (let i = 0; i < length; i++) {
    const start = cursor.at;
    const key = readKey(cursor);
    const encoded = cursor.bytes.subarray(start, cursor.at);
    // RFC 8949 §4.2.1: bytewise order of the encodings; strictly, so that no key comes twice (§5.6).
    if (previous && compareBytes(previous, encoded) >= 0) {
      throw new TypeError('cbor: map keys not in strictly ascending order');
    }
    previous = encoded;
    map[key] = readValue(cursor, depth + 1);
  }
  return map;
}

function readKey(cursor: Cursor): string {
  readHead(cursor);
  if (cursor.major !== 3) throw new TypeError('cbor: map key is not text');
  const key = readText(cursor, cursor.argument);
  assertMapKey(key);
  return key;
}

function readText(cursor: Cursor, length: number): string {
  assertRemaining(cursor, length);
  const start = cursor.at;
  cursor.at += length;
  // Short ASCII is most of all text, and setting out for the decoder costs more than reading it.
  return (
    (length <= MAX_SHORT && shortAscii(cursor.bytes, start, cursor.at)) ||
    fromUtf8(cursor.bytes.subarray(start, cursor.at))
  );
}

const MAX_SHORT = 32;

/** Undefined where a byte is beyond ASCII. */
function shortAscii(bytes: Bytes, start: number, end: number): string | undefined {
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

function negative(argument: number): number {
  const value = -1 - argument;
  if (!Number.isSafeInteger(value)) throw new TypeError('cbor: only safe integers');
  return value;
}

function simple(argument: number): boolean | null {
  if (argument === 20) return false;
  if (argument === 21) return true;
  if (argument === 22) return null;
  throw new TypeError('cbor: undefined, floats and other simple values are not accepted');
}

function readHead(cursor: Cursor): void {
  const initial = readByte(cursor);
  const info = initial & 31;
  cursor.major = initial >> 5;
  cursor.argument = info;
  if (info < 24) return;
  if (info > 27) throw new TypeError('cbor: indefinite or reserved length');
  if (cursor.major === 7) return; // no simple value or float longer than its first byte
  const width = 1 << (info - 24);
  let argument = 0;
  for (let i = 0; i < width; i++) argument = argument * 256 + readByte(cursor);
  if (argument < (SMALLEST[width] as number)) throw new TypeError('cbor: not the shortest form');
  if (!Number.isSafeInteger(argument)) throw new TypeError('cbor: only safe integers');
  cursor.argument = argument;
}

/** Smallest argument that needs so many bytes (RFC 8949 §4.2.1). */
const SMALLEST: Record<number, number> = { 1: 24, 2: 0x100, 4: 0x1_0000, 8: 0x1_0000_0000 };

/** Without a view: heads are what most of a value consists of. */
function readByte(cursor: Cursor): number {
  const byte = cursor.bytes[cursor.at];
  if (byte === undefined) throw new TypeError('cbor: truncated');
  cursor.at += 1;
  return byte;
}

/** The next bytes as a view of the input. */
function take(cursor: Cursor, length: number): Bytes {
  assertRemaining(cursor, length);
  const start = cursor.at;
  cursor.at += length;
  return cursor.bytes.subarray(start, cursor.at);
}

function assertRemaining(cursor: Cursor, length: number): void {
  if (length > cursor.bytes.length - cursor.at) throw new TypeError('cbor: truncated');
}
