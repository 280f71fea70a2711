import type { Bytes } from './bytes.ts';

const URL_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const STANDARD_ALPHABET = `${URL_ALPHABET.slice(0, 62)}+/`;

/** Base64url without padding (RFC 4648 §5). */
export const toBase64url = (bytes: Bytes): string => encode(bytes, URL_ALPHABET);

/**
 * Strict base64url without padding: no other alphabet, no padding, no white space, and the unused
 * bits of the last character are zero, so that each byte string has one spelling (RFC 4648 §3.5).
 * @throws TypeError on anything else
 */
export const fromBase64url = (text: string): Bytes => decode(text, URL_DECODE, 'base64url');

/** Base64 with padding (RFC 4648 §4), as signed notes and `x5c` use it. */
export function toBase64(bytes: Bytes): string {
  const body = encode(bytes, STANDARD_ALPHABET);
  return body + '='.repeat((4 - (body.length % 4)) % 4);
}

/** Strict padded base64. @throws TypeError on anything else */
export function fromBase64(text: string): Bytes {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const body = text.slice(0, text.length - padding);
  if (text.length % 4 !== 0 || body.length + ((4 - (body.length % 4)) % 4) !== text.length) {
    throw new TypeError('base64: bad padding');
  }
  return decode(body, STANDARD_DECODE, 'base64');
}

const URL_DECODE = decodeTable(URL_ALPHABET);
const STANDARD_DECODE = decodeTable(STANDARD_ALPHABET);

function decodeTable(alphabet: string): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (let i = 0; i < alphabet.length; i++) table[alphabet.charCodeAt(i)] = i;
  return table;
}

function encode(bytes: Bytes, alphabet: string): string {
  let out = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      out += alphabet[(buffer >> bits) & 63];
    }
  }
  return bits > 0 ? out + alphabet[(buffer << (6 - bits)) & 63] : out;
}

function decode(text: string, table: Int8Array, name: string): Bytes {
  if (text.length % 4 === 1) throw new TypeError(`${name}: impossible length`);
  const out = new Uint8Array((text.length * 3) >> 2);
  let buffer = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const value = table[text.charCodeAt(i)] ?? -1;
    if (value < 0) throw new TypeError(`${name}: character outside the alphabet`);
    buffer = ((buffer << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (buffer >> bits) & 0xff;
    }
  }
  if ((buffer & ((1 << bits) - 1)) !== 0) throw new TypeError(`${name}: non-zero trailing bits`);
  return out;
}
