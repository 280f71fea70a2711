import { type Bytes, compareBytes, newBytes, type Room, utf8 } from './bytes.ts';
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
 * order of their encodings).
 * @throws TypeError on a value outside {@link CborValue}
 */
export function encodeCbor(value: CborValue, room: Room = newBytes): Bytes {
  const bytes = room(sizeOf(value, 0));
  if (writeValue(bytes, 0, value) !== bytes.length) throw new TypeError('cbor: value changed meanwhile');
  return bytes;
}

/** Bytes of the encoding. Everything that has none is refused here, so that writing knows what it is given. */
function sizeOf(value: unknown, depth: number): number {
  if (depth > MAX_DEPTH) throw new TypeError(`cbor: nested deeper than ${MAX_DEPTH}`);
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'string') return sizeOfText(value);
  if (typeof value === 'number') return sizeOfInteger(value);
  if (value instanceof Uint8Array) return headSize(value.length) + value.length;
  if (Array.isArray(value)) {
    let size = headSize(value.length);
    for (const item of value) size += sizeOf(item, depth + 1);
    return size;
  }
  return sizeOfMap(value, depth);
}

function sizeOfMap(value: unknown, depth: number): number {
  // An instance of a class has meaning that bytes cannot carry.
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) {
    throw new TypeError('cbor: unsupported value');
  }
  const map = value as { readonly [key: string]: unknown };
  const keys = Object.keys(map);
  let size = headSize(keys.length);
  for (const key of keys) {
    assertMapKey(key);
    size += sizeOfText(key) + sizeOf(map[key], depth + 1);
  }
  return size;
}

function sizeOfInteger(number: number): number {
  if (!Number.isSafeInteger(number) || Object.is(number, -0)) throw new TypeError('cbor: only safe integers');
  return headSize(number < 0 ? -1 - number : number);
}

function sizeOfText(text: string): number {
  const length = utf8Length(text);
  if (length !== text.length && !text.isWellFormed()) {
    throw new TypeError('cbor: text with a lone surrogate');
  }
  return headSize(length) + length;
}

/** Bytes in UTF-8. Each half of a surrogate pair stands for two of its four. */
function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) length += unit >= 0x800 && (unit & 0xf800) !== 0xd800 ? 2 : 1;
  }
  return length;
}

function headSize(argument: number): number {
  if (argument < 24) return 1;
  if (argument < 0x100) return 2;
  if (argument < 0x1_0000) return 3;
  return argument < 0x1_0000_0000 ? 5 : 9;
}

/** Writes at `at`; returns where the value ends. */
function writeValue(bytes: Bytes, at: number, value: CborValue): number {
  if (typeof value === 'string') return writeText(bytes, at, value);
  if (typeof value === 'number') {
    return value < 0 ? writeHead(bytes, at, 1, -1 - value) : writeHead(bytes, at, 0, value);
  }
  if (value === null) return writeHead(bytes, at, 7, 22);
  if (typeof value === 'boolean') return writeHead(bytes, at, 7, value ? 21 : 20);
  if (value instanceof Uint8Array) {
    const start = writeHead(bytes, at, 2, value.length);
    bytes.set(value, start);
    return start + value.length;
  }
  return isList(value) ? writeList(bytes, at, value) : writeMap(bytes, at, value);
}

const isList = (value: object): value is readonly CborValue[] => Array.isArray(value);

function writeList(bytes: Bytes, at: number, items: readonly CborValue[]): number {
  let end = writeHead(bytes, at, 4, items.length);
  for (const item of items) end = writeValue(bytes, end, item);
  return end;
}

function writeMap(bytes: Bytes, at: number, map: { readonly [key: string]: CborValue }): number {
  const keys = Object.keys(map);
  keys.sort(keys.every(isAscii) ? byAsciiEncoding : byEncoding);
  let end = writeHead(bytes, at, 5, keys.length);
  for (const key of keys) end = writeValue(bytes, writeText(bytes, end, key), map[key] as CborValue);
  return end;
}

const isAscii = (text: string): boolean => utf8Length(text) === text.length;

/** Heads of texts ascend with their lengths, so the shorter key comes first. */
const byAsciiEncoding = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1);

/** Beyond ASCII, the order of UTF-16 units is not that of bytes. */
const byEncoding = (a: string, b: string): number =>
  utf8Length(a) - utf8Length(b) || compareBytes(utf8(a), utf8(b));

function writeText(bytes: Bytes, at: number, text: string): number {
  const length = utf8Length(text);
  const start = writeHead(bytes, at, 3, length);
  if (length !== text.length) bytes.set(utf8(text), start);
  else for (let i = 0; i < length; i++) bytes[start + i] = text.charCodeAt(i);
  return start + length;
}

function writeHead(bytes: Bytes, at: number, major: number, argument: number): number {
  const size = headSize(argument);
  bytes[at] = (major << 5) | (size === 1 ? argument : (INFO_OF_SIZE[size] as number));
  let rest = argument;
  for (let i = at + size - 1; i > at; i--) {
    bytes[i] = rest % 0x100;
    rest = Math.floor(rest / 0x100);
  }
  return at + size;
}

/** What the low bits of the first byte say of the bytes that follow it (RFC 8949 §3). */
const INFO_OF_SIZE: Record<number, number> = { 2: 24, 3: 25, 5: 26, 9: 27 };
