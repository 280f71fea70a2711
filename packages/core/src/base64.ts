import type { Bytes } from './bytes.ts';

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Base64url without padding (RFC 4648 §5). */
export const toBase64url = (bytes: Bytes): string => encode(bytes, URL_SAFE);

/**
 * Strict base64url without padding: no other alphabet, no padding, no white space, and the unused
 * bits of the last character are zero, so that each byte string has one spelling (RFC 4648 §3.5).
 * @throws TypeError on anything else
 */
export const fromBase64url = (text: string): Bytes => decode(text, URL_SAFE, 'base64url');

/** Base64 with padding (RFC 4648 §4), as signed notes and `x5c` use it. */
export function toBase64(bytes: Bytes): string {
  const body = encode(bytes, STANDARD);
  return body + '='.repeat((4 - (body.length % 4)) % 4);
}

/** Strict padded base64. @throws TypeError on anything else */
export function fromBase64(text: string): Bytes {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const body = text.slice(0, text.length - padding);
  if (text.length % 4 !== 0 || body.length + ((4 - (body.length % 4)) % 4) !== text.length) {
    throw new TypeError('base64: bad padding');
  }
  return decode(body, STANDARD, 'base64');
}

/** What an alphabet spells: two characters for each twelve bits, and the six bits of each ASCII character, or −1. */
interface Alphabet {
  readonly pairs: readonly string[];
  readonly bitsOf: Int8Array;
}

function alphabetOf(characters: string): Alphabet {
  const bitsOf = new Int8Array(128).fill(-1);
  for (let i = 0; i < characters.length; i++) bitsOf[characters.charCodeAt(i)] = i;
  const pairs = Array.from({ length: 4096 }, (_, i) => `${characters[i >> 6]}${characters[i & 63]}`);
  return { pairs, bitsOf };
}

function encode(bytes: Bytes, { pairs }: Alphabet): string {
  let text = '';
  const whole = bytes.length - (bytes.length % 3);
  const pairOf = (bits: number): string => pairs[bits & 0xfff] as string;
  for (let i = 0; i < whole; i += 3) {
    const bits = byteAt(bytes, i, 16) | byteAt(bytes, i + 1, 8) | byteAt(bytes, i + 2, 0);
    text += pairOf(bits >> 12) + pairOf(bits);
  }
  if (bytes.length - whole === 1) return text + pairOf(byteAt(bytes, whole, 4));
  if (bytes.length - whole === 0) return text;
  const bits = byteAt(bytes, whole, 10) | byteAt(bytes, whole + 1, 2);
  return text + pairOf(bits >> 6) + pairOf(bits).charAt(1);
}

const byteAt = (bytes: Bytes, at: number, shift: number): number => (bytes[at] as number) << shift;

function decode(text: string, { bitsOf }: Alphabet, name: string): Bytes {
  const { length } = text;
  if (length % 4 === 1) throw new TypeError(`${name}: impossible length`);
  const bytes = new Uint8Array((length * 3) >> 2);
  // Of all characters: negative from the first one on that is outside the alphabet, beyond 127 from the first that is no ASCII.
  let signs = 0;
  let codes = 0;
  const at = (i: number): number => {
    const code = text.charCodeAt(i);
    const bits = bitsOf[code & 127] as number;
    codes |= code;
    signs |= bits;
    return bits;
  };
  const whole = length - (length % 4);
  let to = 0;
  for (let i = 0; i < whole; i += 4) {
    const bits = (at(i) << 18) | (at(i + 1) << 12) | (at(i + 2) << 6) | at(i + 3);
    bytes[to] = bits >> 16;
    bytes[to + 1] = bits >> 8;
    bytes[to + 2] = bits;
    to += 3;
  }
  const left = length - whole;
  const last =
    left === 0 ? 0 : (at(whole) << 18) | (at(whole + 1) << 12) | (left === 3 ? at(whole + 2) << 6 : 0);
  if (left > 0) bytes[to] = last >> 16;
  if (left > 2) bytes[to + 1] = last >> 8;
  if (signs < 0 || codes > 127) throw new TypeError(`${name}: character outside the alphabet`);
  if ((last & (left === 3 ? 0xff : 0xffff)) !== 0) throw new TypeError(`${name}: non-zero trailing bits`);
  return bytes;
}

const URL_SAFE = alphabetOf(`${LETTERS_AND_DIGITS}-_`);
const STANDARD = alphabetOf(`${LETTERS_AND_DIGITS}+/`);
