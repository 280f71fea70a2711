import { concatBytes } from '../bytes.ts';

const encoder = new TextEncoder();

/** Collects fixed-size fields, big-endian. Every method throws TypeError for what does not fit. */
export interface ByteWriter {
  u8(value: number): void;
  u16(value: number): void;
  u32(value: number): void;
  u64(value: number): void;
  /** Exactly `length` bytes. */
  fixed(value: Uint8Array, length: number): void;
  /** The bytes after their number, which takes `width` bytes. */
  counted(value: Uint8Array, width: 1 | 2 | 4): void;
  /** Well-formed text as UTF-8, after the number of its bytes. */
  text(value: string, width: 1 | 2): void;
  toBytes(): Uint8Array;
}

export function createByteWriter(): ByteWriter {
  const parts: Uint8Array[] = [];
  const number = (value: number, width: number): void => {
    if (!Number.isSafeInteger(value) || value < 0 || value >= 256 ** width) {
      throw new TypeError('receipt: number does not fit its field');
    }
    const bytes = new Uint8Array(width);
    for (let at = width - 1, rest = value; at >= 0; at--, rest = Math.floor(rest / 256))
      bytes[at] = rest % 256;
    parts.push(bytes);
  };
  const counted = (value: Uint8Array, width: number): void => {
    number(value.length, width);
    parts.push(value);
  };
  return {
    u8: (value) => number(value, 1),
    u16: (value) => number(value, 2),
    u32: (value) => number(value, 4),
    u64: (value) => number(value, 8),
    fixed(value, expected) {
      if (value.length !== expected) throw new TypeError(`receipt: field has ${expected} bytes`);
      parts.push(value);
    },
    counted,
    text(value, width) {
      if (!value.isWellFormed()) throw new TypeError('receipt: text is not well-formed');
      counted(encoder.encode(value), width);
    },
    toBytes: () => concatBytes(parts),
  };
}
