/** A byte string. Node's Buffer is one; browser code never needs Buffer. */
export type Bytes = Uint8Array;

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Up to here a loop is faster than setting out for the encoder. */
const SHORT_TEXT = 64;

/** UTF-8 bytes of a string. */
export const utf8 = (text: string): Bytes =>
  (text.length <= SHORT_TEXT && asciiBytes(text)) || encoder.encode(text);

/** Where bytes are written that many are made of; anywhere else a new array is fine. */
export type Room = (length: number) => Bytes;

export const newBytes: Room = (length) => new Uint8Array(length);

/** Undefined where a character is beyond ASCII. */
export function asciiBytes(text: string, room: Room = newBytes): Bytes | undefined {
  const bytes = room(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return undefined;
    bytes[i] = unit;
  }
  return bytes;
}

/** String of strict UTF-8 bytes. @throws TypeError on malformed UTF-8 */
export const fromUtf8 = (bytes: Bytes): string => strictDecoder.decode(bytes);

export function concatBytes(...parts: readonly Bytes[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/**
 * Equality whose time depends on the lengths only: use it for secrets and MACs.
 */
export function equalBytes(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/** Lexicographic order of unsigned bytes, the order of every sorted key in Attestel. */
export function compareBytes(a: Bytes, b: Bytes): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Of each byte: hex is what most maps of ledgers are keyed by. */
const HEX_OF = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const DIGITS: readonly number[] = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** Up to here, as hashes are, text is made in one go: one that grows by pieces costs twice that, and garbage. */
const SHORT_BYTES = 64;

export function toHex(bytes: Bytes): string {
  if (bytes.length <= SHORT_BYTES) return shortHex(bytes);
  let text = '';
  for (const byte of bytes) text += HEX_OF[byte];
  return text;
}

/** For texts of each length: an array for each text would cost as much as the text. */
const digitsOf: number[][] = [];

function shortHex(bytes: Bytes): string {
  digitsOf[bytes.length] ??= new Array<number>(2 * bytes.length).fill(0);
  const digits = digitsOf[bytes.length] as number[];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    digits[2 * i] = DIGITS[byte >> 4] as number;
    digits[2 * i + 1] = DIGITS[byte & 15] as number;
  }
  return String.fromCharCode(...digits);
}

/** Of each character below 128: its four bits, or −1. */
const BITS_OF = Int8Array.from({ length: 128 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code)),
);

/** @throws TypeError unless the text is lower-case hex of whole bytes */
export function fromHex(text: string): Bytes {
  const bytes = new Uint8Array(text.length >> 1);
  // Negative from the first character on that is none.
  let signs = -(text.length & 1);
  for (let i = 0; i < bytes.length; i++) {
    const high = BITS_OF[text.charCodeAt(2 * i)] ?? -1;
    const low = BITS_OF[text.charCodeAt(2 * i + 1)] ?? -1;
    signs |= high | low;
    bytes[i] = (high << 4) | low;
  }
  if (signs < 0) throw new TypeError('hex: expected lower-case hex of whole bytes');
  return bytes;
}
