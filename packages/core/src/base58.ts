import type { Bytes } from './bytes.ts';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** By character code; −1 for what is no digit. */
const VALUES = Int8Array.from({ length: 128 }, (_, code) => ALPHABET.indexOf(String.fromCharCode(code)));

/** Work is quadratic in the length, so hostile input is cut off before it. */
const MAX_LENGTH = 256;

/**
 * Numbers of {@link LIMB} are worked on at once, and four digits with each: 58^4 · 2^24 is exact in a JavaScript number.
 * A third of the limbs and a quarter of the passes of byte by byte, digit by digit.
 */
const LIMB = 2 ** 24;
const LIMB_BYTES = 3;
const GROUP = 4;
const GROUP_RADIX = 58 ** GROUP;

/** Base58 with the Bitcoin alphabet, without multibase prefix. */
export function toBase58(bytes: Bytes): string {
  const groups: number[] = [];
  // The first limb is the short one, so that the others are whole.
  for (let at = 0, end = bytes.length % LIMB_BYTES || LIMB_BYTES; at < bytes.length; end += LIMB_BYTES) {
    let carry = 0;
    let radix = 1;
    for (; at < end; at++, radix *= 256) carry = carry * 256 + (bytes[at] as number);
    for (let i = 0; i < groups.length; i++) {
      const value = (groups[i] as number) * radix + carry;
      carry = Math.floor(value / GROUP_RADIX);
      groups[i] = value - carry * GROUP_RADIX;
    }
    for (; carry > 0; carry = Math.floor(carry / GROUP_RADIX)) groups.push(carry % GROUP_RADIX);
  }
  let text = '';
  for (let i = groups.length - 1; i >= 0; i--) text += digitsOf(groups[i] as number);
  return '1'.repeat(leadingZeros(bytes)) + text.replace(/^1+/, '');
}

/** Four digits. */
function digitsOf(group: number): string {
  let text = '';
  for (let i = 0, rest = group; i < GROUP; i++, rest = Math.floor(rest / 58)) {
    text = (ALPHABET[rest % 58] as string) + text;
  }
  return text;
}

/** @throws TypeError on a character outside the alphabet or more than 256 characters */
export function fromBase58(text: string): Bytes {
  if (text.length > MAX_LENGTH) throw new TypeError('base58: too long');
  const limbs: number[] = [];
  for (let at = 0, end = text.length % GROUP || GROUP; at < text.length; end += GROUP) {
    let carry = 0;
    let radix = 1;
    for (; at < end; at++, radix *= 58) carry = carry * 58 + digitAt(text, at);
    for (let i = 0; i < limbs.length; i++) {
      const value = (limbs[i] as number) * radix + carry;
      carry = Math.floor(value / LIMB);
      limbs[i] = value - carry * LIMB;
    }
    if (carry > 0) limbs.push(carry);
  }
  return withLeadingZeros(limbs, text);
}

function digitAt(text: string, at: number): number {
  const value = VALUES[text.charCodeAt(at)] ?? -1;
  if (value < 0) throw new TypeError('base58: character outside the alphabet');
  return value;
}

/** The number in as few bytes as it needs, after a zero byte for each leading `1`. */
function withLeadingZeros(limbs: readonly number[], text: string): Bytes {
  const whole = new Uint8Array(limbs.length * LIMB_BYTES);
  for (let i = 0, at = whole.length; i < limbs.length; i++) {
    const limb = limbs[i] as number;
    whole[--at] = limb & 0xff;
    whole[--at] = (limb >> 8) & 0xff;
    whole[--at] = limb >> 16;
  }
  let ones = 0;
  while (ones < text.length && text[ones] === '1') ones++;
  const digits = whole.subarray(leadingZeros(whole));
  const bytes = new Uint8Array(ones + digits.length);
  bytes.set(digits, ones);
  return bytes;
}

function leadingZeros(bytes: Bytes): number {
  let count = 0;
  while (count < bytes.length && bytes[count] === 0) count++;
  return count;
}
