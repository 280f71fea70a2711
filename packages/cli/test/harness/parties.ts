import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, type Signer, systemClock, systemRandom, unixSeconds } from '@attestel/core';
import { createOrganisation, createPartyToken, parseDid } from '@attestel/did';
import { createLedgerClient, encodeOperation, type LedgerClient, type Operation } from '@attestel/ledger';
import { DEMO_PASSPHRASE, openPartyKeys } from '@attestel/server/data-folder';
import { writeIdentity } from '../../../server/src/node/identity-file.ts';
import { actAs } from '../../src/data-folder.ts';
import type { Demo } from './demo.ts';

/** Somebody who acts on the ledger and calls nodes. */
export interface Actor {
  readonly did: string;
  readonly network: string;
  readonly ledgerKey: Signer;
  /** A token for one node, of two minutes from the clock's time on. */
  token(audience: string, clock?: Clock): Promise<string>;
}

export interface Outsider extends Actor {
  /** Keys and identity, as a node of its own would have them. */
  readonly folder: string;
}

/** A member, out of the demo's data folder. */
export async function member(demo: Demo, name: string): Promise<Actor> {
  const { identity, keyStore } = await actAs(demo.dataDir, name);
  const [ledgerKey, signer] = await Promise.all([
    keyStore.signer(identity.ledgerKey),
    keyStore.signer(identity.assertionKey),
  ]);
  return actorOf(identity, ledgerKey, signer);
}

/** A party that is on the ledger and no member: a branch, a device, a stranger. */
export async function outsider(network: string, client: LedgerClient): Promise<Outsider> {
  const folder = await mkdtemp(join(tmpdir(), 'attestel-outsider-'));
  const keyStore = await openPartyKeys({ dataDir: folder, passphrase: DEMO_PASSPHRASE });
  const { did, kid, refs, operation } = await createOrganisation({
    keyStore,
    network,
    prefix: 'own',
    random: systemRandom,
    notAfter: inTenMinutes(),
  });
  await submit(client, operation);
  await writeIdentity(folder, {
    did,
    kid,
    assertionKey: refs.key,
    ledgerKey: refs.ledger,
    createOperation: encodeOperation(operation),
    certificates: [],
  });
  const [ledgerKey, signer] = [await keyStore.signer(refs.ledger), await keyStore.signer(refs.key)];
  return { ...actorOf({ did, kid }, ledgerKey, signer), folder };
}

function actorOf({ did, kid }: { did: string; kid: string }, ledgerKey: Signer, signer: Signer): Actor {
  return {
    did,
    network: parseDid(did).network,
    ledgerKey,
    token: (audience, clock = systemClock) => createPartyToken({ did, kid, signer, audience, clock }),
  };
}

export const clientOf = (url: string): LedgerClient => createLedgerClient({ url, fetch });

export const inTenMinutes = (): number => unixSeconds(systemClock) + 600;

/** Returns its index in the log. @throws what the ledger refuses it for */
export async function submit(client: LedgerClient, operation: Operation): Promise<number> {
  const [result] = await client.submit([operation]);
  if (!result?.ok) throw result?.error ?? new Error('no result');
  return result.index;
}
