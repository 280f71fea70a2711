import { createPublicKey, verify } from 'node:crypto';
import { inspect } from 'node:util';
import { algorithmOf, multikeyToJwk, toHex, utf8 } from '@attestel/core';
import type { KeyStore } from '@attestel/keystore';
import { describe, expect, it } from 'vitest';

export interface KeyStoreUnderTest {
  readonly name: string;
  create(): Promise<KeyStore>;
  /** Of keys that have a multikey. Default: both. */
  readonly algorithms?: readonly ('EdDSA' | 'ES256')[];
}

const MESSAGE = utf8('a message');

/** What every key store does, whatever keeps its keys. */
export function keyStoreSuite({ name, create, algorithms = ['EdDSA', 'ES256'] }: KeyStoreUnderTest): void {
  const [first = 'ES256'] = algorithms;
  describe(`key store: ${name}`, () => {
    it('generates a key under the ref the caller chose and finds it', async () => {
      const store = await create();
      const info = await store.generate({ purpose: 'assertion', algorithm: 'ES256', ref: 'op-a/key-1' });
      expect(info).toEqual({ ref: 'op-a/key-1', purpose: 'assertion', algorithm: 'ES256', createdAt: 1_000 });
      expect(await store.find('op-a/key-1')).toEqual(info);
      expect(await store.find('op-a/key-2')).toBeUndefined();
    });

    it('names keys itself when the caller does not', async () => {
      const store = await create();
      const a = await store.generate({ purpose: 'holder', algorithm: 'ES256' });
      const b = await store.generate({ purpose: 'holder', algorithm: 'ES256' });
      expect(a.ref).toMatch(/^holder\/[0-9a-f]{16}$/);
      expect(a.ref).not.toBe(b.ref);
      expect((await store.list()).map((k) => k.ref)).toEqual([a.ref, b.ref].sort());
    });

    it('refuses a taken ref and keeps the first key', async () => {
      const store = await create();
      await store.generate({ purpose: 'ledger', algorithm: first, ref: 'k' });
      const before = await store.publicJwk('k');
      await expect(store.generate({ purpose: 'ledger', algorithm: 'ES256', ref: 'k' })).rejects.toMatchObject(
        {
          code: 'key_exists',
        },
      );
      expect(await store.publicJwk('k')).toEqual(before);
    });

    it('generates one key when two callers race for a ref', async () => {
      const store = await create();
      const results = await Promise.allSettled(
        Array.from({ length: 4 }, () => store.generate({ purpose: 'ledger', algorithm: first, ref: 'k' })),
      );
      expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    });

    it.each(['', 'A', '/a', '../a', 'a b', 'a\n', `a${'b'.repeat(100)}`, 'é'])(
      'refuses the malformed ref %j',
      async (ref) => {
        const store = await create();
        await expect(store.generate({ purpose: 'ledger', algorithm: first, ref })).rejects.toMatchObject({
          code: 'key_ref_invalid',
        });
      },
    );

    it.each(algorithms)('signs with %s: 64 bytes that verify', async (algorithm) => {
      const store = await create();
      await store.generate({ purpose: 'assertion', algorithm, ref: 'k' });
      const signer = await store.signer('k');
      expect(signer.algorithm).toBe(algorithm);
      expect(algorithmOf(signer.publicKey)).toBe(algorithm);
      expect(multikeyToJwk(signer.publicKey)).toEqual(await store.publicJwk('k'));
      for (const signature of [await signer.sign(MESSAGE), await store.sign('k', MESSAGE)]) {
        expect(signature).toHaveLength(64);
        const key = createPublicKey({ key: { ...multikeyToJwk(signer.publicKey) }, format: 'jwk' });
        const hash = algorithm === 'EdDSA' ? null : 'sha256';
        expect(verify(hash, MESSAGE, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
      }
    });

    it('signs with RS256, which has a JWK but no multikey', async () => {
      const store = await create();
      await store.generate({ purpose: 'token', algorithm: 'RS256', ref: 'k' });
      const jwk = await store.publicJwk('k');
      expect(Object.keys(jwk).sort()).toEqual(['e', 'kty', 'n']);
      const signature = await store.sign('k', MESSAGE);
      expect(verify('sha256', MESSAGE, createPublicKey({ key: { ...jwk }, format: 'jwk' }), signature)).toBe(
        true,
      );
      await expect(store.signer('k')).rejects.toMatchObject({ code: 'key_wrong_algorithm' });
    });

    it('makes the same MAC for the same message, and another for another key', async () => {
      const store = await create();
      await store.generate({ purpose: 'derivation', algorithm: 'HS256', ref: 'a' });
      await store.generate({ purpose: 'derivation', algorithm: 'HS256', ref: 'b' });
      const mac = await store.mac('a', MESSAGE);
      expect(mac).toHaveLength(32);
      expect(await store.mac('a', MESSAGE)).toEqual(mac);
      expect(await store.mac('a', utf8('another'))).not.toEqual(mac);
      expect(await store.mac('b', MESSAGE)).not.toEqual(mac);
    });

    it('uses derivation keys for MACs only, and other keys never', async () => {
      const store = await create();
      await store.generate({ purpose: 'derivation', algorithm: 'HS256', ref: 'd' });
      await store.generate({ purpose: 'assertion', algorithm: 'ES256', ref: 's' });
      await expect(store.sign('d', MESSAGE)).rejects.toMatchObject({ code: 'key_wrong_purpose' });
      await expect(store.signer('d')).rejects.toMatchObject({ code: 'key_wrong_algorithm' });
      await expect(store.publicJwk('d')).rejects.toMatchObject({ code: 'key_wrong_algorithm' });
      await expect(store.mac('s', MESSAGE)).rejects.toMatchObject({ code: 'key_wrong_purpose' });
    });

    it('refuses to make an HMAC key for signing or a signing key for derivation', async () => {
      const store = await create();
      for (const request of [
        { purpose: 'assertion', algorithm: 'HS256' },
        { purpose: 'derivation', algorithm: 'ES256' },
      ] as const) {
        await expect(store.generate(request)).rejects.toMatchObject({ code: 'key_wrong_purpose' });
      }
      expect(await store.list()).toEqual([]);
    });

    it('says not found for every use of an unknown key', async () => {
      const store = await create();
      for (const use of [
        () => store.signer('x'),
        () => store.publicJwk('x'),
        () => store.sign('x', MESSAGE),
        () => store.mac('x', MESSAGE),
        () => store.destroy('x'),
      ]) {
        await expect(use()).rejects.toMatchObject({ code: 'key_not_found', kind: 'not-found' });
      }
    });

    it('stops the signer of a destroyed key, also when a namesake is made', async () => {
      const store = await create();
      await store.generate({ purpose: 'ledger', algorithm: first, ref: 'k' });
      const signer = await store.signer('k');
      await store.destroy('k');
      expect(await store.find('k')).toBeUndefined();
      await expect(signer.sign(MESSAGE)).rejects.toMatchObject({ code: 'key_not_found' });
      await store.generate({ purpose: 'ledger', algorithm: first, ref: 'k' });
      await expect(signer.sign(MESSAGE)).rejects.toMatchObject({ code: 'key_not_found' });
    });

    it('shows no private member in results, JSON, inspection or errors', async () => {
      const store = await create();
      const shown: unknown[] = [store, store.capabilities()];
      for (const algorithm of [...algorithms, 'RS256', 'HS256'] as const) {
        const purpose = algorithm === 'HS256' ? 'derivation' : 'assertion';
        shown.push(await store.generate({ purpose, algorithm, ref: `k-${algorithm.toLowerCase()}` }));
      }
      shown.push(await store.list(), await store.signer('k-es256'), await store.publicJwk('k-rs256'));
      for (const algorithm of algorithms) shown.push(await store.publicJwk(`k-${algorithm.toLowerCase()}`));
      shown.push(await store.mac('k-hs256', MESSAGE).then(toHex));
      shown.push(await store.sign('k-hs256', MESSAGE).catch((error: unknown) => error));
      for (const value of shown) {
        const text = JSON.stringify(value) + inspect(value, { depth: 10, showHidden: true });
        expect(text).not.toMatch(/"(d|p|q|dp|dq|qi|k)"|\b(d|p|q|dp|dq|qi|k): |KeyObject|PRIVATE KEY/);
      }
    });
  });
}
