import type { Bytes } from './bytes.ts';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const VALUES = new Map(Array.from(ALPHABET, (c, i) => [c, i]));

/** Work is quadratic in the length, so hostile input is cut off before it. */
const MAX_LENGTH = 256;

/** Base58 with the Bitcoin alphabet, without multibase prefix. */
export function toBase58(bytes: Bytes): string {
  const digits: number[] = [];
  for (const byte of bytes) {
    let carry = byte;
    for (let i = 0; i < digits.length; i++) {
      carry += (digits[i] as number) << 8;
      digits[i] = carry % 58;
      carry = Math.floor(carry / 58);
    }
    while (carry > 0) {
      digits.push(carry % 58);
      carry = Math.floor(carry / 58);
    }
  }
  return (
    '1'.repeat(leadingZeros(bytes)) +
    digits
      .reverse()
      .map((d) => ALPHABET[d])
      .join('')
  );
}

/** @throws TypeError on a character outside the alphabet or more than 256 characters */
export function fromBase58(text: string): Bytes {
  if (text.length > MAX_LENGTH) throw new TypeError('base58: too long');
  const bytes: number[] = [];
  for (const character of text) {
    let carry = VALUES.get(character) ?? -1;
    if (carry < 0) throw new TypeError('base58: character outside the alphabet');
    for (let i = 0; i < bytes.length; i++) {
      carry += (bytes[i] as number) * 58;
      bytes[i] = carry & 0xff;
      carry >>= 8;
    }
    while (carry > 0) {
      bytes.push(carry & 0xff);
      carry >>= 8;
    }
  }
  const zeros = text.length - text.replace(/^1+/, '').length;
  return Uint8Array.from([...new Array<number>(zeros).fill(0), ...bytes.reverse()]);
}

function leadingZeros(bytes: Bytes): number {
  const first = bytes.findIndex((b) => b !== 0);
  return first < 0 ? bytes.length : first;
}
