import { generateKeyPairSync, sign, verify } from 'node:crypto';
import type { PublicJwk } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importJwk, isSignatureValid, toVerificationKey } from '../../src/jose/verify-signature.ts';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const own = toVerificationKey(publicKey);

/** What node:crypto itself says about r‖s: slower, and independent of the conversion to DER. */
const nodeSays = (message: string, signature: Uint8Array): boolean =>
  verify('sha256', Buffer.from(message), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
const signed = (message: string): Buffer =>
  sign('sha256', Buffer.from(message), { key: privateKey, dsaEncoding: 'ieee-p1363' });

const message = fc.string({ unit: 'binary-ascii', maxLength: 40 });
/** Integers of 32 bytes with many leading zeros, many ones, or nothing special. */
const integer = fc
  .tuple(fc.nat(32), fc.constantFrom(0x00, 0xff), fc.uint8Array({ minLength: 32, maxLength: 32 }))
  .map(([fill, byte, bytes]) => bytes.fill(byte, 0, fill));

describe('ES256 verification by way of DER', () => {
  test('holds for what node:crypto signed, and for nothing one bit away', () => {
    fc.assert(
      fc.property(message, fc.nat(511), (text, bit) => {
        const signature = signed(text);
        expect(isSignatureValid(own, text, signature)).toBe(true);
        signature[bit >> 3] = (signature[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(isSignatureValid(own, text, signature)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('agrees with node:crypto about any 64 bytes', () => {
    fc.assert(
      fc.property(message, integer, integer, fc.nat(3), (text, r, s, kept) => {
        const signature = signed(text);
        // 0: both replaced; 1, 2: one kept; 3: the signature itself.
        if ((kept & 1) === 0) signature.set(r, 0);
        if ((kept & 2) === 0) signature.set(s, 32);
        expect(isSignatureValid(own, text, signature)).toBe(nodeSays(text, signature));
      }),
      { numRuns: 300 },
    );
  });

  test('never takes a DER signature', () => {
    fc.assert(
      fc.property(message, (text) => {
        const der = sign('sha256', Buffer.from(text), privateKey);
        expect(isSignatureValid(own, text, der)).toBe(false);
      }),
    );
  });
});

describe('import of a JWK by way of PEM', () => {
  test('gives the key that node:crypto exported', () => {
    for (const type of ['ec', 'ed25519'] as const) {
      for (let i = 0; i < 50; i++) {
        const made =
          type === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
        const { key } = importJwk(made.publicKey.export({ format: 'jwk' }) as PublicJwk);
        expect(key.equals(made.publicKey)).toBe(true);
      }
    }
  });

  test('refuses every other spelling of a coordinate', () => {
    const jwk = publicKey.export({ format: 'jwk' }) as PublicJwk & { y: string };
    const others = (text: string): string[] => [
      `${text}=`,
      `${text} `,
      `\n${text}`,
      `${text}A`,
      text.slice(1),
      `A${text}`,
      '',
      // The same 32 bytes to a decoder that ignores the two unused bits.
      text.slice(0, -1) + String.fromCharCode(text.charCodeAt(42) + 1),
    ];
    for (const member of ['x', 'y'] as const) {
      for (const spelling of others(jwk[member])) {
        expect(() => importJwk({ ...jwk, [member]: spelling })).toThrow(/key/);
      }
    }
  });

  test('never takes a point that is not on the curve', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (bytes) => {
        const [x, y] = [bytes.subarray(0, 32), bytes.subarray(32)].map((half) =>
          Buffer.from(half).toString('base64url'),
        );
        const jwk = { kty: 'EC', crv: 'P-256', x: x as string, y: y as string } as const;
        expect(() => importJwk(jwk)).toThrow(/key/);
      }),
    );
  });
});
