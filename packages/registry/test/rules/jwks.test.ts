import { createMemoryKeyStore } from '@attestel/keystore';
import { beforeAll, describe, expect, it } from 'vitest';
import { jwksFault } from '../../src/rules/jwks.ts';

type Jwk = Readonly<Record<string, unknown>>;
let keys: { ec: Jwk; ed: Jwk; rsa: Jwk };
const set = (...list: Jwk[]): string => JSON.stringify({ keys: list });

beforeAll(async () => {
  const store = createMemoryKeyStore();
  await store.generate({ purpose: 'assertion', algorithm: 'ES256', ref: 'ec' });
  await store.generate({ purpose: 'assertion', algorithm: 'EdDSA', ref: 'ed' });
  await store.generate({ purpose: 'token', algorithm: 'RS256', ref: 'rsa' });
  keys = {
    ec: await store.publicJwk('ec'),
    ed: await store.publicJwk('ed'),
    rsa: await store.publicJwk('rsa'),
  };
});

describe('JWK set of an app [RFC7517 §5]', () => {
  it('accepts public P-256, Ed25519 and RSA keys with kid, use and alg', () => {
    const named = { ...keys.ec, kid: '1', use: 'sig', alg: 'ES256' };
    expect(
      jwksFault(set(named, { ...keys.ed, alg: 'EdDSA' }, { ...keys.rsa, alg: 'PS256' })),
    ).toBeUndefined();
  });

  it('refuses private members', () => {
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) {
      expect(jwksFault(set({ ...keys.rsa, [member]: 'AQAB' })), member).toMatch(/public/);
      expect(jwksFault(set({ ...keys.ec, [member]: 'AQAB' })), member).toMatch(/public/);
    }
  });

  it('refuses symmetric keys, other curves, points off the curve, short RSA and other uses', () => {
    for (const bad of [
      { kty: 'oct', k: 'AQAB' },
      { ...keys.ec, crv: 'P-384' },
      { ...keys.ec, x: keys.ec.y },
      { ...keys.ed, x: 'AQAB' },
      { ...keys.rsa, n: 'AQAB' },
      { ...keys.rsa, e: 'Aw' },
      { ...keys.ec, use: 'enc' },
      { ...keys.ec, alg: 'none' },
      {},
    ]) {
      expect(jwksFault(set(bad))).toMatch(/public/);
    }
  });

  it('refuses text that is no JWK set, too many keys, a kid twice and endless text', () => {
    for (const text of ['', '{', 'null', '[]', '{}', '{"keys":[]}', set(...Array(11).fill(keys.ec))]) {
      expect(jwksFault(text)).toBeDefined();
    }
    expect(jwksFault(set({ ...keys.ec, kid: 'a' }, { ...keys.ed, kid: 'a' }))).toMatch(/twice/);
    expect(jwksFault(' '.repeat(16_001))).toMatch(/16000/);
  });
});
