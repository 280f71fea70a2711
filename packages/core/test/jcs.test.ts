import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalizeJson, type JsonValue, toHex, utf8 } from '../src/index.ts';
import { readVectors } from './vectors.ts';

const vectors = readVectors<{
  numbers: { ieee754: string; json: string | null }[];
  documents: { input: string; utf8Hex?: string; valuesInOrder?: string[] }[];
}>('rfc8785.json');

describe('RFC 8785 vectors', () => {
  test.each(vectors.numbers)('appendix B: $ieee754 is $json', ({ ieee754, json }) => {
    const number = new DataView(new BigUint64Array([BigInt(`0x${ieee754}`)]).buffer).getFloat64(0, true);
    if (json === null) expect(() => canonicalizeJson(number)).toThrow(TypeError);
    else expect(canonicalizeJson(number)).toBe(json);
  });

  test('§3.2.2 to §3.2.4: the sample object to its UTF-8 bytes', () => {
    const { input, utf8Hex } = vectors.documents[0] as (typeof vectors.documents)[0];
    expect(toHex(utf8(canonicalizeJson(JSON.parse(input))))).toBe(utf8Hex);
  });

  test('§3.2.3: members are sorted by UTF-16 code units, not by code points', () => {
    const { input, valuesInOrder } = vectors.documents[1] as (typeof vectors.documents)[0];
    expect(Object.values(JSON.parse(canonicalizeJson(JSON.parse(input.replace('"1"', '"01"')))))).toEqual(
      valuesInOrder,
    );
  });
});

describe('canonicalizeJson', () => {
  test('leaves out members that are undefined, as JSON does', () => {
    expect(canonicalizeJson({ b: undefined, a: [null] })).toBe('{"a":[null]}');
  });

  test.each([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a lone surrogate', '\uD800'],
    ['a key with a lone surrogate', { '\uDFFF': 1 }],
    ['undefined', undefined],
    ['undefined in a list', [undefined]],
    ['a hole in a list', new Array(2)],
    ['a bigint', 1n],
    ['a date', new Date(0)],
    ['bytes', new Uint8Array(2)],
    ['a map', new Map()],
    ['a function', () => 0],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalizeJson(value as JsonValue)).toThrow(TypeError);
  });

  test('text nested deeper than 64 ends in an error, not in a full stack', () => {
    const nested = (depth: number): JsonValue => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(canonicalizeJson(nested(65))).toHaveLength(130);
    expect(() => canonicalizeJson(nested(66))).toThrow(TypeError);
    expect(() => canonicalizeJson(nested(5000))).toThrow(TypeError);
  });

  test('a member named __proto__ is a member', () => {
    expect(canonicalizeJson(JSON.parse('{"__proto__":1,"a":2}'))).toBe('{"__proto__":1,"a":2}');
  });

  test('means the same as its input and does not depend on member order', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalizeJson(value as JsonValue);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalizeJson(reversed(value) as JsonValue)).toBe(text);
      }),
    );
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
