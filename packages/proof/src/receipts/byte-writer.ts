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
  /** Ends the writer: nothing can be written after it. */
  toBytes(): Uint8Array;
}

/** Most receipts fit; one buffer for all fields spares an array for each. */
const FIRST_BYTES = 1024;

const ENDED = new Uint8Array(0);
/** Of a writer that is done, for the next one: memory is dearer than what is written into it. */
let spare: Uint8Array | undefined;

export function createByteWriter(): ByteWriter {
  let buffer = spare ?? new Uint8Array(FIRST_BYTES);
  spare = undefined;
  let size = 0;
  /** Where `length` more bytes go. */
  const grow = (length: number): number => {
    if (size + length > buffer.length) {
      const larger = new Uint8Array(Math.max(2 * buffer.length, size + length));
      larger.set(buffer);
      buffer = larger;
    }
    size += length;
    return size - length;
  };
  const number = (value: number, width: number): void => {
    if (!Number.isSafeInteger(value) || value < 0 || value >= 256 ** width) {
      throw new TypeError('receipt: number does not fit its field');
    }
    const start = grow(width);
    for (let at = start + width - 1, rest = value; at >= start; at--, rest = Math.floor(rest / 256))
      buffer[at] = rest % 256;
  };
  const counted = (value: Uint8Array, width: number): void => {
    number(value.length, width);
    const at = grow(value.length); // first: it may replace the buffer
    buffer.set(value, at);
  };
  return {
    u8: (value) => number(value, 1),
    u16: (value) => number(value, 2),
    u32: (value) => number(value, 4),
    u64: (value) => number(value, 8),
    fixed(value, expected) {
      if (value.length !== expected) throw new TypeError(`receipt: field has ${expected} bytes`);
      const at = grow(expected);
      buffer.set(value, at);
    },
    counted,
    text(value, width) {
      if (!value.isWellFormed()) throw new TypeError('receipt: text is not well-formed');
      counted(encoder.encode(value), width);
    },
    toBytes() {
      const bytes = buffer.slice(0, size);
      if (buffer.length === FIRST_BYTES) spare = buffer;
      buffer = ENDED;
      return bytes;
    },
  };
}
