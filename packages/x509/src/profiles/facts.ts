import type { Certificate } from '../certificate/certificate.ts';
import { isHostName, lowerAscii } from '../certificate/host-name.ts';
import { NAME_ATTRIBUTE, nameTexts } from '../certificate/name.ts';
import { fail } from '../errors.ts';
import type { ProfileRole } from './profiles.ts';

/** What a certificate says of its holder. Lists have nothing twice and the order of the certificate. */
export interface Facts {
  readonly role: ProfileRole;
  /** serialNumber of the subject (IEEE 802.1AR-2018 cl. 8.6). */
  readonly deviceSerial: string | null;
  /** Organisation of the subject: for a device or a vendor's CA, the vendor's name. */
  readonly vendor: string | null;
  /** In lower case. */
  readonly dnsNames: readonly string[];
  readonly uris: readonly string[];
  /** MCC and MNC, five or six digits. */
  readonly plmns: readonly string[];
  /** SST, or SST-SD, in hex. */
  readonly snssais: readonly string[];
  readonly nfTypes: readonly string[];
}

/** Home network domain (TS 23.003 §19.2, §28.2): the MNC is written with three digits. */
const HOME_DOMAIN = /(?:^|\.)mnc([0-9]{3})\.mcc([0-9]{3})\.(?:pub\.)?3gppnetwork\.org$/;
/** No standard writes slices into certificates; this URI is ours. */
const SLICE = /^urn:attestel:snssai:([0-9a-f]{2}(?:-[0-9a-f]{6})?)$/;
/** @throws AppError profile_subject, profile_alt_name */
export function factsOf(role: ProfileRole, { subjectName, extensions }: Certificate): Facts {
  const { san = [], nfTypes = [] } = extensions;
  const dnsNames = unique(san.flatMap((name) => (name.kind === 'dns' ? [hostText(name.value)] : [])));
  const uris = unique(san.flatMap((name) => (name.kind === 'uri' ? [name.value] : [])));
  return {
    role,
    deviceSerial: single(nameTexts(subjectName, NAME_ATTRIBUTE.serialNumber)),
    vendor: single(nameTexts(subjectName, NAME_ATTRIBUTE.organization)),
    dnsNames,
    uris,
    plmns: unique(dnsNames.flatMap(plmnOf)),
    snssais: unique(uris.flatMap((uri) => SLICE.exec(uri)?.[1] ?? [])),
    nfTypes,
  };
}

/** A wildcard names no device. */
function hostText(text: string): string {
  const host = lowerAscii(text);
  if (!isHostName(host)) throw fail('profile_alt_name', { field: 'san' });
  return host;
}

/** Two of them would let a device be one thing to one reader and another to the next. */
function single(texts: readonly string[]): string | null {
  if (texts.length > 1 || texts[0] === '') throw fail('profile_subject', { field: 'subject' });
  return texts[0] ?? null;
}

/** A leading zero fills up an MNC of two digits (TS 23.003 §28.2). */
function plmnOf(name: string): string[] {
  const [, mnc, mcc] = HOME_DOMAIN.exec(name) ?? [];
  if (mnc === undefined || mcc === undefined) return [];
  return [mnc.startsWith('0') ? `${mcc}${mnc.slice(1)}` : `${mcc}${mnc}`];
}

const unique = (list: readonly string[]): string[] => [...new Set(list)];
