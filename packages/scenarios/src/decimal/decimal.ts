import Big from 'big.js';
import { fail } from '../errors.ts';
import type { JsonSchema } from '../module/module.ts';

/** Digits of a decimal, at most: enough for any amount, and nobody's sums grow without end. */
export const MAX_DIGITS = 40;

/** `-?` digits, a point and digits; no exponent, no leading zeros, no minus zero needed: `parse` refuses it. */
const PATTERN = '^-?(0|[1-9][0-9]{0,39})([.][0-9]{1,39})?$';
const DECIMAL_TEXT = new RegExp(PATTERN);

/** How to name a decimal in a schema. Digits before and after the point together are counted by `parseDecimal`. */
export const DECIMAL: JsonSchema = { type: 'string', maxLength: MAX_DIGITS + 2, pattern: PATTERN };

/** Not negative. */
export const AMOUNT: JsonSchema = {
  type: 'string',
  maxLength: MAX_DIGITS + 1,
  pattern: '^(0|[1-9][0-9]{0,39})([.][0-9]{1,39})?$',
};

/** Not negative, at most 12 digits before and 6 after the point: a price of one, a number of them; the product fits. */
export const FACTOR: JsonSchema = {
  type: 'string',
  maxLength: 19,
  pattern: '^(0|[1-9][0-9]{0,11})([.][0-9]{1,6})?$',
};

/** A constructor of our own: nobody else's settings reach it. Strict: numbers are refused, only texts go in. */
const Exact = Big();
Exact.strict = true;
// Digits after the point of a quotient, and how its last one is rounded: division is used nowhere else than in
// `divide`, which rounds again with the rule it is given.
Exact.DP = 2 * MAX_DIGITS;
Exact.RM = 0;
Exact.PE = 1_000;
Exact.NE = -1_000;

/** An exact decimal in its shortest text: no trailing zeros after the point, no `-0`. */
export type Decimal = string;

/**
 * Reads a decimal text strictly.
 * @param field JSON pointer for the refusal
 * @throws AppError invalid_argument; out_of_range beyond 40 digits
 */
export function parseDecimal(text: string, field = '/'): Decimal {
  if (text.length > MAX_DIGITS + 2 || digitsOf(text) > MAX_DIGITS) throw fail('out_of_range', { field });
  if (!DECIMAL_TEXT.test(text) || /^-[0.]*$/.test(text)) throw fail('invalid_argument', { field });
  return shortest(new Exact(text));
}

const digitsOf = (text: string): number => text.replace(/[^0-9]/g, '').length;

/** @throws AppError out_of_range for a result beyond 40 digits: sums and products of bounded values do get there */
function shortest(value: Big): Decimal {
  const text = value.toFixed();
  const trimmed = text.includes('.') ? text.replace(/0+$/, '').replace(/[.]$/, '') : text;
  if (digitsOf(trimmed) > MAX_DIGITS)
    throw fail('out_of_range', { field: '/', extra: { digits: MAX_DIGITS } });
  return trimmed === '-0' ? '0' : trimmed;
}

export const add = (a: Decimal, b: Decimal): Decimal => shortest(new Exact(a).plus(new Exact(b)));
export const subtract = (a: Decimal, b: Decimal): Decimal => shortest(new Exact(a).minus(new Exact(b)));
export const multiply = (a: Decimal, b: Decimal): Decimal => shortest(new Exact(a).times(new Exact(b)));
export const negate = (a: Decimal): Decimal => subtract('0', a);
export const absolute = (a: Decimal): Decimal => shortest(new Exact(a).abs());

export const sum = (values: Iterable<Decimal>): Decimal => {
  let total = new Exact('0');
  for (const value of values) total = total.plus(new Exact(value));
  return shortest(total);
};

/** -1, 0 or 1. */
export const compare = (a: Decimal, b: Decimal): -1 | 0 | 1 => new Exact(a).cmp(new Exact(b));

export const isZero = (a: Decimal): boolean => compare(a, '0') === 0;
export const isNegative = (a: Decimal): boolean => compare(a, '0') < 0;
export const least = (a: Decimal, b: Decimal): Decimal => (compare(a, b) <= 0 ? a : b);
export const most = (a: Decimal, b: Decimal): Decimal => (compare(a, b) >= 0 ? a : b);

/** `half-up` and `down` look at the absolute value: away from zero, towards zero. `half-even`: banker's. */
export type Rounding = 'half-up' | 'half-even' | 'down';

export const ROUNDINGS = ['half-up', 'half-even', 'down'] as const satisfies readonly Rounding[];

const MODE = { down: 0, 'half-up': 1, 'half-even': 2 } as const;

/** Rounded to `places` digits after the point, in its shortest text. */
export const round = (a: Decimal, places: number, rounding: Rounding): Decimal =>
  shortest(new Exact(a).round(places, MODE[rounding]));

/** Digits after the point. */
export const placesOf = (a: Decimal): number =>
  a.length - 1 - (a.includes('.') ? a.indexOf('.') : a.length - 1);

/** With exactly `places` digits after the point, for people and files. @throws AppError out_of_range if it has more */
export function fixed(a: Decimal, places: number): string {
  if (placesOf(a) > places) throw fail('out_of_range', { field: '/', extra: { places } });
  return new Exact(a).toFixed(places);
}

/**
 * a / b rounded to `places` ≤ 40. Exact: the quotient is never rounded twice, since whole numbers are divided and
 * the remainder decides.
 * @throws AppError out_of_range for b = 0
 */
export function divide(a: Decimal, b: Decimal, places: number, rounding: Rounding): Decimal {
  if (isZero(b)) throw fail('out_of_range', { field: '/', extra: { rule: 'division by zero' } });
  const scale = Math.max(placesOf(a), placesOf(b));
  const top = wholeOf(a, scale) * 10n ** BigInt(places);
  const bottom = wholeOf(b, scale);
  const isMinus = top < 0n !== bottom < 0n;
  const [over, under] = [top < 0n ? -top : top, bottom < 0n ? -bottom : bottom];
  const whole = over / under;
  const up = roundsUp({ whole, twice: 2n * (over % under), under, rounding });
  return textOfWhole((isMinus ? -1n : 1n) * (up ? whole + 1n : whole), places);
}

function roundsUp({ whole, twice, under, rounding }: Quotient): boolean {
  if (rounding === 'down' || twice < under) return false;
  return twice > under || rounding === 'half-up' || whole % 2n === 1n;
}

interface Quotient {
  readonly whole: bigint;
  /** Twice the remainder. */
  readonly twice: bigint;
  readonly under: bigint;
  readonly rounding: Rounding;
}

/** a · 10^places as a whole number. @throws AppError out_of_range if it has more places */
export const wholeOf = (a: Decimal, places: number): bigint => BigInt(fixed(a, places).replace('.', ''));

/** whole / 10^places. */
export function textOfWhole(whole: bigint, places: number): Decimal {
  const digits = (whole < 0n ? -whole : whole).toString().padStart(places + 1, '0');
  const at = digits.length - places;
  const text = places === 0 ? digits : `${digits.slice(0, at)}.${digits.slice(at)}`;
  return shortest(new Exact(whole < 0n ? `-${text}` : text));
}
