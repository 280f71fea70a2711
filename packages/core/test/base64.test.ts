import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase64, fromBase64url, fromUtf8, toBase64, toBase64url, utf8 } from '../src/index.ts';
import { readVectors } from './vectors.ts';

const { base64: vectors } = readVectors<{ base64: { text: string; base64: string }[] }>('encodings.json');

describe('base64', () => {
  test.each(vectors)('RFC 4648 §10: $text ↔ $base64', ({ text, base64 }) => {
    expect(toBase64(utf8(text))).toBe(base64);
    expect(fromUtf8(fromBase64(base64))).toBe(text);
    expect(toBase64url(utf8(text))).toBe(base64.replaceAll('=', ''));
  });

  test.each([
    'Zg',
    'Zg=',
    'Zg===',
    'Z===',
    '====',
    '=',
    'Zm9v=',
    'Zm9v====',
    'Zg==Zg==',
    'Zh==',
    'Zm9=',
    'Zm 9',
    'Zm9v\n',
    'Zm-_',
    'Zm9é',
    'Zm9水',
  ])('rejects %j', (text) => {
    expect(() => fromBase64(text)).toThrow(TypeError);
  });

  test('agrees with Node for every byte string', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      }),
    );
  });
});

describe('base64url', () => {
  test('agrees with Node for every byte string', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
        expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
      }),
    );
  });

  test.each(['Zg==', 'Zh', 'Zm9', 'Z', 'Zm9vZ', 'Zm+/', 'Zm 9', 'Zm9v\n', 'Zmé9', '\u0000AAA'])(
    'rejects %j',
    (text) => {
      expect(() => fromBase64url(text)).toThrow(TypeError);
    },
  );

  test('each byte string has one spelling: what decodes encodes to the same text [RFC 4648 §3.5]', () => {
    const alphabet = fc.constantFrom(...'ABYZabyz0189-_=+/ ');
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 8 }), (text) => {
        let bytes: Uint8Array | undefined;
        try {
          bytes = fromBase64url(text);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
        }
        if (bytes) expect(toBase64url(bytes)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});
