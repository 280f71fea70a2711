import { type JsonFault, type JsonValue, parseStrictJsonSource, StrictJsonError } from '@attestel/core';
import { fail } from '../../errors.ts';

const MAX_LENGTH = 33_554_432;
const LIMITS = { depth: 32 };

const RULES: Record<JsonFault, string> = {
  invalid: 'json',
  duplicate_member: 'json-repeated-member',
  forbidden_member: 'json-forbidden-member',
  too_complex: 'json-depth',
};

/**
 * Reads JSON (RFC 8259) in which a number is the text that stood for it: at most 32 levels and 32 Mi characters.
 * @throws AppError invalid_argument
 */
export function readSourceJson(text: string): JsonValue {
  if (text.length > MAX_LENGTH) throw fail('invalid_argument', { field: '/', extra: { rule: 'json-size' } });
  try {
    return parseStrictJsonSource(text, LIMITS);
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    throw fail('invalid_argument', { field: '/', extra: { rule: RULES[error.fault] } });
  }
}
