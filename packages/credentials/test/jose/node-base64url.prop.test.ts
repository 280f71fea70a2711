import { fromBase64url, toBase64url } from '@attestel/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64url } from '../../src/jose/node-base64url.ts';

const attempt = (decode: (text: string) => Uint8Array, text: string): string => {
  try {
    return toBase64url(decode(text));
  } catch {
    return 'refused';
  }
};

test("the fast decoder agrees with core's strict one on every text", () => {
  const alphabet = fc.constantFrom(...'AQgwBR-_+/= \n8é');
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: alphabet, maxLength: 9 }), fc.string()), (text) => {
      expect(attempt(decodeBase64url, text)).toBe(attempt(fromBase64url, text));
    }),
    { numRuns: 2000 },
  );
});

test('the fast decoder restores any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(Uint8Array.from(decodeBase64url(toBase64url(bytes)))).toEqual(bytes);
    }),
  );
});
