import type { JsonValue } from '@attestel/core';
import { fail } from '../errors.ts';
import { LIMITS } from '../limits.ts';

export type JsonObject = { readonly [key: string]: JsonValue };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;

/**
 * Parses a hostile JSON text: bounded in depth and size, and no object may name a member twice
 * (RFC 7515 §4 and RFC 7519 §4 allow to refuse; two readers of one signed text must not see two values).
 *
 * The members an object was written with are the colons outside strings; the members it has after
 * parsing are its keys. They differ exactly when a name came twice.
 */
export function parseStrictJson(text: string): JsonValue {
  const written = scan(text);
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    throw fail('json_invalid'); // without cause: V8's message quotes the input
  }
  if (countMembers(value) !== written) throw fail('json_duplicate_member');
  return value;
}

/** {@link parseStrictJson} for texts that must be objects, as JOSE headers and claims sets are. */
export function parseStrictObject(text: string): JsonObject {
  const value = parseStrictJson(text);
  if (!isJsonObject(value)) throw fail('json_not_object');
  return value;
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Number of colons outside strings; bounds depth and items before the parser sees the text. */
function scan(text: string): number {
  let colons = 0;
  let items = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) i = endOfString(text, i);
    else if (c === COLON) colons++;
    else if (c === COMMA) items++;
    // `[` 5b and `{` 7b differ in one bit, so do `]` 5d and `}` 7d.
    else if ((c | 0x20) === 0x7b && ++depth > LIMITS.jsonDepth) throw fail('json_too_complex');
    else if ((c | 0x20) === 0x7d) depth--;
  }
  if (items > LIMITS.jsonItems) throw fail('json_too_complex');
  return colons;
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  throw fail('json_invalid');
}

function countMembers(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countMembers(item);
    return count;
  }
  const members = value as JsonObject;
  for (const key of Object.keys(members)) {
    // Assigning it would change the prototype of whatever object the claims are copied into.
    if (key === '__proto__') throw fail('json_forbidden_member');
    count += 1 + countMembers(members[key] as JsonValue);
  }
  return count;
}
