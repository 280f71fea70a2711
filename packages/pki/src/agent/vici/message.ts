import { type Bytes, concatBytes, fromUtf8, utf8 } from '@attestel/core';
import { fail } from '../errors.ts';

/** Values are bytes: certificates travel in them as they are. */
export type ViciValue = Bytes | readonly Bytes[] | ViciSection;

/** Keys in the order they came; a key that comes again replaces the one before. */
export interface ViciSection {
  readonly [key: string]: ViciValue;
}

/** Element types of strongSwan's versatile IKE control interface, protocol version 1. */
const SECTION_START = 1;
const SECTION_END = 2;
const KEY_VALUE = 3;
const LIST_START = 4;
const LIST_ITEM = 5;
const LIST_END = 6;

/** Of a packet, as the daemon bounds it too. */
export const MAX_PACKET_BYTES = 512 * 1024;
const MAX_DEPTH = 16;
const MAX_KEY_BYTES = 0xff;
const MAX_VALUE_BYTES = 0xffff;

/** @throws AppError vici_too_large */
export function encodeMessage(section: { readonly [key: string]: ViciValue | string }): Bytes {
  const parts: Bytes[] = [];
  for (const [key, given] of Object.entries(section)) {
    const value = typeof given === 'string' ? utf8(given) : given;
    if (value instanceof Uint8Array) {
      parts.push(Uint8Array.of(KEY_VALUE), named(key), sized(value));
    } else if (isList(value)) {
      parts.push(Uint8Array.of(LIST_START), named(key));
      for (const item of value) parts.push(Uint8Array.of(LIST_ITEM), sized(item));
      parts.push(Uint8Array.of(LIST_END));
    } else {
      parts.push(Uint8Array.of(SECTION_START), named(key), encodeMessage(value), Uint8Array.of(SECTION_END));
    }
  }
  return concatBytes(...parts);
}

const isList = (value: ViciValue): value is readonly Bytes[] => Array.isArray(value);

export function named(key: string): Bytes {
  const bytes = utf8(key);
  if (bytes.length > MAX_KEY_BYTES) throw fail('vici_too_large', { field: 'key' });
  return concatBytes(Uint8Array.of(bytes.length), bytes);
}

function sized(value: Bytes): Bytes {
  if (value.length > MAX_VALUE_BYTES) throw fail('vici_too_large', { field: 'value' });
  return concatBytes(Uint8Array.of(value.length >> 8, value.length & 0xff), value);
}

/** @throws AppError vici_malformed */
export function decodeMessage(bytes: Bytes): ViciSection {
  const cursor = { bytes, at: 0 };
  const section = readSection(cursor, 0);
  if (cursor.at !== bytes.length) throw fail('vici_malformed', { field: 'end' });
  return section;
}

interface Cursor {
  readonly bytes: Bytes;
  at: number;
}

/** Up to its end: the end of the message for the outermost, an element of its own for the others. */
function readSection(cursor: Cursor, depth: number): ViciSection {
  if (depth > MAX_DEPTH) throw fail('vici_malformed', { field: 'depth' });
  const entries: [string, ViciValue][] = [];
  while (cursor.at < cursor.bytes.length || depth > 0) {
    const type = take(cursor, 1)[0];
    if (type === SECTION_END && depth > 0) break;
    const key = textOf(take(cursor, take(cursor, 1)[0] as number));
    if (type === KEY_VALUE) entries.push([key, readValue(cursor)]);
    else if (type === LIST_START) entries.push([key, readList(cursor)]);
    else if (type === SECTION_START) entries.push([key, readSection(cursor, depth + 1)]);
    else throw fail('vici_malformed', { field: 'type' });
  }
  // `fromEntries` defines: a key `__proto__` is one like any other.
  return Object.fromEntries(entries);
}

function readList(cursor: Cursor): readonly Bytes[] {
  const items: Bytes[] = [];
  for (;;) {
    const type = take(cursor, 1)[0];
    if (type === LIST_END) return items;
    if (type !== LIST_ITEM) throw fail('vici_malformed', { field: 'list' });
    items.push(readValue(cursor));
  }
}

function readValue(cursor: Cursor): Bytes {
  const [high = 0, low = 0] = take(cursor, 2);
  return new Uint8Array(take(cursor, (high << 8) | low));
}

function take(cursor: Cursor, length: number): Bytes {
  if (length > cursor.bytes.length - cursor.at) throw fail('vici_malformed', { field: 'length' });
  cursor.at += length;
  return cursor.bytes.subarray(cursor.at - length, cursor.at);
}

function textOf(bytes: Bytes): string {
  try {
    return fromUtf8(bytes);
  } catch (cause) {
    throw fail('vici_malformed', { field: 'text', cause });
  }
}

/** Text of a value; undefined where there is none, or something else. */
export function textIn(section: ViciSection, key: string): string | undefined {
  const value = section[key];
  return value instanceof Uint8Array ? textOf(value) : undefined;
}

/** Sections of a section, by name. */
export const sectionsIn = (section: ViciSection): readonly (readonly [string, ViciSection])[] =>
  Object.entries(section).filter(
    (entry): entry is [string, ViciSection] => !(entry[1] instanceof Uint8Array) && !Array.isArray(entry[1]),
  );
