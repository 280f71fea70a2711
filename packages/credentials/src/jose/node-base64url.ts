import type { Bytes } from '@attestel/core';

const ALPHABET = /^[A-Za-z0-9_-]*$/;
/** Last characters whose unused low bits are zero, by length mod 4 (RFC 4648 §3.5). */
const LAST_OF_TWO = 'AQgw';
const LAST_OF_THREE = 'AEIMQUYcgkosw048';

/** Strict base64url by Node's decoder, which alone would skip over what it does not know. */
export function decodeBase64url(text: string): Bytes {
  const rest = text.length % 4;
  const last = text.at(-1) ?? '';
  if (
    rest === 1 ||
    (rest === 2 && !LAST_OF_TWO.includes(last)) ||
    (rest === 3 && !LAST_OF_THREE.includes(last)) ||
    !ALPHABET.test(text)
  ) {
    throw new TypeError('base64url: not strict');
  }
  return Buffer.from(text, 'base64url');
}

export const encodeBase64url = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');
