import { type Certificate, NAME_ATTRIBUTE, nameTexts } from '@attestel/x509';
import { fail } from '../errors.ts';
import type { CertificateRole } from '../rules/roles.ts';
import type { LeafFacts } from './certificate-rules.ts';

type ProfileFacts = Pick<LeafFacts, 'deviceSerial' | 'plmns' | 'slices' | 'dnsNames' | 'nfTypes'>;

/** Home domain of an operator (TS 23.003 §13.2): the MNC is written with three digits. */
const HOME_DOMAIN = /(?:^|\.)mnc([0-9]{3})\.mcc([0-9]{3})\.(?:3gppnetwork\.org|pub\.3gppnetwork\.org)$/;
const SLICE_URI = /^urn:attestel:snssai:([0-9a-f]{2}(?:-[0-9a-f]{6})?)$/;

/**
 * Names of a certificate that the ledger compares with the namespaces of its anchor; null: any role.
 * @throws AppError pki_profile
 */
export function profileOf(
  { subjectName, extensions }: Certificate,
  role: CertificateRole | null,
): ProfileFacts {
  const { san = [], basicConstraints, keyUsage, nfTypes = [] } = extensions;
  if (basicConstraints?.ca || keyUsage?.has('keyCertSign') || keyUsage?.has('cRLSign'))
    throw fail('pki_profile');
  if (keyUsage && !keyUsage.has('digitalSignature')) throw fail('pki_profile');
  if (role === 'network-function' && nfTypes.length === 0) throw fail('pki_profile');
  const dnsNames = san.flatMap((name) => (name.kind === 'dns' ? [name.value.toLowerCase()] : []));
  const uris = san.flatMap((name) => (name.kind === 'uri' ? [name.value] : []));
  const serials = nameTexts(subjectName, NAME_ATTRIBUTE.serialNumber);
  if (serials.length > 1) throw fail('pki_profile');
  return {
    deviceSerial: serials[0] ?? null,
    plmns: unique(dnsNames.flatMap(plmnOf)),
    slices: unique(uris.flatMap((uri) => SLICE_URI.exec(uri)?.[1] ?? [])),
    dnsNames,
    nfTypes,
  };
}

/** MCC and MNC; two digits of MNC are written with a leading zero (TS 23.003 §13.2). */
function plmnOf(name: string): string[] {
  const [, mnc, mcc] = HOME_DOMAIN.exec(name) ?? [];
  if (mnc === undefined || mcc === undefined) return [];
  return [mnc.startsWith('0') ? `${mcc}${mnc.slice(1)}` : `${mcc}${mnc}`];
}

const unique = (list: readonly string[]): string[] => [...new Set(list)];
