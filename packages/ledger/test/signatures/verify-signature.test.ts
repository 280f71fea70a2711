import { type Bytes, concatBytes, fromHex, toHex, utf8 } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { createSignatureVerifier, verifySignature } from '../../src/index.ts';
import { ed25519Signer, p256Signer } from '../fixtures/signers.ts';

const message = utf8('message');
const ed = ed25519Signer('ann');
const p256 = p256Signer('bob');
const L = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const littleEndian = (value: bigint): Bytes => fromHex(value.toString(16).padStart(64, '0')).reverse();
const bigEndian = (value: bigint): Bytes => fromHex(value.toString(16).padStart(64, '0'));
const toBigInt = (bytes: Bytes): bigint => BigInt(`0x${toHex(bytes)}`);
const withPrefix = (point: Bytes): Bytes => concatBytes(fromHex('ed01'), point);

// The eight points of small order, in canonical and non-canonical spellings (RFC 8032 §5.1.3).
const SMALL_ORDER = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
].map(fromHex);

describe.each([
  ['one by one', { verify: verifySignature }],
  ['with kept keys', createSignatureVerifier()],
])('signature rule, %s', (_, verifier) => {
  it('accepts Ed25519 and P-256 signatures over the message and no other', async () => {
    for (const signer of [ed, p256]) {
      const signature = await signer.sign(message);
      expect(verifier.verify(signer.publicKey, message, signature)).toBe(true);
      expect(verifier.verify(signer.publicKey, utf8('massage'), signature)).toBe(false);
      expect(verifier.verify((signer === ed ? p256 : ed).publicKey, message, signature)).toBe(false);
      expect(verifier.verify(signer.publicKey, message, signature.subarray(1))).toBe(false);
    }
  });

  it('accepts the test vectors 1 and 2 of RFC 8032 §7.1', () => {
    const key1 = withPrefix(fromHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'));
    const signature1 = fromHex(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
    expect(verifier.verify(key1, new Uint8Array(), signature1)).toBe(true);
    const key2 = withPrefix(fromHex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'));
    const signature2 = fromHex(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
    expect(verifier.verify(key2, fromHex('72'), signature2)).toBe(true);
  });

  it('rejects Ed25519 S + L, the second spelling of a valid S', async () => {
    const signature = await ed.sign(message);
    const s = toBigInt(signature.slice(32).reverse());
    const malleated = concatBytes(signature.subarray(0, 32), littleEndian(s + L));
    expect(verifier.verify(ed.publicKey, message, malleated)).toBe(false);
  });

  it('rejects small-order and non-canonical keys, for which signatures hold for any message', () => {
    for (const point of SMALL_ORDER) {
      for (const r of SMALL_ORDER) {
        const forged = concatBytes(r, new Uint8Array(32));
        expect(verifier.verify(withPrefix(point), message, forged)).toBe(false);
      }
    }
  });

  it('rejects a small-order or non-canonical R under an honest key', async () => {
    const signature = await ed.sign(message);
    for (const r of SMALL_ORDER) {
      expect(verifier.verify(ed.publicKey, message, concatBytes(r, signature.subarray(32)))).toBe(false);
    }
  });

  it('rejects P-256 r or s that is zero or not below the order', async () => {
    const signature = await p256.sign(message);
    const r = toBigInt(signature.subarray(0, 32));
    const s = toBigInt(signature.subarray(32));
    const of = (a: bigint, b: bigint): Bytes => concatBytes(bigEndian(a), bigEndian(b));
    for (const bad of [of(0n, s), of(r, 0n), of(N, s), of(r, N), of(0n, 0n)]) {
      expect(verifier.verify(p256.publicKey, message, bad)).toBe(false);
    }
    for (const wrapped of [r + N, s + N].filter((value) => value < 1n << 256n)) {
      expect(verifier.verify(p256.publicKey, message, of(wrapped, s))).toBe(false);
    }
    expect(verifier.verify(p256.publicKey, message, of(r, N - s))).toBe(true); // both s are taken
  });

  it('answers false for keys that are no keys, and never throws', () => {
    const notOnCurve = concatBytes(fromHex('802402'), new Uint8Array(32).fill(0xff));
    const noPoint = withPrefix(fromHex('0200000000000000000000000000000000000000000000000000000000000000'));
    const ones = new Uint8Array(64).fill(1);
    for (const key of [notOnCurve, noPoint, new Uint8Array(), fromHex('ed01'), new Uint8Array(34)]) {
      expect(verifier.verify(key, message, ones)).toBe(false);
    }
  });
});

describe('kept keys', () => {
  it('are bounded: many keys all verify through a small cache', async () => {
    const verifier = createSignatureVerifier({ maxKeys: 2 });
    const signers = ['a', 'b', 'c', 'd'].map(ed25519Signer);
    for (const signer of [...signers, ...signers]) {
      expect(verifier.verify(signer.publicKey, message, await signer.sign(message))).toBe(true);
    }
  });
});
