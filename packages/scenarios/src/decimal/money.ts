import { fail } from '../errors.ts';
import type { JsonSchema } from '../module/module.ts';
import { shape } from '../module/shapes.ts';
import { CURRENCIES } from './currencies.ts';
import {
  add,
  compare,
  DECIMAL,
  type Decimal,
  parseDecimal,
  type Rounding,
  round,
  subtract,
} from './decimal.ts';

export type Money = { readonly amount: Decimal; readonly currency: string };

export const CURRENCY: JsonSchema = { type: 'string', enum: [...CURRENCIES.keys()].sort() };

export const MONEY: JsonSchema = shape({ amount: DECIMAL, currency: CURRENCY });

/** Digits after the point of a currency. @throws AppError invalid_argument */
export function currencyPlaces(currency: string, field = '/currency'): number {
  const places = CURRENCIES.get(currency);
  if (places === undefined) throw fail('invalid_argument', { field });
  return places;
}

/** @throws AppError invalid_argument, out_of_range, with pointers below `field` */
export function parseMoney({ amount, currency }: Money, field = ''): Money {
  currencyPlaces(currency, `${field}/currency`);
  return { amount: parseDecimal(amount, `${field}/amount`), currency };
}

/** @throws AppError out_of_range where currencies differ: nothing is converted silently */
export const addMoney = (a: Money, b: Money): Money => ({
  amount: add(a.amount, b.amount),
  currency: sameCurrency(a, b),
});

/** @throws AppError out_of_range where currencies differ */
export const subtractMoney = (a: Money, b: Money): Money => ({
  amount: subtract(a.amount, b.amount),
  currency: sameCurrency(a, b),
});

/** @throws AppError out_of_range where currencies differ */
export function compareMoney(a: Money, b: Money): -1 | 0 | 1 {
  sameCurrency(a, b);
  return compare(a.amount, b.amount);
}

/** To the digits of its currency. */
export const roundMoney = ({ amount, currency }: Money, rounding: Rounding): Money => ({
  amount: round(amount, currencyPlaces(currency), rounding),
  currency,
});

function sameCurrency(a: Money, b: Money): string {
  if (a.currency !== b.currency) throw fail('out_of_range', { field: '/currency' });
  return a.currency;
}
