import { generateKeyPairSync } from 'node:crypto';
import { multikeyFromJwk } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { multikeyOfKey } from '../src/multikey-of-key.ts';

const refused = expect.objectContaining({ code: 'key_unsupported' });

describe('multikeyOfKey', () => {
  test('takes both forms of a P-256 point', () => {
    for (let i = 0; i < 8; i++) {
      const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
      const multikey = multikeyFromJwk(jwk);
      const [x, y] = [jwk.x, jwk.y].map((part) => Buffer.from(part ?? '', 'base64url').toString('hex'));
      const forms = [
        `04${x}${y}`,
        Buffer.from(multikey.slice(2)).toString('hex'),
        `04${x}${y}`.toUpperCase(),
      ];
      for (const publicKeyHex of forms) {
        expect(multikeyOfKey({ type: 'Secp256r1', publicKeyHex })).toEqual(multikey);
      }
    }
  });

  test.each([
    ['Secp256k1', '02'.padEnd(66, '1')],
    ['X25519', '1'.repeat(64)],
    ['Ed25519', '1'.repeat(62)],
    ['Ed25519', 'z'.repeat(64)],
    ['Secp256r1', '02'.padEnd(66, 'f')],
    ['Secp256r1', '04'],
    ['Secp256r1', ''],
  ])('refuses a %s key of %s', (type, publicKeyHex) => {
    expect(() => multikeyOfKey({ type, publicKeyHex })).toThrow(refused);
  });

  test('refuses what is too short to be a key, hexadecimal or not', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Ed25519', 'Secp256r1'),
        fc.string({ maxLength: 40 }),
        (type, publicKeyHex) => {
          expect(() => multikeyOfKey({ type, publicKeyHex })).toThrow(refused);
        },
      ),
    );
  });
});
