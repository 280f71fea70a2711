/** JSON values that JCS and JWTs carry. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/** Containers around the innermost value, at most: parsers accept far deeper texts than a stack does. */
const MAX_DEPTH = 64;

/**
 * JSON Canonicalization Scheme (RFC 8785): members sorted by UTF-16 code units, no white space,
 * ECMAScript number and string forms. Members whose value is undefined are left out.
 * @throws TypeError on a non-finite number, a lone surrogate, a non-JSON value or deep nesting
 */
export const canonicalizeJson = (value: JsonValue): string => canonicalize(value, 0);

function canonicalize(value: JsonValue, depth: number): string {
  if (depth > MAX_DEPTH) throw new TypeError(`jcs: nested deeper than ${MAX_DEPTH}`);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'string') return canonicalText(value);
  if (Array.isArray(value)) return canonicalList(value, depth);
  return canonicalObject(value as { readonly [key: string]: JsonValue | undefined }, depth);
}

function canonicalList(value: readonly JsonValue[], depth: number): string {
  let text = '';
  for (const item of value) text += `${text === '' ? '' : ','}${canonicalize(item, depth + 1)}`;
  return `[${text}]`;
}

function canonicalObject(value: { readonly [key: string]: JsonValue | undefined }, depth: number): string {
  assertPlainObject(value);
  let text = '';
  // RFC 8785 §3.2.3: by UTF-16 code units, as sort compares.
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${canonicalText(key)}:${canonicalize(member, depth + 1)}`;
  }
  return `{${text}}`;
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError('jcs: number is not finite');
  return JSON.stringify(value); // RFC 8785 §3.2.2.3 is the ECMAScript form
}

/** Printable ASCII without quote and backslash: it stands for itself, which is several times quicker to see. */
const PLAIN = /^[ !#-[\]-~]*$/;

function canonicalText(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  if (!value.isWellFormed()) throw new TypeError('jcs: text with a lone surrogate');
  return JSON.stringify(value);
}

/** Dates, byte arrays, maps: they would lose their meaning without a word. */
function assertPlainObject(value: unknown): void {
  const prototype = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined;
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError('jcs: not a JSON value');
}
