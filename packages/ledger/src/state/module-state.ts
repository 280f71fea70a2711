import {
  asciiBytes,
  type Bytes,
  type CborValue,
  decodeCbor,
  encodeCbor,
  fromUtf8,
  type Room,
  type StoreReader,
  utf8,
} from '@attestel/core';
import { fail } from '../errors.ts';
import type { State, StateReader } from '../module.ts';
import { BytePieces } from '../store/byte-pieces.ts';
import type { Overlay } from '../store/overlay.ts';
import { TABLES } from '../tables.ts';

/** The longest key of the store port. */
const MAX_KEY_BYTES = 500;

/** Module names hold no NUL, so no key of one module can fall into the range of another. */
const SEPARATOR = '\0';

/** A module's part of the state table. */
export function createStateReader(reader: StoreReader, module: string): StateReader {
  const start = utf8(module + SEPARATOR).length;
  return {
    get(key) {
      const value = reader.get(TABLES.state, stateKey(module, key));
      return value === undefined ? undefined : decodeCbor(value);
    },
    *list(prefix) {
      const from = stateKey(module, prefix);
      for (const [key, value] of reader.range(TABLES.state, { from, to: successor(from) })) {
        yield [fromUtf8(key.subarray(start)), decodeCbor(value)];
      }
    },
  };
}

export const createState = (view: Overlay, module: string): State => ({
  ...createStateReader(view, module),
  put: (key, value: CborValue) => view.give(TABLES.state, stateKey(module, key), encodeCbor(value, room)),
  delete: (key) => view.delete(TABLES.state, stateKey(module, key)),
});

/** Keys and values of a block, which are let go together. */
const pieces = new BytePieces(1 << 16);
const room: Room = (length) => pieces.take(length);

/** `module ‖ 0 ‖ key`. @throws AppError state_key_invalid */
export function stateKey(module: string, key: string): Bytes {
  // A lone surrogate would be written as U+FFFD, the same as another key.
  if (!key.isWellFormed()) throw fail('state_key_invalid');
  const text = module + SEPARATOR + key;
  const bytes = asciiBytes(text, room) ?? utf8(text);
  if (bytes.length > MAX_KEY_BYTES) throw fail('state_key_invalid');
  return bytes;
}

/** First key after all keys with this prefix. UTF-8 has no byte 0xff, so the last byte has room. */
function successor(prefix: Bytes): Bytes {
  const end = prefix.slice();
  end[end.length - 1] = (end.at(-1) as number) + 1;
  return end;
}
