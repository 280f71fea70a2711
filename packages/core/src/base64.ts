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

/** ASCII codes of the characters, and the six bits that each ASCII character stands for, or −1. */
interface Alphabet {
  readonly codes: Uint8Array;
  readonly bitsOf: Int8Array;
}

function alphabetOf(characters: string): Alphabet {
  const codes = Uint8Array.from(characters, (character) => character.charCodeAt(0));
  const bitsOf = new Int8Array(128).fill(-1);
  codes.forEach((code, i) => {
    bitsOf[code] = i;
  });
  return { codes, bitsOf };
}

const ascii = new TextDecoder();

/** By way of bytes: text that is put together from pieces costs ten times as much, and again when it is used. */
function encode(bytes: Bytes, { codes }: Alphabet): string {
  const letters = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  const letter = (bits: number): number => codes[bits & 63] as number;
  let to = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    // Past the end of the bytes there are zeroes, and past the end of the letters nothing is written.
    const bits = byteAt(bytes, i, 16) | byteAt(bytes, i + 1, 8) | byteAt(bytes, i + 2, 0);
    letters[to] = letter(bits >> 18);
    letters[to + 1] = letter(bits >> 12);
    letters[to + 2] = letter(bits >> 6);
    letters[to + 3] = letter(bits);
    to += 4;
  }
  return ascii.decode(letters);
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
