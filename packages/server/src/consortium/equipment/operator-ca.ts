import { unixSeconds } from '@attestel/core';
import {
  anchorIdOf,
  type CertificateAuthority,
  commitToTokenKey,
  ensureTokenKey,
  openAuthority,
  type Scope,
} from '@attestel/pki';
import type { NodeConfigInput } from '../../config.schema.ts';
import type { DemoParty } from '../parties.ts';
import type { Provisioned } from '../provision.ts';
import { type EquipmentContext, pkiChange } from './equipment-context.ts';

const CA_KEY = 'pki/ca';
const CA_YEARS = 10;
const YEAR = 365 * 86_400;

/** Slices that the demo's operators run together (TS 23.003 §28.4.2: slice type and differentiator). */
export const SHARED_SLICES = ['01-000001', '02-000002'] as const;

/** Names of an operator's network: of the country code for tests (ITU-T E.212 annex A), so nobody's. */
export const networkOf = (place: number) => {
  const mnc = String(place + 1).padStart(3, '0');
  return { plmn: `001${mnc.slice(1)}`, domain: `mnc${mnc}.mcc001.3gppnetwork.org` };
};

const caName = ({ name }: DemoParty): string => `${name.en} Equipment CA`;

/** The same CA at the operator's node, with its front ends: cells enrol by CMP, whoever meets one asks by OCSP. */
export const equipmentRole = (operator: DemoParty, place: number): NodeConfigInput['roles']['pki'] => ({
  ca: {
    ...{ key: CA_KEY, name: caName(operator), validityYears: CA_YEARS },
    profiles: { cells: { role: 'small-cell', domain: `cells.${networkOf(place).domain}` } },
  },
  ...{ ocsp: {}, crl: {}, cmp: {} },
});

export interface OperatorCa {
  readonly authority: CertificateAuthority;
  /** Id of its anchor on the ledger. */
  readonly anchor: Uint8Array;
}

/** The operator's own CA, in its key store, and its anchor on the ledger. */
export async function ensureOperatorCa(context: EquipmentContext, place: number): Promise<OperatorCa> {
  const operator = context.operators[place] as Provisioned;
  const { keyStore, store } = operator.party;
  const { clock, random } = context.world;
  const root = { name: caName(operator), lifetime: CA_YEARS * YEAR };
  const authority = await openAuthority({
    ...{ keyStore, store, key: CA_KEY, algorithm: 'ES256', clock, random, root },
  });
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
