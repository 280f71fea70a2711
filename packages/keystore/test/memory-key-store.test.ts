import { createMemoryKeyStore } from '@attestel/keystore';
import { expect, it } from 'vitest';
import { keyStoreSuite } from './suites/key-store.suite.ts';

const clock = { now: () => 1_000_500 };

keyStoreSuite({ name: 'memory', create: async () => createMemoryKeyStore({ clock }) });

it('takes names of keys from the injected randomness', async () => {
  const store = createMemoryKeyStore({ clock, random: { bytes: (n) => new Uint8Array(n).fill(7) } });
  const request = { purpose: 'holder', algorithm: 'ES256' } as const;
  expect((await store.generate(request)).ref).toBe('holder/0707070707070707');
  await expect(store.generate(request)).rejects.toMatchObject({ code: 'key_exists' });
});

it('states its storage and attack potential honestly', () => {
  expect(createMemoryKeyStore().capabilities()).toEqual({
    algorithms: ['EdDSA', 'ES256', 'RS256', 'HS256'],
    storage: 'memory',
    iso18045: 'iso_18045_basic',
    maxKeys: null,
  });
});
