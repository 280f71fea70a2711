import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '@attestel/core';
import { openLmdbStore } from '@attestel/ledger';
import { DEMO_LEDGER } from '@attestel/server/data-folder';
import { fail } from '../errors.ts';

/** Lends the data folder's ledger as it is now; a node may be writing to it. @throws data_missing */
export async function withLedgerStore<T>(dataDir: string, work: (store: Store) => Promise<T>): Promise<T> {
  const path = join(dataDir, DEMO_LEDGER.folder);
  if (!existsSync(join(path, 'data.mdb'))) throw fail('data_missing', { field: 'ledger in the data folder' });
  const store = await openLmdbStore({ path, readOnly: true });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
