import { type Bytes, fromUtf8, type JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import { MAX_PARCEL_BYTES } from './exchange-party.ts';

/** Containers around the innermost value, at most: no code behind this has to fear for its stack. */
const MAX_DEPTH = 48;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** JSON of a message whose signature verified, bounded in size and depth. @throws AppError exchange_malformed */
export function parseParcelJson(bytes: Bytes): JsonValue {
  if (bytes.length > MAX_PARCEL_BYTES || depthOf(bytes) > MAX_DEPTH) throw fail('exchange_malformed');
  try {
    return JSON.parse(fromUtf8(bytes)) as JsonValue;
  } catch {
    throw fail('exchange_malformed'); // without cause: V8's message quotes the input
  }
}

/** Deepest nesting of brackets outside strings. In UTF-8 no byte of another character looks like one of these. */
function depthOf(bytes: Bytes): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    // `[` 5b and `{` 7b differ in one bit, so do `]` 5d and `}` 7d.
    else if ((byte | 0x20) === 0x7b) deepest = Math.max(deepest, ++depth);
    else if ((byte | 0x20) === 0x7d) depth--;
  }
  return deepest;
}
