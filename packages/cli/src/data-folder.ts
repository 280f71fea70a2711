import { join, resolve } from 'node:path';
import { systemClock } from '@attestel/core';
import { createPartyToken } from '@attestel/did';
import type { KeyStore } from '@attestel/keystore';
import { openPartyKeys, type PartyIdentity, readIdentity } from '@attestel/server';
import { fail } from './errors.ts';

/** The demo's passphrase is public on purpose; a real folder's comes from the environment. */
const DEMO_PASSPHRASE = 'attestel demo: not a secret';

export const DATA_OPTION = { data: { type: 'string' } } as const;
export const DATA_HELP = { data: 'folder of the parties (default $ATTESTEL_DATA or .attestel)' } as const;

/** npm sets INIT_CWD to where the person stood; paths are meant from there. */
export const fromHere = (path: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), path);

export const dataDirOf = (values: { readonly data?: unknown }): string =>
  fromHere(typeof values.data === 'string' ? values.data : (process.env.ATTESTEL_DATA ?? '.attestel'));

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
  const passphrase = process.env.ATTESTEL_PASSPHRASE ?? DEMO_PASSPHRASE;
  const keyStore = await openPartyKeys({ dataDir: folder, passphrase });
  const signer = await keyStore.signer(identity.assertionKey);
  return {
    keyStore,
    identity,
    token: (audience) =>
      createPartyToken({ did: identity.did, kid: identity.kid, signer, audience, clock: systemClock }),
  };
}
