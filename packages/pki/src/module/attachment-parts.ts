import { type Bytes, concatBytes } from '@attestel/core';
import { fail } from '../errors.ts';
import { MAX_ITEMS } from './bodies.schema.ts';

/** Where an encoded attachment has its items. */
export interface AttachmentParts {
  readonly count: number;
  /** The same attachment with items `from` … `to` alone, encoded. */
  take(from: number, to: number): Bytes;
}

/** Containers around a value, at most: as many as `decodeCbor` takes. */
const MAX_DEPTH = 16;
const ARRAY = 4;
const MAP = 5;
const ITEMS = 'items';

/**
 * Finds the items of an attachment without reading them: then each thread reads its own only. An attachment whose parts
 * `parseAttachment` takes is one that it takes whole, and the other way round. Work is linear in its length.
 * @throws AppError pki_attachment_invalid where it is no map with a list of items
 */
export function partsOfAttachment(bytes: Bytes): AttachmentParts {
  const head = headAt(bytes, 0);
  if (head.major !== MAP) throw malformed();
  let at = head.end;
  for (let field = 0; field < head.argument; field++) {
    const isItems = isText(bytes, at, ITEMS);
    at = skip(bytes, at, 1);
    if (isItems) return partsAt(bytes, at);
    at = skip(bytes, at, 1);
  }
  throw malformed();
}

function partsAt(bytes: Bytes, list: number): AttachmentParts {
  const { major, argument: count, end } = headAt(bytes, list);
  if (major !== ARRAY || count > MAX_ITEMS) throw malformed();
  const starts = [end];
  for (let i = 0; i < count; i++) starts.push(skip(bytes, starts[i] as number, 2));
  const [before, after] = [bytes.subarray(0, list), bytes.subarray(starts[count])];
  return {
    count,
    take: (from, to) =>
      concatBytes(before, listHead(to - from), bytes.subarray(starts[from], starts[to]), after),
  };
}

interface Head {
  readonly major: number;
  readonly argument: number;
  readonly end: number;
}

/** Definite lengths in their shortest form (RFC 8949 §4.2.1), since those of the list are not read again. */
function headAt(bytes: Bytes, at: number): Head {
  const first = bytes[at];
  const info = (first ?? 0xff) & 31;
  const width = info < 24 ? 0 : 1 << (info - 24);
  if (first === undefined || info > 27 || at + 1 + width > bytes.length) throw malformed();
  let argument = width === 0 ? info : 0;
  for (let i = 1; i <= width; i++) argument = argument * 256 + (bytes[at + i] as number);
  const isShortest = width === 0 || argument >= (width === 1 ? 24 : 256 ** (width / 2));
  if (!isShortest) throw malformed();
  return { major: first >> 5, argument, end: at + 1 + width };
}

/** Where the value ends that begins at `at`. */
function skip(bytes: Bytes, at: number, depth: number): number {
  if (depth > MAX_DEPTH) throw malformed();
  const { major, argument, end } = headAt(bytes, at);
  const length = major === 2 || major === 3 ? argument : 0;
  if (length > bytes.length - end) throw malformed();
  let next = end + length;
  const values = major === ARRAY ? argument : major === MAP ? 2 * argument : 0;
  for (let i = 0; i < values; i++) next = skip(bytes, next, depth + 1);
  return next;
}

const isText = (bytes: Bytes, at: number, text: string): boolean =>
  bytes[at] === 0x60 + text.length &&
  [...text].every((character, i) => bytes[at + 1 + i] === character.charCodeAt(0));

/** Of at most {@link MAX_ITEMS}. */
function listHead(count: number): Bytes {
  if (count < 24) return Uint8Array.of(0x80 + count);
  return count < 0x100 ? Uint8Array.of(0x98, count) : Uint8Array.of(0x99, count >> 8, count & 0xff);
}

const malformed = () => fail('pki_attachment_invalid', { field: '/attachment' });
