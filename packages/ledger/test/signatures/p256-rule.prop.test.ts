import { verify } from 'node:crypto';
import { type Bytes, fromHex, toHex, utf8 } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifySignature } from '../../src/index.ts';
import { isStrictP256, toDerSignature } from '../../src/signatures/p256-rule.ts';
import { p256Signer } from '../fixtures/signers.ts';

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const bigEndian = (value: bigint): Bytes => fromHex(value.toString(16).padStart(64, '0'));
/** Of every length, with and without a leading bit. */
const scalar = fc.oneof(
  fc.constantFrom(1n, 0x7fn, 0x80n, 0xffn, 0x100n, N - 1n),
  fc
    .tuple(fc.bigInt(1n, N - 1n), fc.integer({ min: 0, max: 255 }))
    .map(([n, shift]) => n >> BigInt(shift) || 1n),
);

/** A DER INTEGER as X.690 §8.3 defines it: the shortest two's complement. */
function integer(value: bigint): string {
  const digits = value.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  const content = Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even;
  return `02${(content.length / 2).toString(16).padStart(2, '0')}${content}`;
}

describe('r ‖ s as DER', () => {
  it('is the one DER spelling of any two scalars in range', () => {
    fc.assert(
      fc.property(scalar, scalar, (r, s) => {
        const signature = new Uint8Array([...bigEndian(r), ...bigEndian(s)]);
        expect(isStrictP256(signature)).toBe(true);
        const content = integer(r) + integer(s);
        const length = (content.length / 2).toString(16).padStart(2, '0');
        expect(toHex(toDerSignature(signature))).toBe(`30${length}${content}`);
      }),
      { numRuns: 500 },
    );
  });

  it('verifies wherever r ‖ s does, and nowhere else', async () => {
    const signer = p256Signer('der');
    const key = Buffer.concat([
      fromHex('3039301306072a8648ce3d020106082a8648ce3d030107032200'),
      signer.publicKey.subarray(2),
    ]);
    const reference = { key, format: 'der', type: 'spki', dsaEncoding: 'ieee-p1363' } as const;
    for (let i = 0; i < 300; i++) {
      const message = utf8(`message ${i}`);
      const signature = await signer.sign(message);
      const changed = signature.map((byte, at) => (at === i % 64 ? byte ^ (1 << (i % 8)) : byte));
      for (const each of [signature, changed]) {
        expect(verifySignature(signer.publicKey, message, each)).toBe(
          verify('sha256', message, reference, each),
        );
      }
    }
  });
});
