import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase58, fromHex, toBase58, toHex } from '../src/index.ts';
import { readVectors } from './vectors.ts';

const { base58: vectors } = readVectors<{ base58: { hex: string; base58: string }[] }>('encodings.json');

describe('base58', () => {
  test.each(vectors)('draft-msporny-base58 §5: $base58', ({ hex, base58 }) => {
    expect(toBase58(fromHex(hex))).toBe(base58);
    expect(toHex(fromBase58(base58))).toBe(hex);
  });

  test.each(['0', 'O', 'I', 'l', ' 2', '2\n', '2-', 'é', '😀'])('rejects %j', (text) => {
    expect(() => fromBase58(text)).toThrow(TypeError);
  });

  test('rejects more than 256 characters before working on them', () => {
    expect(fromBase58('z'.repeat(256))).toHaveLength(188);
    expect(() => fromBase58('z'.repeat(257))).toThrow('too long');
  });

  test('leading zero bytes are kept', () => {
    expect(toBase58(new Uint8Array())).toBe('');
    expect(toBase58(new Uint8Array(3))).toBe('111');
    expect(fromBase58('111')).toEqual(new Uint8Array(3));
  });

  test('every byte string has one spelling and returns from it', () => {
    const bytes = fc.tuple(fc.nat(3), fc.uint8Array({ maxLength: 60 }));
    fc.assert(
      fc.property(bytes, ([zeros, tail]) => {
        const value = Uint8Array.from([...new Uint8Array(zeros), ...tail]);
        expect(fromBase58(toBase58(value))).toEqual(value);
      }),
    );
    const text = fc.string({ unit: fc.constantFrom(...'123ABZabz'), maxLength: 30 });
    fc.assert(fc.property(text, (spelling) => void expect(toBase58(fromBase58(spelling))).toBe(spelling)));
  });
});
