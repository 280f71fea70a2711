import { canonicalizeJson, type JsonValue } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sameJson } from '../../src/verify/same-json.ts';

describe('sameJson', () => {
  test('tells what comparing canonical forms tells', () => {
    const small = fc.jsonValue({ maxDepth: 3, depthSize: 'small' });
    // Made from one value, so that many pairs are nearly the same.
    const pair = fc
      .tuple(small, small, fc.boolean())
      .map(([a, b, twin]) => [a, twin ? reversed(a) : b] as const);
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(sameJson(a, b)).toBe(canonicalizeJson(a as JsonValue) === canonicalizeJson(b as JsonValue));
      }),
    );
  });

  test.each<[string, unknown, unknown, boolean]>([
    ['members in another order', { a: 1, b: 2 }, { b: 2, a: 1 }, true],
    ['an undefined member and none', { a: 1, b: undefined }, { a: 1 }, true],
    ['a member more', { a: 1, b: 2 }, { a: 1 }, false],
    ['a member less', { a: 1 }, { a: 1, b: 2 }, false],
    ['an undefined member for another one', { a: undefined }, { b: 1 }, false],
    ['an inherited member for an own one', { toString: 1 }, {}, false],
    ['an own __proto__ and none', JSON.parse('{"__proto__":{}}'), {}, false],
    ['a list and its members', ['a'], { 0: 'a' }, false],
    ['a list that goes on', ['a'], ['a', 'b'], false],
    ['null and an empty object', null, {}, false],
    ['a number and its text', 1, '1', false],
    ['two dates', new Date(0), new Date(0), false],
  ])('%s', (_, a, b, same) => {
    expect([sameJson(a, b), sameJson(b, a)]).toEqual([same, same]);
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
