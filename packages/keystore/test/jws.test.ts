import { fromUtf8, utf8 } from '@attestel/core';
import { createMemoryKeyStore, jwsSigner, signJws, signJwt } from '@attestel/keystore';
import { compactVerify, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';

async function keyOf(algorithm: 'EdDSA' | 'ES256' | 'RS256') {
  const store = createMemoryKeyStore();
  await store.generate({ purpose: 'assertion', algorithm, ref: 'k' });
  return { store, publicKey: await importJWK(await store.publicJwk('k'), algorithm) };
}

describe('compact JWS', () => {
  it.each(['EdDSA', 'ES256', 'RS256'] as const)('%s verifies with an independent library', async (alg) => {
    const { store, publicKey } = await keyOf(alg);
    const jwt = await signJwt(
      { typ: 'JWT', kid: 'did:x#1' },
      { sub: '名', n: 1 },
      await jwsSigner(store, 'k'),
    );
    const { payload, protectedHeader } = await jwtVerify(jwt, publicKey);
    expect(protectedHeader).toEqual({ typ: 'JWT', kid: 'did:x#1', alg });
    expect(payload).toEqual({ sub: '名', n: 1 });
  });

  it('takes a core Signer as it is', async () => {
    const { store, publicKey } = await keyOf('ES256');
    const jws = await signJws({}, utf8('bytes'), await store.signer('k'));
    expect(fromUtf8((await compactVerify(jws, publicKey)).payload)).toBe('bytes');
  });

  it('sets alg from the key and refuses a header that names another', async () => {
    const { store } = await keyOf('ES256');
    const signer = await store.signer('k');
    expect(decodeProtectedHeader(await signJwt({ alg: 'ES256' }, {}, signer))).toEqual({ alg: 'ES256' });
    await expect(signJwt({ alg: 'none' }, {}, signer)).rejects.toThrow(TypeError);
  });

  it('leaves out members that are undefined', async () => {
    const { store, publicKey } = await keyOf('EdDSA');
    const jwt = await signJwt({ kid: undefined }, { a: undefined, b: 2 }, await store.signer('k'));
    expect((await jwtVerify(jwt, publicKey)).payload).toEqual({ b: 2 });
  });

  it('makes no JWS signer for an unknown key or a derivation key', async () => {
    const store = createMemoryKeyStore();
    await store.generate({ purpose: 'derivation', algorithm: 'HS256', ref: 'd' });
    await expect(jwsSigner(store, 'x')).rejects.toMatchObject({ code: 'key_not_found' });
    await expect(jwsSigner(store, 'd')).rejects.toMatchObject({ code: 'key_wrong_algorithm' });
  });
});
