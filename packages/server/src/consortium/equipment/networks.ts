import { type Bytes, unixSeconds } from '@attestel/core';
import { type CertificateProfile, PROFILES, type SigningKey } from '@attestel/pki';
import { der, type GeneralName, writeGeneralName, writeName } from '@attestel/x509';
import type { Provisioned } from '../provision.ts';
import { ensurePublished } from './device.ts';
import { type EquipmentContext, pkiChange, publisherOf } from './equipment-context.ts';
import { networkOf, type OperatorCa, SHARED_SLICES } from './operator-ca.ts';

const YEAR = 365 * 86_400;
const SALT_BYTES = 16;

/** A security gateway of an operator, certified by its own CA. */
export const ensureGateway = (context: EquipmentContext, place: number, ca: OperatorCa): Promise<Bytes> =>
  ensureIssued(context, place, {
    ...{ ca, role: 'security-gateway', host: 'segw1', profile: PROFILES['security-gateway'], more: [] },
  });

/** The session management function of a slice, at one of the operators that run it. */
export const ensureSliceFunction = (
  context: EquipmentContext,
  place: number,
  ca: OperatorCa,
  slice: string,
): Promise<Bytes> =>
  ensureIssued(context, place, {
    ...{ ca, role: 'network-function', host: `smf-${slice}` },
    profile: { ...PROFILES['network-function'], nfTypes: ['SMF'] },
    more: [{ kind: 'uri', value: `urn:attestel:snssai:${slice}` }],
  });

interface Issued {
  readonly ca: OperatorCa;
  readonly role: 'security-gateway' | 'network-function';
  readonly host: string;
  readonly profile: CertificateProfile;
  readonly more: readonly GeneralName[];
}

async function ensureIssued(context: EquipmentContext, place: number, issued: Issued): Promise<Bytes> {
  const { ca, role, host, profile, more } = issued;
  const dns = `${host}.${networkOf(place).domain}`;
  const certify = ({ spki }: SigningKey): Promise<Bytes> =>
    ca.authority.issue({
      ...{ subject: writeName([['commonName', dns]]), spki, profile },
      subjectAltName: der.sequence(...[{ kind: 'dns', value: dns } as const, ...more].map(writeGeneralName)),
    });
  const publisher = await publisherOf(context, context.operators[place] as Provisioned);
  return ensurePublished(context, dns, { role, publisher, anchor: ca.anchor, batch: null, certify });
}

/** Both operators say whose functions meet in the shared slices. */
export async function ensureRelation(
  context: EquipmentContext,
  authorities: readonly [OperatorCa, OperatorCa],
): Promise<void> {
  if (context.pki.relations().length > 0) return;
  const [first, second] = context.operators as readonly [Provisioned, Provisioned];
  const sides = [
    { who: first, anchor: authorities[0].anchor },
    { who: second, anchor: authorities[1].anchor },
  ].sort((one, other) => (one.who.identity.did < other.who.identity.did ? -1 : 1));
  const from = unixSeconds(context.world.clock);
  const body = {
    parties: sides.map(({ who }) => who.identity.did),
    anchors: sides.map(({ anchor }) => [anchor]),
    ...{ nfTypes: ['SMF'], slices: [...SHARED_SLICES], from, until: from + YEAR },
    salt: context.world.random.bytes(SALT_BYTES),
  };
  await pkiChange(context, 'relation.sign', body, [first, second]);
}
