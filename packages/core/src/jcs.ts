/** JSON values that JCS and JWTs carry. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/**
 * JSON Canonicalization Scheme (RFC 8785): members sorted by UTF-16 code units, no white space,
 * ECMAScript number and string forms. Members whose value is undefined are left out.
 * @throws TypeError on a non-finite number, a lone surrogate or a non-JSON value
 */
export function canonicalizeJson(value: JsonValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('jcs: number is not finite');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('jcs: text with a lone surrogate');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalizeJson).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError('jcs: not a JSON value');
  const members = Object.entries(value as { [key: string]: JsonValue | undefined })
    .filter((member): member is [string, JsonValue] => member[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([k, v]) => `${canonicalizeJson(k)}:${canonicalizeJson(v)}`).join(',')}}`;
}
