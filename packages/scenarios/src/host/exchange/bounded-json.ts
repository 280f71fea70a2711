import { type Bytes, fromUtf8, type JsonValue } from '@attestel/core';

/** Containers around the innermost value, at most: no code behind this has to fear for its stack. */
const MAX_DEPTH = 48;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * Parses hostile JSON of any length that the caller bounds: bounded in depth, no member named twice or `__proto__`, so
 * that two readers never see two values. Members as written are the colons outside texts.
 * @throws TypeError, without the input
 */
export function parseBoundedJson(bytes: Bytes): JsonValue {
  const written = scan(bytes);
  let value: JsonValue;
  try {
    value = JSON.parse(fromUtf8(bytes)) as JsonValue;
  } catch {
    throw new TypeError('json: malformed'); // without cause: V8's message quotes the input
  }
  if (countMembers(value) !== written) throw new TypeError('json: a member twice');
  return value;
}

/** Number of colons outside texts; in UTF-8 no byte of another character looks like one of those looked for. */
function scan(bytes: Bytes): number {
  let [depth, colons] = [0, 0];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte === QUOTE) i = endOfText(bytes, i);
    else if (byte === COLON) colons++;
    // `[` 5b and `{` 7b differ in one bit, so do `]` 5d and `}` 7d.
    else if ((byte | 0x20) === 0x7b && ++depth > MAX_DEPTH) throw new TypeError('json: too deep');
    else if ((byte | 0x20) === 0x7d) depth--;
  }
  return colons;
}

/** Place of the quote that ends a text; the end where none does: the parser says so. */
function endOfText(bytes: Bytes, start: number): number {
  let i = start + 1;
  while (i < bytes.length && bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1;
  return i;
}

function countMembers(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countMembers(item);
    return count;
  }
  for (const [name, member] of Object.entries(value)) {
    // Assigning it would change the prototype of whatever object it is copied into.
    if (name === '__proto__') throw new TypeError('json: forbidden member');
    count += 1 + countMembers(member as JsonValue);
  }
  return count;
}
