import { generateKeyPairSync, sign } from 'node:crypto';
import { multikeyFromJwk, type PublicJwk, toBase64url, utf8 } from '@attestel/core';
import { describe, expect, test } from 'vitest';
import { importJwk, isSignatureValid, toVerificationKey } from '../../src/jose/verify-signature.ts';
import { newSigner, refusalOf } from '../fixtures.ts';

describe('signature verification', () => {
  test('ES256 takes r‖s of every length of its two integers', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = toVerificationKey(publicKey);
    const lengths = new Set<string>();
    // A leading zero byte occurs once in 256 signatures, a set high bit every other time.
    for (let i = 0; i < 1500; i++) {
      const raw = sign('sha256', Buffer.from(`${i}`), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      for (const at of [0, 32])
        lengths.add(raw[at] === 0 ? 'short' : (raw[at] as number) >= 0x80 ? 'high' : 'low');
      expect(isSignatureValid(key, `${i}`, raw)).toBe(true);
      expect(isSignatureValid(key, `${i}x`, raw)).toBe(false);
    }
    expect([...lengths].sort()).toEqual(['high', 'low', 'short']);
  });

  test('ES256 refuses r or s of zero or not below the order of the curve', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = toVerificationKey(publicKey);
    const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
    const one = Buffer.alloc(32);
    one[31] = 1;
    const zero = Buffer.alloc(32);
    for (const [r, s] of [
      [zero, zero],
      [zero, one],
      [one, zero],
      [order, one],
      [one, order],
      [Buffer.alloc(32, 0xff), Buffer.alloc(32, 0xff)],
    ] as const) {
      expect(isSignatureValid(key, 'message', Buffer.concat([r, s]))).toBe(false);
    }
  });

  test.each([63, 65, 0, 70])('a signature of %i bytes never verifies', async (length) => {
    const signer = await newSigner();
    expect(isSignatureValid(toVerificationKey(signer.publicKey), 'm', new Uint8Array(length))).toBe(false);
  });

  test('an Ed25519 key verifies EdDSA and nothing else', async () => {
    const signer = await newSigner('EdDSA');
    const key = toVerificationKey(signer.publicKey);
    expect(key.algorithm).toBe('EdDSA');
    expect(isSignatureValid(key, 'message', await signer.sign(utf8('message')))).toBe(true);
    expect(isSignatureValid(key, 'other', await signer.sign(utf8('message')))).toBe(false);
  });

  test('imports a multikey once', async () => {
    const signer = await newSigner();
    expect(toVerificationKey(signer.publicKey)).toBe(toVerificationKey(Uint8Array.from(signer.publicKey)));
  });

  test.each([
    ['P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey],
    ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey],
    ['X25519', () => generateKeyPairSync('x25519').publicKey],
    ['a private key', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
    ['no key at all', () => new Uint8Array(34)],
  ])('refuses %s', async (_, make) => {
    expect(await refusalOf(() => toVerificationKey(make()))).toBe('key_not_supported');
  });

  test('refuses a point that is not on the curve', async () => {
    const { x } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
      format: 'jwk',
    }) as PublicJwk;
    expect(await refusalOf(() => importJwk({ kty: 'EC', crv: 'P-256', x, y: x }))).toBe('key_not_supported');
  });
});

// Some OpenSSL versions accept one forged signature for every message under such a key.
describe('Ed25519 keys of small order', () => {
  const encodings = [
    `01${'00'.repeat(31)}`,
    '00'.repeat(32),
    `ec${'ff'.repeat(30)}7f`,
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    `ed${'ff'.repeat(30)}7f`,
    `ee${'ff'.repeat(30)}7f`,
  ];

  test.each(encodings)('%s is refused with either sign, also as multikey', async (hex) => {
    for (const sign of [0, 0x80]) {
      const bytes = Buffer.from(hex, 'hex');
      bytes[31] = (bytes[31] as number) | sign;
      const jwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64url(bytes) } as const;
      expect(await refusalOf(() => importJwk(jwk))).toBe('key_not_supported');
      expect(await refusalOf(() => toVerificationKey(multikeyFromJwk(jwk)))).toBe('key_not_supported');
    }
  });
});
