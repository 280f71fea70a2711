import { unixSeconds, utf8 } from '@attestel/core';
import {
  anchorIdOf,
  type CertificateAuthority,
  commitToTokenKey,
  createAuthority,
  ensureTokenKey,
  keyStoreSigningKey,
  type Scope,
  signRootCertificate,
} from '@attestel/pki';
import type { Provisioned } from '../provision.ts';
import { type EquipmentContext, pkiChange } from './equipment-context.ts';

const CA = { ref: 'pki/ca', table: 'pki', certificate: utf8('ca') } as const;
const HOUR = 3600;
const YEARS = 10 * 365 * 86_400;

/** Slices that the demo's operators run together (TS 23.003 §28.4.2: slice type and differentiator). */
export const SHARED_SLICES = ['01-000001', '02-000002'] as const;

/** Names of an operator's network: of the country code for tests (ITU-T E.212 annex A), so nobody's. */
export const networkOf = (place: number) => {
  const mnc = String(place + 1).padStart(3, '0');
  return { plmn: `001${mnc.slice(1)}`, domain: `mnc${mnc}.mcc001.3gppnetwork.org` };
};

export interface OperatorCa {
  readonly authority: CertificateAuthority;
  /** Id of its anchor on the ledger. */
  readonly anchor: Uint8Array;
}

/** The operator's own CA, in its key store, and its anchor on the ledger. */
export async function ensureOperatorCa(context: EquipmentContext, place: number): Promise<OperatorCa> {
  const operator = context.operators[place] as Provisioned;
  const authority = await ensureAuthority(context, operator);
  const { plmn, domain } = networkOf(place);
  const scope: Scope = {
    ...{ kind: 'operator', owner: operator.identity.did, plmns: [plmn], slices: [...SHARED_SLICES] },
    ...{ dns: [domain], serials: [], roles: ['network-function', 'security-gateway', 'small-cell'] },
    tokenKey: commitToTokenKey(await ensureTokenKey(operator.party.keyStore)),
  };
  const { certificate } = authority;
  const anchor = anchorIdOf(certificate, scope);
  if (!context.pki.anchor(anchor)) await admit(context, operator, { certificate, scope });
  return { authority, anchor };
}

async function ensureAuthority(
  { world: { clock, random } }: EquipmentContext,
  { party, name }: Provisioned,
): Promise<CertificateAuthority> {
  const { keyStore, store } = party;
  if (!(await keyStore.find(CA.ref))) {
    await keyStore.generate({ purpose: 'certificate-authority', algorithm: 'ES256', ref: CA.ref });
  }
  const key = await keyStoreSigningKey(keyStore, CA.ref);
  const now = unixSeconds(clock);
  const stored = store.get(CA.table, CA.certificate);
  const validity = { notBefore: now - HOUR, notAfter: now + YEARS };
  const certificate =
    stored ?? (await signRootCertificate({ name: `${name.en} Equipment CA`, key, random, ...validity }));
  if (!stored) await store.transact((writer) => writer.put(CA.table, CA.certificate, certificate));
  return createAuthority({ certificate, key, clock, random });
}

/** By the votes of its owner and of the vendor, who sell to each other. */
export async function admit(
  context: EquipmentContext,
  owner: Provisioned,
  { certificate, scope }: { certificate: Uint8Array | null; scope: Scope },
): Promise<void> {
  const other = owner === context.vendor ? (context.operators[0] as Provisioned) : context.vendor;
  const voters = [owner, other];
  const body = {
    ...{ certificate, scope: { ...scope }, from: unixSeconds(context.world.clock), until: null },
    ...{ replaces: null, voters: voters.map(({ identity }) => identity.did) },
  };
  await pkiChange(context, 'anchor.admit', body, voters);
}
