import type { Store } from '@attestel/core';
import { parseVc, type Vc } from '@attestel/credentials';
import { MAIN_CHANNEL, parentOf } from '@attestel/registry';
import type { Vault } from '../ports.ts';
import { listCredentials } from './credential-rows.ts';
import type { FindLife } from './lines-of-credential.ts';

export interface KeptCredential {
  readonly jwt: string;
  readonly vc: Vc;
}

export interface KeptSources {
  readonly store: Store;
  readonly vault: Pick<Vault, 'has' | 'open'>;
  readonly findLife: FindLife;
}

/** Credentials that may count in the channel and that nobody has revoked: given there, or above it. */
export function keptCredentials(
  { store, vault, findLife }: KeptSources,
  channel: string,
  subject: string,
): readonly KeptCredential[] {
  return reachOf(channel).flatMap((at) => {
    const rows = listCredentials(store, vault, { channel: at, subject });
    return [...rows].flatMap(({ ref, jwt }) =>
      findLife(at, ref)?.ends === undefined ? [{ jwt, vc: parseVc(jwt).vc }] : [],
    );
  });
}

/** The channel and all above it, itself first. */
export function reachOf(channel: string): readonly string[] {
  return channel === MAIN_CHANNEL ? [channel] : [channel, ...reachOf(parentOf(channel))];
}

/** Rights on which rights rest, and credentials in all, that are put together for one payload. */
const MAX_CHAIN = 4;
const MAX_PRESENTED = 64;

/** Adds what the issuers hold, and theirs: a right to issue may rest on it. Those given first come first. */
export function withRights(
  own: readonly KeptCredential[],
  heldBy: (did: string) => readonly KeptCredential[],
): readonly KeptCredential[] {
  const all = new Map(own.map((kept) => [kept.jwt, kept]));
  const asked = new Set<string>();
  let last = own;
  for (let step = 0; step < MAX_CHAIN && last.length > 0; step += 1) {
    const issuers = [...new Set(last.map(({ vc }) => vc.issuer))].filter((did) => !asked.has(did));
    for (const did of issuers) asked.add(did);
    last = issuers.flatMap(heldBy).filter(({ jwt }) => !all.has(jwt));
    for (const kept of last) all.set(kept.jwt, kept);
  }
  return [...all.values()].slice(0, MAX_PRESENTED);
}
