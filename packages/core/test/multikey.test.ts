import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  algorithmOf,
  fromBase58,
  fromBase64url,
  fromHex,
  isMultikey,
  multikeyFromJwk,
  multikeyFromText,
  multikeyToJwk,
  multikeyToText,
  type PublicJwk,
  toBase58,
  toBase64url,
  toHex,
} from '../src/index.ts';
import { readVectors } from './vectors.ts';

const vectors = readVectors<{
  keys: { algorithm: string; multikey: string; jwk: PublicJwk }[];
  rejected: { text: string; reason: string }[];
}>('multikey.json');

const freshJwk = (curve: 'Ed25519' | 'P-256') => {
  const { publicKey } =
    curve === 'Ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return publicKey.export({ format: 'jwk' });
};

describe('multikey', () => {
  test.each(vectors.keys)('$multikey is the key of its JWK', ({ algorithm, multikey, jwk }) => {
    const key = multikeyFromText(multikey);
    expect(algorithmOf(key)).toBe(algorithm);
    expect(multikeyToJwk(key)).toEqual(jwk);
    expect(multikeyToText(multikeyFromJwk(jwk))).toBe(multikey);
  });

  test.each(vectors.rejected)('rejects $reason', ({ text }) => {
    expect(() => multikeyFromText(text)).toThrow(TypeError);
  });

  test.each(['Ed25519', 'P-256'] as const)(
    '%s keys of node:crypto survive JWK → bytes → text → JWK',
    (curve) => {
      for (let i = 0; i < 20; i++) {
        const jwk = freshJwk(curve);
        const key = multikeyFromText(multikeyToText(multikeyFromJwk(jwk)));
        expect(multikeyToJwk(key)).toEqual(jwk);
      }
    },
  );

  test('does not mistake one algorithm for the other when the prefix is swapped', () => {
    const ed25519 = multikeyFromJwk(freshJwk('Ed25519'));
    const swapped = Uint8Array.from([0x80, 0x24, ...ed25519.slice(2)]);
    expect(() => algorithmOf(swapped)).toThrow(TypeError);
  });

  test.each([
    ['no bytes', ''],
    ['prefix only', 'ed01'],
    ['Ed25519 with 31 bytes', `ed01${'11'.repeat(31)}`],
    ['Ed25519 with 33 bytes', `ed01${'11'.repeat(33)}`],
    ['P-256 uncompressed', `802404${'11'.repeat(64)}`],
    ['P-256 hybrid sign byte', `802406${'11'.repeat(32)}`],
    ['unknown codec', `ec01${'11'.repeat(32)}`],
  ])('rejects bytes: %s', (_, hex) => {
    expect(() => algorithmOf(fromHex(hex))).toThrow(TypeError);
    expect(() => multikeyToText(fromHex(hex))).toThrow(TypeError);
    expect(() => multikeyFromText(`z${toBase58(fromHex(hex))}`)).toThrow(TypeError);
  });

  test('text names exactly the bytes', () => {
    const key = multikeyFromJwk(freshJwk('P-256'));
    expect(fromBase58(multikeyToText(key).slice(1))).toEqual(key);
  });
});

