import type { JsonValue } from './jcs.ts';

export type JsonObject = { readonly [key: string]: JsonValue };

/** What a hostile JSON text may cost. */
export interface JsonLimits {
  /** Containers around the innermost value. */
  readonly depth: number;
  /** Commas outside strings; absent: as many as the length that the caller allows. */
  readonly items?: number;
}

/** Why a text was refused: a caller gives it a code of its own. */
export type JsonFault = 'invalid' | 'duplicate_member' | 'forbidden_member' | 'too_complex';

/** Says the rule, never the input. */
export class StrictJsonError extends TypeError {
  readonly fault: JsonFault;

  constructor(fault: JsonFault) {
    super(`json: ${fault}`);
    this.fault = fault;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;

/**
 * Parses a hostile JSON text (RFC 8259), whose length the caller bounds: bounded in depth and items, no member `__proto__`,
 * every string well-formed Unicode, and no object may name a member twice, so that two readers of one text never see two values.
 *
 * The members an object was written with are the colons outside strings; the members it has after
 * parsing are its keys. They differ exactly when a name came twice.
 * @throws StrictJsonError
 */
export function parseStrictJson(text: string, limits: JsonLimits): JsonValue {
  return parseAs(text, limits, (json) => JSON.parse(json) as JsonValue);
}

/**
 * {@link parseStrictJson} in which a number is the text that stood for it, so that no binary float has ever rounded it.
 * Strings must be well-formed Unicode.
 * @throws StrictJsonError
 */
export function parseStrictJsonSource(text: string, limits: JsonLimits): JsonValue {
  return parseAs(text, limits, (json) => (JSON.parse as ParseWithSource)(json, keepSource) as JsonValue);
}

/** ECMA-262 `JSON.parse` with source text access, which the library's types do not have yet. */
type ParseWithSource = (
  text: string,
  reviver: (name: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;

function keepSource(name: string, value: unknown, { source }: { readonly source?: string }): unknown {
  if (!name.isWellFormed() || (typeof value === 'string' && !value.isWellFormed())) {
    throw new StrictJsonError('invalid');
  }
  return typeof value === 'number' ? source : value;
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseAs(text: string, limits: JsonLimits, parse: (text: string) => JsonValue): JsonValue {
  const written = scan(text, limits);
  let value: JsonValue;
  try {
    value = parse(text);
  } catch {
    throw new StrictJsonError('invalid'); // without cause: V8's message quotes the input
  }
  if (countMembers(value) !== written) throw new StrictJsonError('duplicate_member');
  return value;
}

/** Number of colons outside strings; bounds depth and items before the parser sees the text. */
function scan(text: string, limits: JsonLimits): number {
  let [colons, items, depth] = [0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) i = endOfString(text, i);
    else if (c === COLON) colons++;
    else if (c === COMMA) items++;
    // `[` 5b and `{` 7b differ in one bit, so do `]` 5d and `}` 7d.
    else if ((c | 0x20) === 0x7b && ++depth > limits.depth) throw new StrictJsonError('too_complex');
    else if ((c | 0x20) === 0x7d) depth--;
  }
  if (limits.items !== undefined && items > limits.items) throw new StrictJsonError('too_complex');
  return colons;
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  throw new StrictJsonError('invalid');
}

function countMembers(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return assertText(value);
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countMembers(item);
    return count;
  }
  const members = value as JsonObject;
  for (const key of Object.keys(members)) {
    // Assigning it would change the prototype of whatever object the members are copied into.
    if (key === '__proto__') throw new StrictJsonError('forbidden_member');
    count += 1 + assertText(key) + countMembers(members[key] as JsonValue);
  }
  return count;
}

/** RFC 7493 §2.1: half a surrogate pair is no text, and no two readers agree on what it is. */
function assertText(value: JsonValue): 0 {
  if (typeof value === 'string' && !value.isWellFormed()) throw new StrictJsonError('invalid');
  return 0;
}
