import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryStore, type Store } from '@attestel/core';
import { openLmdbStore } from '../../src/index.ts';
import { storeSuite } from '../suites/store-suite.ts';

storeSuite('memory', 'in memory', async () => {
  const store = createMemoryStore();
  return { store, reopen: async () => store, dispose: () => store.close() };
});

storeSuite('LMDB', 'durable', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'attestel-store-'));
  let store: Store = await openLmdbStore({ path: folder });
  return {
    store,
    async reopen() {
      await store.close();
      store = await openLmdbStore({ path: folder });
      return store;
    },
    async dispose() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
