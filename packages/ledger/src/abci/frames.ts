import { type Bytes, concatBytes } from '@attestel/core';
import { AbciProtocolError } from './protocol-error.ts';

/** The engine's own bound of one message, bytes (its socket client refuses longer ones). */
export const MAX_FRAME_BYTES = 104_857_600;
/** A bound below 2^35 fits into five groups of seven bits. */
const MAX_PREFIX_BYTES = 5;

/** Splits a byte stream into messages: each is preceded by its length as an unsigned varint. */
export interface FrameReader {
  /** Messages that are complete now, in order. @throws AbciProtocolError, and the stream is then useless */
  push(chunk: Bytes): readonly Bytes[];
  /** Bytes of a message that is not complete. */
  readonly pending: number;
}

export function createFrameReader(limit = MAX_FRAME_BYTES): FrameReader {
  // Chunks are joined once per message, not once per chunk: a message of 100 MB comes in thousands.
  let chunks: Bytes[] = [];
  let held = 0;
  let needed = 0;
  const scan = (bytes: Bytes, frames: Bytes[]): Bytes => {
    let at = 0;
    for (;;) {
      const prefix = readPrefix(bytes, at, limit);
      needed = prefix ? prefix.length + prefix.value : 0;
      if (!prefix || bytes.length - at < needed) return bytes.subarray(at);
      frames.push(bytes.subarray(at + prefix.length, at + needed));
      at += needed;
    }
  };
  return {
    push(chunk) {
      chunks.push(chunk);
      held += chunk.length;
      if (held < needed) return [];
      const frames: Bytes[] = [];
      const rest = scan(chunks.length === 1 ? chunk : concatBytes(...chunks), frames);
      chunks = rest.length > 0 ? [rest] : [];
      held = rest.length;
      return frames;
    },
    get pending() {
      return held;
    },
  };
}

/** The bytes that go before a message of this length. */
export function framePrefix(length: number): Bytes {
  const bytes: number[] = [];
  let rest = length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** Undefined while the prefix itself is incomplete. */
function readPrefix(
  bytes: Bytes,
  from: number,
  limit: number,
): { readonly value: number; readonly length: number } | undefined {
  let value = 0;
  for (let i = 0; i < MAX_PREFIX_BYTES; i++) {
    const byte = bytes[from + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (value > limit) throw new AbciProtocolError('message is longer than the limit');
    if (byte < 0x80) {
      if (byte === 0 && i > 0) throw new AbciProtocolError('length is not in its shortest form');
      return { value, length: i + 1 };
    }
  }
  throw new AbciProtocolError('length has too many bytes');
}
