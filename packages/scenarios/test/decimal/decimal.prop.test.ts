import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from '../../src/decimal/allocate.ts';
import {
  absolute,
  add,
  compare,
  type Decimal,
  divide,
  multiply,
  parseDecimal,
  ROUNDINGS,
  round,
  subtract,
  sum,
  textOfWhole,
  wholeOf,
} from '../../src/decimal/decimal.ts';
import { refusalOf } from '../harness/refusal-of.ts';

const whole = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
const places = fc.nat(6);
const decimal = fc.tuple(whole, places).map(([value, digits]) => textOfWhole(value, digits));
const weight = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 9n }), places)
  .map(([value, digits]) => textOfWhole(value, digits));

describe('decimals agree with whole numbers', () => {
  it('in sums, differences and products', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const [x, y] = [wholeOf(a, 6), wholeOf(b, 6)];
        expect(wholeOf(add(a, b), 6)).toBe(x + y);
        expect(wholeOf(subtract(a, b), 6)).toBe(x - y);
        expect(wholeOf(multiply(a, b), 12)).toBe(x * y);
        expect(compare(a, b)).toBe(x < y ? -1 : x > y ? 1 : 0);
        expect(parseDecimal(a)).toBe(a);
      }),
    );
  });

  it('and no rounding is further off than it may be', () => {
    fc.assert(
      fc.property(decimal, places, fc.constantFrom(...ROUNDINGS), (a, digits, rule) => {
        const off = absolute(subtract(round(a, digits, rule), a));
        const unit = textOfWhole(1n, digits);
        const most = rule === 'down' ? unit : multiply(unit, '0.5');
        expect(compare(off, most)).toBeLessThanOrEqual(rule === 'down' && off !== '0' ? -1 : 0);
      }),
    );
  });

  it('and a quotient is the one whose product comes nearest', () => {
    fc.assert(
      fc.property(decimal, decimal, places, fc.constantFrom(...ROUNDINGS), (a, b, digits, rule) => {
        fc.pre(compare(b, '0') !== 0);
        const off = absolute(subtract(multiply(divide(a, b, digits, rule), b), a));
        const unit = multiply(textOfWhole(1n, digits), absolute(b));
        expect(compare(off, rule === 'down' ? unit : multiply(unit, '0.5'))).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('an allocation', () => {
  const parts = fc.tuple(whole, fc.nat(4), fc.array(weight, { minLength: 1, maxLength: 20 }));
  const isAllocable = (weights: readonly Decimal[]): boolean => compare(sum(weights), '0') > 0;

  it('adds up exactly, and each part is within one unit of its share [R7]', () => {
    fc.assert(
      fc.property(parts, ([value, digits, weights]) => {
        fc.pre(isAllocable(weights));
        const total = textOfWhole(value, digits);
        const shares = allocate(total, weights, digits);
        expect(sum(shares)).toBe(total);
        for (const [at, share] of shares.entries()) {
          const exact = multiply(total, weights[at] ?? '0');
          const off = absolute(subtract(multiply(share, sum(weights)), exact));
          expect(compare(off, multiply(textOfWhole(1n, digits), sum(weights)))).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  it('gives what is left to the largest remainders, the first of equal ones', () => {
    expect(allocate('100', ['1', '1', '1'], 2)).toEqual(['33.34', '33.33', '33.33']);
    expect(allocate('-0.05', ['1', '2', '2'], 2)).toEqual(['-0.01', '-0.02', '-0.02']);
    expect(allocate('1', ['0', '0.5', '1.5'], 0)).toEqual(['0', '0', '1']);
  });

  it('refuses weights that give no share, and a total that has more places', () => {
    expect(refusalOf(() => allocate('1', [], 2))).toBe('out_of_range /weights');
    expect(refusalOf(() => allocate('1', ['0', '0'], 2))).toBe('out_of_range /weights');
    expect(refusalOf(() => allocate('1', ['2', '-1'], 2))).toBe('out_of_range /weights');
    expect(refusalOf(() => allocate('1.005', ['1'], 2))).toBe('out_of_range /total');
  });
});
