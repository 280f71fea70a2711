import { type Bytes, fromUtf8, toHex } from '@attestel/core';
import { fail } from '../errors.ts';
import { type DerElement, TAG } from './read.ts';

/** Only TRUE is ever written: FALSE is the default everywhere we read one (X.690 §11.1, §11.5). */
export function readTrue({ content }: DerElement): true {
  if (content.length !== 1) throw fail('der_malformed');
  if (content[0] !== 0xff) throw fail('der_form', { detail: 'boolean' });
  return true;
}

/** Content bytes of an INTEGER in its shortest form (X.690 §8.3.2), two's complement. */
export function readInteger({ content }: DerElement): Bytes {
  const [first, second = 0] = content;
  if (first === undefined) throw fail('der_malformed');
  const padded = (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);
  if (content.length > 1 && padded) throw fail('der_form', { detail: 'integer' });
  return content;
}

/** Magnitude of an INTEGER ≥ 0 without the sign octet; zero is one zero octet. */
export function readUnsigned(element: DerElement): Bytes {
  const content = readInteger(element);
  if ((content[0] as number) >= 0x80) throw fail('der_structure', { detail: 'negative' });
  return content.length > 1 && content[0] === 0 ? content.subarray(1) : content;
}

/** INTEGER from 0 to 2^31 − 1: path lengths, skip counts, salt lengths. */
export function readSmallInteger(element: DerElement): number {
  const magnitude = readUnsigned(element);
  if (magnitude.length > 4 || (magnitude.length === 4 && (magnitude[0] as number) >= 0x80)) {
    throw fail('der_structure', { detail: 'integer too large' });
  }
  return magnitude.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Longer than any OID in use; bounds what a hostile one costs. */
const MAX_OID_BYTES = 64;

/** Text form of an OBJECT IDENTIFIER (X.690 §8.19). Arcs beyond 2^53 are refused. */
export function readOid({ content }: DerElement): string {
  if (content.length === 0 || content.length > MAX_OID_BYTES) throw fail('der_malformed');
  let text = '';
  let arc = 0;
  let started = false;
  for (let at = 0; at < content.length; at++) {
    const byte = content[at] as number;
    if (!started && byte === 0x80) throw fail('der_form', { detail: 'object identifier' });
    arc = arc * 128 + (byte & 0x7f);
    if (!Number.isSafeInteger(arc)) throw fail('der_structure', { detail: 'object identifier' });
    started = byte >= 0x80;
    if (started) continue;
    text += text === '' ? firstArcs(arc) : `.${arc}`;
    arc = 0;
  }
  if (started) throw fail('der_malformed');
  return text;
}

/** The first two arcs share one number (X.690 §8.19.4). */
function firstArcs(number: number): string {
  const root = Math.min(2, Math.floor(number / 40));
  return `${root}.${number - 40 * root}`;
}

/** Bits of a BIT STRING and the number of unused ones, which must be zero (X.690 §11.2.1). */
export function readBits({ content }: DerElement): { bytes: Bytes; unused: number } {
  const [unused] = content;
  const bytes = content.subarray(1);
  if (unused === undefined || unused > 7 || (bytes.length === 0 && unused > 0)) throw fail('der_malformed');
  if (((bytes.at(-1) ?? 0) & ((1 << unused) - 1)) !== 0) throw fail('der_form', { detail: 'unused bits' });
  return { bytes, unused };
}

/** A BIT STRING that holds whole bytes, such as a key or a signature. */
export function readBitBytes(element: DerElement): Bytes {
  const { bytes, unused } = readBits(element);
  if (unused !== 0) throw fail('der_structure', { detail: 'bit string of whole bytes' });
  return bytes;
}

/** Numbers of the bits set in a named bit list: no trailing zero bits are written (X.690 §11.2.2). */
export function readNamedBits(element: DerElement): number[] {
  const { bytes, unused } = readBits(element);
  const count = bytes.length * 8 - unused;
  const set: number[] = [];
  for (let bit = 0; bit < count; bit++) {
    if (((bytes[bit >> 3] as number) >> (7 - (bit & 7))) & 1) set.push(bit);
  }
  if (count > 0 && set.at(-1) !== count - 1) throw fail('der_form', { detail: 'named bits' });
  return set;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Unix seconds of a validity time: UTCTime to 2049, GeneralizedTime after (RFC 5280 §4.1.2.5). */
export function readTime(element: DerElement): number {
  const short = element.tag === TAG.utcTime;
  if (!short && element.tag !== TAG.generalizedTime) throw fail('time_form');
  const seconds = secondsOf(element.content, short);
  if (!short && seconds < YEAR_2050) throw fail('time_form');
  return seconds;
}

/** Unix seconds of a GeneralizedTime of any year, whole seconds, ending in Z (RFC 5280 §4.1.2.5.2). */
export function readGeneralizedTime(element: DerElement): number {
  if (element.tag !== TAG.generalizedTime) throw fail('time_form');
  return secondsOf(element.content, false);
}

const YEAR_2050 = Date.UTC(2050, 0) / 1000;

function secondsOf(content: Bytes, short: boolean): number {
  const last = short ? 12 : 14;
  if (content.length !== last + 1 || content[last] !== 0x5a) throw fail('time_form');
  for (let at = 0; at < last; at++) {
    const byte = content[at] as number;
    if (byte < 0x30 || byte > 0x39) throw fail('time_form');
  }
  const pair = (at: number): number => (content[at] as number) * 10 + (content[at + 1] as number) - 0x30 * 11;
  const start = short ? 2 : 4;
  const year = short ? pair(0) + (pair(0) < 50 ? 2000 : 1900) : pair(0) * 100 + pair(2);
  const [month, day] = [pair(start), pair(start + 2)];
  const [hour, minute, second] = [pair(start + 4), pair(start + 6), pair(start + 8)];
  // Date.UTC reads years below 100 as 19xx; no certificate is that old.
  if (year < 1000 || day < 1 || day > daysOf(year, month)) throw fail('time_form');
  if (hour > 23 || minute > 59 || second > 59) throw fail('time_form');
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

function daysOf(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
}

/** Printable ASCII of an IA5String: control characters in names only ever serve to deceive. */
export function readVisibleAscii(element: DerElement): string {
  const { content } = element;
  for (const byte of content) if (byte < 0x21 || byte > 0x7e) throw fail('name_malformed');
  return String.fromCharCode(...content);
}

/** Up to here a loop is faster than setting out for the decoder. */
const SHORT_TEXT = 64;

/** Text of ASCII bytes; undefined where one is beyond it, or there are many. */
function shortAscii(content: Bytes): string | undefined {
  if (content.length > SHORT_TEXT) return undefined;
  for (let i = 0; i < content.length; i++) if ((content[i] as number) >= 0x80) return undefined;
  return String.fromCharCode.apply(null, content as unknown as number[]);
}

/** Text of a UTF8String. @throws AppError name_malformed on bytes that are not UTF-8 */
export function readUtf8({ content }: DerElement): string {
  const short = shortAscii(content);
  if (short !== undefined) return short;
  try {
    return fromUtf8(content);
  } catch {
    throw fail('name_malformed');
  }
}

/** A NULL, as parameters of RSA algorithms. */
export function readNull(element: DerElement): void {
  if (element.tag !== TAG.null || toHex(element.content) !== '') throw fail('der_structure');
}
