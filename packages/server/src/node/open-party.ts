import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '@attestel/core';
import type { KeyStore } from '@attestel/keystore';
import { openLmdbStore } from '@attestel/ledger';
import { type PartyIdentity, readIdentity, writeIdentity } from './identity-file.ts';
import { openPartyKeys, type PartyKeysOptions } from './open-party-keys.ts';

/** A party's own folder: its keys and its database, shared with nobody. */
export interface Party {
  readonly keyStore: KeyStore;
  readonly store: Store;
  identity(): PartyIdentity | undefined;
  saveIdentity(identity: PartyIdentity): Promise<void>;
  close(): Promise<void>;
}

export async function openParty(options: PartyKeysOptions): Promise<Party> {
  const { dataDir } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const keyStore = await openPartyKeys(options);
  const store = await openLmdbStore({ path: join(dataDir, 'store') });
  let identity = await readIdentity(dataDir);
  return {
    keyStore,
    store,
    identity: () => identity,
    async saveIdentity(made) {
      await writeIdentity(dataDir, made);
      identity = made;
    },
    close: () => store.close(),
  };
}
