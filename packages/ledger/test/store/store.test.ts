import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryStore, type Store } from '@attestel/core';
import { describe } from 'vitest';
import { openDeferring } from '../../src/store/lmdb-store.ts';
import { storeSuite } from '../suites/store-suite.ts';

storeSuite('memory', 'in memory', async () => {
  const store = createMemoryStore();
  return { store, reopen: async () => store, dispose: () => store.close() };
});

const DEFERRED = ['suite/table', 'suite/other'];

describe.each([
  ['LMDB', { tables: [], maxBytes: 0, fileShare: 1 }],
  ['LMDB with rows that wait', { tables: DEFERRED, maxBytes: 10_000_000, fileShare: 1 }],
  ['LMDB with few rows that wait', { tables: DEFERRED, maxBytes: 3000, fileShare: 1 }],
] as const)('%s', (name, deferral) => {
  storeSuite(name, 'durable', async () => {
    const path = await mkdtemp(join(tmpdir(), 'attestel-store-'));
    let store: Store = await openDeferring({ path }, deferral);
    return {
      store,
      async reopen() {
        await store.close();
        store = await openDeferring({ path }, deferral);
        return store;
      },
      async dispose() {
        await store.close();
        await rm(path, { recursive: true, force: true });
      },
    };
  });
});
