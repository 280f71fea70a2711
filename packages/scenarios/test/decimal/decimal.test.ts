import { describe, expect, it } from 'vitest';
import {
  absolute,
  add,
  compare,
  divide,
  fixed,
  multiply,
  negate,
  parseDecimal,
  placesOf,
  round,
  subtract,
  sum,
} from '../../src/decimal/decimal.ts';
import { addMoney, compareMoney, parseMoney, roundMoney } from '../../src/decimal/money.ts';
import { refusalOf } from '../harness/refusal-of.ts';

describe('decimals', () => {
  it.each([
    ['0', '0'],
    ['-1.50', '-1.5'],
    ['0.10', '0.1'],
    ['100', '100'],
    ['9'.repeat(40), '9'.repeat(40)],
  ])('reads %s', (text, value) => {
    expect(parseDecimal(text)).toBe(value);
  });

  it.each([
    '',
    '+1',
    '01',
    '.5',
    '5.',
    '1e3',
    '1,5',
    ' 1',
    '1 ',
    'NaN',
    'Infinity',
    '0x1',
    '-0',
    '-0.00',
    '١',
  ])('refuses %j', (text) => {
    expect(refusalOf(() => parseDecimal(text, '/amount'))).toBe('invalid_argument /amount');
  });

  it('refuses more than 40 digits, in texts and in results', () => {
    expect(refusalOf(() => parseDecimal('9'.repeat(41), '/amount'))).toBe('out_of_range /amount');
    expect(refusalOf(() => parseDecimal(`1.${'1'.repeat(40)}`, '/amount'))).toBe('out_of_range /amount');
    expect(refusalOf(() => multiply('9'.repeat(21), '9'.repeat(21)))).toBe('out_of_range /');
    expect(refusalOf(() => add('9'.repeat(40), '1'))).toBe('out_of_range /');
  });

  it('reckons without the noise of binary fractions', () => {
    expect(add('0.1', '0.2')).toBe('0.3');
    expect(subtract('0.3', '0.1')).toBe('0.2');
    expect(multiply('1.1', '1.1')).toBe('1.21');
    expect(sum(Array(10).fill('0.1'))).toBe('1');
    expect([negate('0'), negate('1.5'), absolute('-2')]).toEqual(['0', '-1.5', '2']);
    expect([compare('0.10', '0.1'), compare('-1', '0'), compare('10', '9')]).toEqual([0, -1, 1]);
  });

  it.each([
    ['2.5', '3', '2', '2'],
    ['3.5', '4', '4', '3'],
    ['-2.5', '-3', '-2', '-2'],
    ['2.51', '3', '3', '2'],
    ['-0.4', '0', '0', '0'],
  ])('rounds %s half up to %s, half even to %s, down to %s', (value, halfUp, halfEven, down) => {
    expect(round(value, 0, 'half-up')).toBe(halfUp);
    expect(round(value, 0, 'half-even')).toBe(halfEven);
    expect(round(value, 0, 'down')).toBe(down);
  });

  it('divides to the named places by the named rule', () => {
    expect(divide('1', '3', 5, 'half-up')).toBe('0.33333');
    expect(divide('2', '3', 5, 'half-up')).toBe('0.66667');
    expect(divide('-2', '3', 0, 'down')).toBe('0');
    expect(divide('1', '8', 2, 'half-even')).toBe('0.12');
    expect(divide('0.3', '-0.2', 0, 'half-even')).toBe('-2');
    expect(refusalOf(() => divide('1', '0', 2, 'down'))).toBe('out_of_range /');
  });

  it('shows all places of an amount, and none that would be lost', () => {
    expect([fixed('1.5', 2), fixed('-3', 2), fixed('7', 0)]).toEqual(['1.50', '-3.00', '7']);
    expect([placesOf('1.25'), placesOf('3')]).toEqual([2, 0]);
    expect(refusalOf(() => fixed('1.555', 2))).toBe('out_of_range /');
  });
});

describe('money', () => {
  it('has a currency of ISO 4217, or XDR [R4]', () => {
    const parse = (currency: string) => refusalOf(() => parseMoney({ amount: '1', currency }, '/price'));
    expect(['CNY', 'JPY', 'XDR'].map(parse)).toEqual(['done', 'done', 'done']);
    expect(['EURO', 'eur', 'XXX', ''].map(parse)).toEqual(Array(4).fill('invalid_argument /price/currency'));
  });

  it('is never converted silently', () => {
    const [cny, eur] = [
      { amount: '1.10', currency: 'CNY' },
      { amount: '1', currency: 'EUR' },
    ];
    expect(refusalOf(() => addMoney(cny, eur))).toBe('out_of_range /currency');
    expect(refusalOf(() => compareMoney(cny, eur))).toBe('out_of_range /currency');
    expect(addMoney(cny, cny)).toEqual({ amount: '2.2', currency: 'CNY' });
  });

  it('is rounded to the places of its currency', () => {
    expect(roundMoney({ amount: '1.005', currency: 'CNY' }, 'half-up').amount).toBe('1.01');
    expect(roundMoney({ amount: '1.5', currency: 'JPY' }, 'half-even').amount).toBe('2');
    expect(roundMoney({ amount: '1.00055', currency: 'BHD' }, 'down').amount).toBe('1');
  });
});
