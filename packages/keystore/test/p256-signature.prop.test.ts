import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { p256SignatureFromDer } from '../src/p256-signature.ts';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** DER of a positive integer as X.690 §8.3 spells it, independently of the code under test. */
function derInteger(value: bigint): number[] {
  const hex = value.toString(16);
  const bytes = [...Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')];
  const content = (bytes[0] as number) >= 0x80 ? [0, ...bytes] : bytes;
  return [0x02, content.length, ...content];
}

const derOf = (...parts: number[][]): Uint8Array => Uint8Array.of(0x30, parts.flat().length, ...parts.flat());
const wide = (value: bigint): string => value.toString(16).padStart(64, '0');

/** Integers of every length from 1 to 32 bytes. */
const scalar = fc
  .uint8Array({ minLength: 1, maxLength: 32 })
  .map((bytes) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`))
  .filter((value) => value > 0n);

const isRefused = (der: Uint8Array): boolean => {
  try {
    p256SignatureFromDer(der);
    return false;
  } catch (error) {
    return error instanceof TypeError;
  }
};

describe('P-256 signature from DER', () => {
  it("is r‖s under which node:crypto's r‖s verification holds", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (message) => {
        const signature = p256SignatureFromDer(sign('sha256', message, privateKey));
        expect(signature).toHaveLength(64);
        return verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
      }),
      { numRuns: 600 }, // a leading zero byte comes once in 128 signatures
    );
  });

  it('keeps every pair of positive integers of up to 32 bytes', () => {
    fc.assert(
      fc.property(scalar, scalar, (r, s) => {
        const signature = p256SignatureFromDer(derOf(derInteger(r), derInteger(s)));
        expect(Buffer.from(signature).toString('hex')).toBe(wide(r) + wide(s));
      }),
    );
  });

  it('refuses every DER signature with a byte less, a byte more, or trailing content inside', () => {
    fc.assert(
      fc.property(scalar, scalar, fc.nat(71), fc.nat(255), (r, s, cut, extra) => {
        const der = derOf(derInteger(r), derInteger(s));
        expect(isRefused(der.subarray(0, Math.min(cut, der.length - 1)))).toBe(true);
        expect(isRefused(Uint8Array.of(...der, extra))).toBe(true);
        expect(isRefused(derOf(derInteger(r), derInteger(s), [extra]))).toBe(true);
      }),
    );
  });

  it('takes no second spelling: what it takes, it would be written as', () => {
    fc.assert(
      fc.property(scalar, scalar, fc.nat(71), fc.nat(255), (r, s, at, byte) => {
        const der = derOf(derInteger(r), derInteger(s));
        der[at % der.length] = byte;
        fc.pre(!isRefused(der));
        const hex = Buffer.from(p256SignatureFromDer(der)).toString('hex');
        const parts = [hex.slice(0, 64), hex.slice(64)].map((half) => derInteger(BigInt(`0x${half}`)));
        expect(derOf(...parts)).toEqual(der);
      }),
    );
  });

  it.each([
    ['nothing', []],
    ['zero', [0x30, 6, 2, 1, 0, 2, 1, 1]],
    ['zero as s', [0x30, 6, 2, 1, 1, 2, 1, 0]],
    ['an empty integer', [0x30, 5, 2, 0, 2, 1, 1]],
    ['a negative integer', [0x30, 6, 2, 1, 0x80, 2, 1, 1]],
    ['a needless zero byte', [0x30, 7, 2, 2, 0, 1, 2, 1, 1]],
    ['two zero bytes', [0x30, 8, 2, 3, 0, 0, 0x80, 2, 1, 1]],
    ['the long form of the length', [0x30, 0x81, 6, 2, 1, 1, 2, 1, 1]],
    ['another tag', [0x31, 6, 2, 1, 1, 2, 1, 1]],
    ['another tag inside', [0x30, 6, 2, 1, 1, 3, 1, 1]],
    ['one integer', [0x30, 3, 2, 1, 1]],
    ['an integer of 33 bytes', [0x30, 38, 2, 33, ...Array(33).fill(1), 2, 1, 1]],
    ['an integer of 33 bytes and a zero', [0x30, 39, 2, 34, 0, ...Array(33).fill(0x81), 2, 1, 1]],
  ])('refuses %s', (_, bytes) => {
    expect(isRefused(Uint8Array.from(bytes))).toBe(true);
  });
});
