import type { JsonValue } from '@attestel/core';
import { parseDecimal } from '../../decimal/decimal.ts';
import { fail } from '../../errors.ts';
import type { JsonObject } from '../../module/module.ts';
import type { FormField } from '../modules/device-template.ts';

const MAX_TEXT = 500;

/** Rule R6: a form has the fields of the template in force and no other. @throws AppError invalid_argument with a JSON pointer */
export function assertForm(form: JsonObject, fields: readonly FormField[], at: string): void {
  const known = new Set(fields.map(({ name }) => name));
  const unknown = Object.keys(form).find((name) => !known.has(name));
  if (unknown !== undefined)
    throw fail('invalid_argument', { field: `${at}/${unknown}`, extra: { rule: 'R6' } });
  for (const field of fields) {
    const value = Object.hasOwn(form, field.name) ? form[field.name] : undefined;
    const fits = value === undefined ? !field.required : isOf(field, value);
    if (!fits) throw fail('invalid_argument', { field: `${at}/${field.name}`, extra: { rule: 'R6' } });
  }
}

function isOf({ kind, options }: FormField, value: JsonValue): boolean {
  if (kind === 'yes-no') return typeof value === 'boolean';
  if (typeof value !== 'string') return false;
  if (kind === 'choice') return options.includes(value);
  if (kind === 'text') return value.length <= MAX_TEXT;
  try {
    parseDecimal(value);
    return true;
  } catch {
    return false;
  }
}
