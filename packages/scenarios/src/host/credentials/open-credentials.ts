import { type Clock, type Signer, type Store, toHex, unixSeconds } from '@attestel/core';
import { issueVc, type Vc } from '@attestel/credentials';
import type { DidResolver } from '@attestel/did';
import type { Ledger } from '@attestel/ledger';
import { fail } from '../../errors.ts';
import type { Credentials, CredentialTypes, IssueRequest, Vault } from '../ports.ts';
import { putCredential } from './credential-rows.ts';
import { type KeptCredential, keptCredentials, withRights } from './kept-credentials.ts';
import { createFindLife } from './lines-of-credential.ts';
import {
  createProver,
  type Place,
  type ProveCredential,
  type Proven,
  tryParseVc,
} from './prove-credential.ts';
import { createTrustSources, type LedgerTrustOptions } from './trust-sources.ts';
import { type TrustSources, trustedOf } from './trusted-credentials.ts';

export interface CredentialsOptions extends Omit<LedgerTrustOptions, 'ledger'> {
  readonly ledger: Pick<Ledger, 'state' | 'indexOf' | 'head'>;
  readonly store: Store;
  readonly vault: Vault;
  readonly resolver: DidResolver;
  readonly clock: Clock;
  /** The party at whose node this runs, and an assertion key of it. */
  readonly party: { readonly did: string; readonly kid: string; readonly signer: Signer };
  /** Types of all modules: what the party has no right to issue it does not sign. */
  readonly types: CredentialTypes;
  /** Key of the vault under which a credential is kept, by the line that issued it: gone with that key. */
  keyNameOf?(line: string): string;
}

/** Key of credentials whose line has none of its own. */
const OWN_KEY = 'credentials';

/** Credentials that a party keeps, checks and signs, by its own copy of the ledger. */
export async function openCredentials(options: CredentialsOptions): Promise<Credentials> {
  const { vault } = options;
  await vault.make([OWN_KEY]);
  const findLife = createFindLife(options.ledger);
  const prove = createProver({ ...options, findLife });
  const trust = createTrustSources(options);
  const heldIn = (channel: string) => (did: string) =>
    keptCredentials({ ...options, findLife }, channel, did);
  return {
    async presentedFor(actor, party, channel) {
      const heldBy = heldIn(channel);
      const own = [...new Set([actor, party])].flatMap(heldBy);
      return withRights(own, heldBy).map(({ jwt }) => jwt);
    },
    async verify(jwts, { channel, moment, types }) {
      const proven = await proveAll(prove, jwts, { channel, moment });
      return trustedOf(trust, { channel, types, proven });
    },
    async issue(request) {
      const vc = vcOf(options.party.did, request);
      await assertMayIssue(
        { ...options, trust, prove, heldBy: heldIn(request.channel) },
        vc,
        request.channel,
      );
      return issueVc({ vc, kid: options.party.kid, signer: options.party.signer });
    },
    keep(writer, channel, jwts) {
      for (const jwt of jwts) {
        const { subject, status } = tryParseVc(jwt)?.vc ?? {};
        // Others wrote it: what is no credential of this channel will never count, and must not stop the rest.
        if (subject === undefined || status?.channel !== channel) continue;
        const line = findLife(channel, status.ref)?.line;
        const named = line === undefined ? undefined : options.keyNameOf?.(line);
        const keyName = named !== undefined && vault.has(named) ? named : OWN_KEY;
        putCredential(writer, vault, { channel, subject, ref: status.ref }, { jwt, keyName });
      }
    },
  };
}

async function proveAll(
  prove: ProveCredential,
  jwts: readonly string[],
  place: Place,
): Promise<readonly Proven[]> {
  const proven: Proven[] = [];
  for (const jwt of new Set(jwts)) {
    const one = await prove(jwt, place);
    if (one) proven.push(one);
  }
  return proven;
}

function vcOf(issuer: string, { channel, ref, type, subject, claims, from, until }: IssueRequest): Vc {
  const name = toHex(ref);
  return {
    id: `urn:attestel:credential:${channel}:${name}`,
    type,
    issuer,
    subject,
    claims,
    validFrom: from,
    validUntil: until,
    status: { channel, ref: name },
  };
}

interface IssueSources extends Pick<CredentialsOptions, 'ledger' | 'clock' | 'types'> {
  readonly trust: TrustSources;
  readonly prove: ProveCredential;
  readonly heldBy: (did: string) => readonly KeptCredential[];
}

/**
 * By the rule that others will judge it by. Nothing to ask where a module's event gives it: whether the line is one of
 * that module shows when there is a line. @throws AppError permission_denied
 */
async function assertMayIssue(sources: IssueSources, vc: Vc, channel: string): Promise<void> {
  const { ledger, clock, types, trust, prove, heldBy } = sources;
  const declared = Object.hasOwn(types, vc.type) ? types[vc.type] : undefined;
  if (declared?.trust.by === 'module') return;
  const { size, time } = ledger.head();
  const moment = { index: size, time: Math.max(time, unixSeconds(clock)) };
  const rights = withRights(heldBy(vc.issuer), heldBy).map(({ jwt }) => jwt);
  const life = { line: '', actor: vc.issuer, time, moduleDigest: null, begins: size, ends: undefined };
  const asked: Proven = { jwt: '', vc, life };
  const proven = [asked, ...(await proveAll(prove, rights, { channel, moment }))];
  if (!trustedOf(trust, { channel, types, proven }).some(({ jwt }) => jwt === '')) {
    throw fail('permission_denied', { field: '/type' });
  }
}
