import { createPublicKey, verify } from 'node:crypto';
import { createMemoryStore } from '@attestel/core';
import { createMemoryKeyStore } from '@attestel/keystore';
import { describe, expect, it } from 'vitest';
import {
  createKeyStoreKeys,
  createMemoryVault,
  createMemoryWalletStorage,
  createStoreWalletStorage,
  createWebCryptoKeys,
  type WalletKeys,
  type WalletStorage,
} from '../../src/wallet/index.ts';
import { codeOf, setup, subscriber } from './fakes/setup.ts';

const entry = (id: string) => ({ id, at: 1, keyRefs: ['a'] });

describe.each<[string, () => WalletStorage]>([
  ['memory', createMemoryWalletStorage],
  ['store port', () => createStoreWalletStorage(createMemoryStore(), 'w')],
])('storage on %s', (_name, create) => {
  it('gives back what was put, replaces, deletes and lists', async () => {
    const storage = create();
    await storage.write([
      { collection: 'issuances', put: entry('a') },
      { collection: 'issuances', put: entry('b') },
    ]);
    await storage.write([
      { collection: 'issuances', put: { ...entry('a'), at: 2 } },
      { collection: 'issuances', delete: 'b' },
    ]);
    expect(await storage.get('issuances', 'a')).toEqual({ ...entry('a'), at: 2 });
    expect(await storage.get('issuances', 'b')).toBeUndefined();
    expect(await storage.list('issuances')).toHaveLength(1);
    expect(await storage.list('cards')).toEqual([]);
  });
});

describe.each<[string, () => WalletKeys]>([
  ['Web Crypto', () => createWebCryptoKeys({ vault: createMemoryVault() })],
  ['a key store', () => createKeyStoreKeys({ keyStore: createMemoryKeyStore() })],
])('keys in %s', (_name, create) => {
  it('sign as raw r‖s and give out the four public members only', async () => {
    const keys = create();
    const ref = 'holder-1';
    await keys.generate({ purpose: 'holder', ref });
    const jwk = await keys.publicJwk(ref);
    expect(Object.keys(jwk).sort()).toEqual(['crv', 'kty', 'x', 'y']);
    const message = Buffer.from('hello');
    const signature = await keys.sign(ref, message);
    expect(signature).toHaveLength(64);
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    expect(verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
  });

  it('are all different, and gone when destroyed', async () => {
    const keys = create();
    const refs = Array.from({ length: 5 }, (_, i) => `holder-${i}`);
    await Promise.all(refs.map((ref) => keys.generate({ purpose: 'holder', ref })));
    expect(new Set(await Promise.all(refs.map(async (ref) => (await keys.publicJwk(ref)).x))).size).toBe(5);
    await keys.destroy(refs[0] as string);
    await keys.destroy(refs[0] as string); // a second time is no error
    await expect(keys.sign(refs[0] as string, new Uint8Array())).rejects.toThrow();
    await keys.publicJwk(refs[1] as string);
  });
});

describe('a store that fails', () => {
  it('before a commit leaves no half a card', async () => {
    let left = Number.POSITIVE_INFINITY;
    const store = createMemoryStore({
      beforeCommit: () => {
        left -= 1;
        if (left < 0) throw new Error('disk');
      },
    });
    const world = setup({ store });
    for (let writes = 0; writes < 6; writes++) {
      left = writes;
      const result = await codeOf(world.open().receive(world.issuer.offer(subscriber())));
      left = Number.POSITIVE_INFINITY;
      const cards = await world.open().cards();
      if (result !== 'nothing thrown') {
        expect(cards.every((card) => card.copiesTotal === 4)).toBe(true);
        world.clock.advance(3601);
        await world.open().sweep();
      }
    }
    const copies = [...store.range('wallet/copies')].length;
    const holders = [...world.vault.refs].filter((ref) => ref.startsWith('holder'));
    expect(copies).toBe(4 * (await world.open().cards()).length);
    expect(holders.length - copies, 'every key left has its copy').toBeLessThanOrEqual(0);
  });
});
