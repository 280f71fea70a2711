import { fail } from '../errors.ts';

/**
 * Query parameters by name. Unknown and repeated ones are refused: a misspelt limit must not quietly
 * mean another question. @throws AppError query_invalid
 */
export function parseQuery(url: URL, names: readonly string[]): Readonly<Record<string, string | undefined>> {
  const values: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    // Names are echoed only when they are ours.
    if (!names.includes(name)) throw fail('query_invalid', { field: 'query' });
    if (values[name] !== undefined) throw fail('query_invalid', { field: name });
    values[name] = value;
  }
  return values;
}

export interface WholeNumber {
  readonly field: string;
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

/** Decimal without sign or leading zeroes, inside its bounds. @throws AppError query_invalid */
export function parseWholeNumber(
  text: string | undefined,
  { field, fallback, min, max }: WholeNumber,
): number {
  if (text === undefined) return fallback;
  const value = /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw fail('query_invalid', { field, extra: { min, max } });
  return value;
}
