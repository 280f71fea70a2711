import type { CommandInput } from './command.ts';
import { fail } from './errors.ts';

type Values = CommandInput['values'];

/** @throws argument_missing */
export function requiredText(values: Values, name: string): string {
  const value = values[name];
  if (typeof value !== 'string' || value === '') throw fail('argument_missing', { field: `--${name}` });
  return value;
}

export const textOr = <Fallback>(values: Values, name: string, fallback: Fallback): string | Fallback => {
  const value = values[name];
  return typeof value === 'string' ? value : fallback;
};

export const textList = (values: Values, name: string): readonly string[] => {
  const value = values[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
};

/** Decimal digits alone: an empty value, as of an unset variable, is no zero. @throws option_invalid, naming the bounds */
export function wholeNumber(
  values: Values,
  name: string,
  { fallback, least, most }: { readonly fallback: number; readonly least: number; readonly most: number },
): number {
  const value = values[name];
  const number = value === undefined ? fallback : /^[0-9]+$/.test(String(value)) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number) || number < least || number > most)
    throw fail('option_invalid', { field: `--${name} (${least} to ${most})` });
  return number;
}

/** Unix seconds of a time such as 2026-11-22T08:00:00Z. @throws option_invalid */
export function instant<Fallback>(values: Values, name: string, fallback: Fallback): number | Fallback {
  const text = textOr(values, name, undefined);
  if (text === undefined) return fallback;
  const milliseconds = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds))
    throw fail('option_invalid', { field: `--${name} (such as 2026-11-22T08:00:00Z)` });
  return milliseconds / 1000;
}

export const instantText = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000', '');
