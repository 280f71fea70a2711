import { fail } from '../errors.ts';
import { type Decimal, isNegative, isZero, placesOf, round, sum, textOfWhole, wholeOf } from './decimal.ts';

/**
 * Parts of a total in proportion to weights, each with at most `places` digits, that add up to the total exactly:
 * every part is rounded towards zero, then the largest remainders get one more unit each, earlier ones first where
 * they are equal.
 * @throws AppError out_of_range: no weights, a negative one, all zero, or a total with more places
 */
export function allocate(total: Decimal, weights: readonly Decimal[], places: number): readonly Decimal[] {
  const whole = sum(weights);
  if (weights.some(isNegative) || isZero(whole)) throw fail('out_of_range', { field: '/weights' });
  if (round(total, places, 'down') !== total) throw fail('out_of_range', { field: '/total' });
  const scale = Math.max(...weights.map(placesOf));
  const shares = weights.map((weight) => wholeOf(weight, scale));
  const all = wholeOf(whole, scale);
  const signed = wholeOf(total, places);
  const units = signed < 0n ? -signed : signed;
  const parts = shares.map((share) => (units * share) / all);
  const left = units - parts.reduce((a, b) => a + b, 0n);
  for (const at of byRemainder(shares.map((share) => (units * share) % all)).slice(0, Number(left)))
    parts[at] = (parts[at] ?? 0n) + 1n;
  return parts.map((part) => textOfWhole(signed < 0n ? -part : part, places));
}

function byRemainder(remainders: readonly bigint[]): number[] {
  const places = remainders.map((_, at) => at);
  return places.sort((a, b) => {
    const [left, right] = [remainders[a] ?? 0n, remainders[b] ?? 0n];
    return left === right ? a - b : left > right ? -1 : 1;
  });
}
