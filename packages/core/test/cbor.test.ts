import { describe, expect, test } from 'vitest';
import { type CborValue, decodeCbor, encodeCbor, fromHex, toHex } from '../src/index.ts';
import { readVectors } from './vectors.ts';

const nested = (depth: number): CborValue => (depth === 0 ? 0 : [nested(depth - 1)]);

describe('encodeCbor', () => {
  test('orders map keys by their encoded bytes: shorter first [RFC 8949 §4.2.1]', () => {
    expect(toHex(encodeCbor({ b: 1, aa: 2, a: 3, '': 4 }))).toBe('a4600461610361620162616102');
  });

  test('does not depend on the order in which members were written', () => {
    expect(encodeCbor({ x: 1, y: { b: 1, a: 2 } })).toEqual(encodeCbor({ y: { a: 2, b: 1 }, x: 1 }));
  });

  test('writes bytes of a Buffer as a byte string', () => {
    expect(toHex(encodeCbor(Buffer.from([1, 2])))).toBe('420102');
  });

  test.each([
    ['undefined', undefined],
    ['a member that is undefined', { a: undefined }],
    ['a hole in a list', new Array(1)],
    ['a fraction', 1.5],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['minus zero', -0],
    ['2^53', 2 ** 53],
    ['-2^53', -(2 ** 53)],
    ['a bigint', 1n],
    ['a lone surrogate', '\uD800'],
    ['a key with a lone surrogate', { '\uDC00': 1 }],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['an object without prototype', Object.create(null)],
    ['a function', () => 0],
    ['a symbol', Symbol('s')],
    ['another typed array', new Uint16Array(1)],
    ['an array buffer', new ArrayBuffer(1)],
    ['the key __proto__', JSON.parse('{"__proto__": 1}')],
    ['17 containers around a value', nested(17)],
  ])('refuses %s', (_, value) => {
    expect(() => encodeCbor(value as CborValue)).toThrow(TypeError);
  });

  test('refuses a value that contains itself instead of running for ever', () => {
    const value: CborValue[] = [];
    value.push(value);
    expect(() => encodeCbor(value)).toThrow('nested deeper');
  });
});

describe('decodeCbor', () => {
  const { rejected } = readVectors<{ rejected: { hex: string; reason: string }[] }>('cbor-rejected.json');

  test.each(rejected)('rejects $reason: $hex', ({ hex }) => {
    expect(() => decodeCbor(fromHex(hex))).toThrow(TypeError);
  });

  test('accepts 16 containers around a value and no more', () => {
    expect(decodeCbor(encodeCbor(nested(16)))).toEqual(nested(16));
    expect(() => decodeCbor(fromHex(`${'81'.repeat(17)}00`))).toThrow('nested deeper');
    expect(() => decodeCbor(fromHex(`${'a16161'.repeat(17)}00`))).toThrow('nested deeper');
  });

  test('a million nested lists end in an error, not in a full stack', () => {
    expect(() => decodeCbor(new Uint8Array(1_000_000).fill(0x81))).toThrow('nested deeper');
  });

  test.each(['5bffffffffffffffff', '9bffffffffffffffff', 'bb1000000000000000', '9affffffff', 'baffffffff'])(
    'believes no claimed length that the input cannot hold: %s',
    (hex) => {
      expect(() => decodeCbor(fromHex(hex))).toThrow(TypeError);
    },
  );

  test.each([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])(
    'accepts %d, the last safe integer',
    (value) => {
      expect(decodeCbor(encodeCbor(value))).toBe(value);
    },
  );

  test('keeps a byte order mark at the start of a text', () => {
    expect(decodeCbor(encodeCbor('\uFEFFa'))).toBe('\uFEFFa');
  });

  test('gives maps whose keys are their own, also for names of Object.prototype', () => {
    const value = decodeCbor(encodeCbor({ constructor: 1, toString: 2 }));
    expect(Object.entries(value as object).sort()).toEqual([
      ['constructor', 1],
      ['toString', 2],
    ]);
  });

  test('gives byte strings that share no memory with the input, also for a Buffer', () => {
    const input = Buffer.from('420102', 'hex');
    const value = decodeCbor(input) as Uint8Array;
    input[1] = 9;
    expect(value).toEqual(Uint8Array.of(1, 2));
    expect(value.constructor).toBe(Uint8Array);
  });
});
