import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';
import { verifySelfSignedJwt } from '../../../src/issuer/oauth/signed-jwt.ts';
import { signJwt, type TestKey, testKey } from '../fakes/foreign-wallet.ts';

const TYP = 'openid4vci-proof+jwt';
const key = testKey();
const claims = { aud: 'https://operator.example', nonce: 'n' };
const headerOf = (signer: TestKey) => ({ typ: TYP, alg: 'ES256', jwk: signer.jwk });
const jwt = (header: object = {}, signer = key): string =>
  signJwt({ ...headerOf(signer), ...header }, claims, signer);

/** Any text as header, properly signed over it. */
function jwtWithHeader(text: string): string {
  const [, payload, signature] = jwt().split('.');
  return `${Buffer.from(text).toString('base64url')}.${payload}.${signature}`;
}

describe('a JWT signed by the key in its header', () => {
  it('gives claims, the bare key and its thumbprint [RFC7638]', async () => {
    const verified = verifySelfSignedJwt(jwt({ jwk: { ...key.jwk, kid: 'phone', use: 'sig' } }), TYP);
    expect(verified.claims).toEqual(claims);
    expect(verified.jwk).toEqual(key.jwk);
    expect(verified.thumbprint).toBe(await calculateJwkThumbprint(key.jwk));
  });

  it('is refused when any part of it was changed', () => {
    const parts = jwt().split('.');
    const other = signJwt({ ...headerOf(key), more: 1 }, { ...claims, nonce: 'm' }, key).split('.');
    for (const i of [0, 1, 2]) {
      const mixed = parts.map((part, at) => (at === i ? other[at] : part)).join('.');
      expect(() => verifySelfSignedJwt(mixed, TYP)).toThrow('signature does not verify');
    }
  });

  it.each([
    ['two parts', 'a.b'],
    ['four parts', `${jwt()}.`],
    ['padding', jwt().replace('.', '=.')],
    ['text around it', ` ${jwt()}`],
    ['more than 8 KiB', jwt({ more: 'x'.repeat(7000) })],
    ['a header that is no object', jwtWithHeader('[]')],
    ['a header that is no JSON', jwtWithHeader('{')],
    ['a member named twice', jwtWithHeader('{"typ":"x","typ":"y"}')],
    ['bytes that are not UTF-8', `${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.e30.AA`],
  ])('is refused with %s', (_, compact) => {
    expect(() => verifySelfSignedJwt(compact, TYP)).toThrow(
      new TypeError('not a compact JWS of JSON objects'),
    );
  });

  it.each([
    ['on another curve', { kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA' }],
    ['of another type', { kty: 'OKP', crv: 'Ed25519', x: key.jwk.x }],
    ['that is symmetric', { kty: 'oct', k: 'AA' }],
    ['not on the curve', { ...key.jwk, y: key.jwk.x }],
    ['with a padded coordinate', { ...key.jwk, x: `${key.jwk.x}=` }],
    ['with a short coordinate', { ...key.jwk, x: 'AA' }],
    ['without a coordinate', { kty: 'EC', crv: 'P-256', x: key.jwk.x }],
    ['with a number as coordinate', { ...key.jwk, x: 1 }],
  ])('is refused with a key %s', (_, jwk) => {
    expect(() => verifySelfSignedJwt(jwt({ jwk }), TYP)).toThrow(new TypeError('jwk is not a P-256 key'));
  });

  it('is refused with a private key, whatever else it holds', () => {
    const jwk = { ...key.jwk, d: key.jwk.x };
    expect(() => verifySelfSignedJwt(jwt({ jwk }), TYP)).toThrow(new TypeError('jwk holds a private key'));
  });

  it.each([
    ['typ', { typ: 'JWT' }, `typ is not ${TYP}`],
    ['alg', { alg: 'none' }, 'alg is not ES256'],
    ['crit', { crit: ['exp'] }, 'crit is not understood'],
    ['kid', { kid: 'a' }, 'kid or x5c beside jwk'],
  ])('names the rule about %s', (_, header, rule) => {
    expect(() => verifySelfSignedJwt(jwt(header), TYP)).toThrow(new TypeError(rule));
  });
});