describe('P-256 points', () => {
  const P = 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff';
  const jwk = vectors.keys[1]?.jwk as PublicJwk & { y: string };
  const changed = (name: 'x' | 'y', hex: string) => ({ ...jwk, [name]: toBase64url(fromHex(hex)) });

  test('rejects a JWK whose point is off the curve', () => {
    const y = fromBase64url(jwk.y);
    y[31] = (y[31] as number) ^ 1;
    expect(() => multikeyFromJwk(changed('y', toHex(y)))).toThrow('not on the curve');
    expect(() => multikeyFromJwk(changed('y', '00'.repeat(32)))).toThrow('not on the curve');
  });

  test('rejects coordinates at or above the field prime: a second spelling of a point', () => {
    expect(() => multikeyFromJwk(changed('x', P))).toThrow('out of range');
    expect(() => multikeyFromJwk(changed('y', P))).toThrow('not on the curve');
    expect(() => multikeyFromJwk(changed('x', 'ff'.repeat(32)))).toThrow('out of range');
  });

  test('rejects a compressed point whose x is on no point of the curve', () => {
    const refused = Array.from({ length: 40 }, (_, i) => {
      const key = Uint8Array.from([0x80, 0x24, 2, ...new Uint8Array(31), i]);
      try {
        return multikeyToJwk(key) && false;
      } catch (error) {
        return error instanceof TypeError;
      }
    });
    expect(refused.filter(Boolean).length).toBeGreaterThan(10); // about half of all x
  });

  test('the sign byte chooses between the two points of one x', () => {
    const key = multikeyFromJwk(jwk);
    const other = key.slice();
    other[2] = key[2] === 2 ? 3 : 2;
    const { x, y } = multikeyToJwk(other) as PublicJwk & { y: string };
    expect(x).toBe(jwk.x);
    expect(BigInt(`0x${toHex(fromBase64url(y))}`) + BigInt(`0x${toHex(fromBase64url(jwk.y))}`)).toBe(
      BigInt(`0x${P}`),
    );
  });
});

describe('isMultikey', () => {
  const importable = (key: Uint8Array): boolean => {
    try {
      return multikeyToJwk(key) !== undefined;
    } catch {
      return false;
    }
  };

  test('says of any bytes of the right length what importing them says', () => {
    const point = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.uint8Array({ minLength: 32, maxLength: 32 }));
    fc.assert(
      fc.property(point, ([sign, x]) => {
        const p256 = Uint8Array.from([0x80, 0x24, sign, ...x]);
        const ed25519 = Uint8Array.from([0xed, 0x01, ...x]);
        expect(isMultikey(p256)).toBe(importable(p256));
        expect(isMultikey(ed25519)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['no bytes', ''],
    [
      'a coordinate at the field prime',
      '802402ffffffff00000001000000000000000000000000ffffffffffffffffffffffff',
    ],
    ['a coordinate of zero, which is on the curve', `802402${'00'.repeat(32)}`],
    ['a point one byte short', `802402${'11'.repeat(31)}`],
    ['an uncompressed point', `802404${'11'.repeat(64)}`],
    ['another codec', `e70102${'11'.repeat(32)}`],
  ])('says it of %s', (_, hex) => {
    expect(isMultikey(fromHex(hex))).toBe(importable(fromHex(hex)));
  });

  test('says yes to what node:crypto generates', () => {
    for (let i = 0; i < 20; i++) expect(isMultikey(multikeyFromJwk(freshJwk('P-256')))).toBe(true);
  });
});

describe('multikeyFromJwk', () => {
  const jwk = vectors.keys[0]?.jwk as PublicJwk;

  test('ignores members that do not define the key', () => {
    const wider = { kid: 'k', alg: 'none', use: 'enc', ...jwk };
    expect(multikeyFromJwk(wider)).toEqual(multikeyFromJwk(jwk));
  });

  test.each([
    ['no kty', { crv: 'Ed25519', x: jwk.x }],
    ['kty of another family', { kty: 'EC', crv: 'Ed25519', x: jwk.x }],
    ['X25519', { kty: 'OKP', crv: 'X25519', x: jwk.x }],
    ['secp256k1', { ...vectors.keys[1]?.jwk, crv: 'secp256k1' }],
    ['symmetric key', { kty: 'oct', k: 'AAAA' }],
    ['no x', { kty: 'OKP', crv: 'Ed25519' }],
    ['x not text', { kty: 'OKP', crv: 'Ed25519', x: 7 }],
    ['x short', { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' }],
    ['x padded', { kty: 'OKP', crv: 'Ed25519', x: `${jwk.x}=` }],
    ['no y', { kty: 'EC', crv: 'P-256', x: jwk.x }],
  ])('rejects %s', (_, value) => {
    expect(() => multikeyFromJwk(value)).toThrow(TypeError);
  });
});
