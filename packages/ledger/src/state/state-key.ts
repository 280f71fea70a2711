import { asciiBytes, type Bytes, type Room, utf8 } from '@attestel/core';
import { fail } from '../errors.ts';
import { BytePieces } from '../store/byte-pieces.ts';

/** The longest key of the store port. */
const MAX_KEY_BYTES = 500;

/** Module names hold no NUL, so no key of one module can fall into the range of another. */
export const SEPARATOR = '\0';

/** Keys and values of a block, which are let go together. */
const pieces = new BytePieces(1 << 16);
export const room: Room = (length) => pieces.take(length);

/** `module ‖ 0 ‖ key`. @throws AppError state_key_invalid */
export function stateKey(module: string, key: string): Bytes {
  // A lone surrogate would be written as U+FFFD, the same as another key.
  if (!key.isWellFormed()) throw fail('state_key_invalid');
  const bytes = keyText(module + SEPARATOR + key);
  if (bytes.length > MAX_KEY_BYTES) throw fail('state_key_invalid');
  return bytes;
}

/** UTF-8. */
export const keyText = (text: string): Bytes => asciiBytes(text, room) ?? utf8(text);
