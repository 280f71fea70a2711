import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreReader } from '@attestel/core';
import { openLmdbStore } from '@attestel/ledger';
import { DEMO_LEDGER, demoOrigin } from '@attestel/server/data-folder';
import type { CommandInput } from '../command.ts';
import { fail } from '../errors.ts';
import { textOr } from '../option-values.ts';
import { dataDirOf, fromHere } from '../paths.ts';
import { ownNetwork } from './own-ledger.ts';

export interface LedgerIdentity {
  readonly network: string;
  readonly origin: string;
}

/** Folder of the ledger that a command is about: any node's, or that of the data folder. */
export const ledgerFolderOf = (values: CommandInput['values']): string => {
  const folder = textOr(values, 'store', undefined);
  return folder === undefined ? join(dataDirOf(values), DEMO_LEDGER.folder) : fromHere(folder);
};

/** Which ledger it must be; undefined where only the folder itself says so. @throws data_missing */
export async function expectedLedger(values: CommandInput['values']): Promise<LedgerIdentity | undefined> {
  if (values.store !== undefined) return undefined;
  const network = await ownNetwork(dataDirOf(values));
  return { network, origin: demoOrigin(network) };
}

/** @throws data_missing */
export function assertLedgerFolder(path: string): void {
  if (!existsSync(join(path, 'data.mdb'))) throw fail('data_missing', { field: 'ledger in the folder' });
}

/** Lends a ledger's store as it is now; a node may be writing to it. @throws data_missing */
export async function withStoreAt<T>(path: string, work: (store: StoreReader) => T | Promise<T>): Promise<T> {
  assertLedgerFolder(path);
  const store = await openLmdbStore({ path, readOnly: true });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
