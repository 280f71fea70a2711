import {
  isJsonObject,
  type JsonFault,
  type JsonObject,
  type JsonValue,
  parseStrictJson as parse,
  StrictJsonError,
} from '@attestel/core';
import { fail } from '../errors.ts';
import { LIMITS } from '../limits.ts';

export { isJsonObject, type JsonObject };

const BOUNDS = { depth: LIMITS.jsonDepth, items: LIMITS.jsonItems };

const CODES = {
  invalid: 'json_invalid',
  duplicate_member: 'json_duplicate_member',
  forbidden_member: 'json_forbidden_member',
  too_complex: 'json_too_complex',
} as const satisfies Record<JsonFault, string>;

/**
 * Parses the JSON of something signed: no object may name a member twice (RFC 7515 §4 and RFC 7519 §4 allow to refuse;
 * two readers of one signed text must not see two values).
 * @throws AppError json_*
 */
export function parseStrictJson(text: string): JsonValue {
  try {
    return parse(text, BOUNDS);
  } catch (error) {
    throw error instanceof StrictJsonError ? fail(CODES[error.fault]) : error;
  }
}

/** {@link parseStrictJson} for texts that must be objects, as JOSE headers and claims sets are. */
export function parseStrictObject(text: string): JsonObject {
  const value = parseStrictJson(text);
  if (!isJsonObject(value)) throw fail('json_not_object');
  return value;
}
