import { join } from 'node:path';
import { systemClock } from '@attestel/core';
import type { KeyStore } from '@attestel/keystore';
import {
  DEMO_PASSPHRASE,
  openPartyKeys,
  type PartyIdentity,
  readIdentity,
} from '@attestel/server/data-folder';
import { fail } from './errors.ts';

export interface ActingParty {
  readonly keyStore: KeyStore;
  readonly identity: PartyIdentity;
  /** A short-lived token for one node's API. */
  readonly token: (audience: string) => Promise<string>;
}

/** Opens one party's keys to act in its name. @throws data_missing */
export async function actAs(dataDir: string, name: string): Promise<ActingParty> {
  const folder = join(dataDir, name);
  const identity = await readIdentity(folder);
  if (!identity) throw fail('data_missing', { field: `${name} in the data folder` });
  const keyStore = await openKeys(folder);
  const signer = await keyStore.signer(identity.assertionKey);
  return {
    keyStore,
    identity,
    async token(audience) {
      const { createPartyToken } = await import('@attestel/did');
      return createPartyToken({ did: identity.did, kid: identity.kid, signer, audience, clock: systemClock });
    },
  };
}

/** The demo's passphrase is public on purpose; a real folder's comes from the environment. */
export const openKeys = (folder: string): Promise<KeyStore> =>
  openPartyKeys({ dataDir: folder, passphrase: process.env.ATTESTEL_PASSPHRASE ?? DEMO_PASSPHRASE });
