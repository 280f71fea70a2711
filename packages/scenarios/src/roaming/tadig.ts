import { fail } from '../errors.ts';
import type { JsonSchema } from '../module/module.ts';

const PATTERN = '^[A-Z]{3}[A-Z0-9]{2}$';
const TADIG = new RegExp(PATTERN);

/** TADIG code: three letters of the country or operator group, two of the network. */
export const TADIG_CODE: JsonSchema = { type: 'string', pattern: PATTERN };

/** @throws AppError invalid_argument */
export function tadigOf(text: string, field: string): string {
  if (!TADIG.test(text)) throw fail('invalid_argument', { field, extra: { rule: 'tadig' } });
  return text;
}
