import { type Bytes, equalBytes } from '@attestel/core';
import {
  type Certificate,
  der,
  EXTENSION,
  type GeneralName,
  NAME_ATTRIBUTE,
  nameTexts,
  type RawExtension,
  readDer,
  readGeneralNames,
  TAG,
  writeGeneralName,
  writeName,
} from '@attestel/x509';
import type { KeyRequest } from '../../ca/certification-request.ts';
import type { CertificateProfile } from '../../ca/profile.ts';
import type { CertificateRole } from '../../rules/roles.ts';
import type { Grant } from '../enrolment.ts';
import { fail } from '../errors.ts';

/** What an operator grants under one label: to whom, for what, under which names. */
export interface EnrolmentProfile {
  readonly role: CertificateRole;
  readonly certificate: CertificateProfile;
  /** Roles of devices: below it a device is named by its serial. Absent: the serial number in the subject alone. */
  readonly domain?: string | undefined;
  /** Other roles: DNS names that may be asked for. */
  readonly names?: readonly string[] | undefined;
  /** S-NSSAIs, as SST or SST-SD in hex. */
  readonly slices?: readonly string[] | undefined;
  /** Names of accounts that may enrol under it. */
  readonly accounts?: readonly string[] | undefined;
}

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A device gets the name that its operator gives it, whatever it asks for: else a cell could be called like a gateway.
 * @throws AppError enrol_device_serial
 */
export function deviceGrant(
  profile: EnrolmentProfile,
  organization: string,
  { serial, wanted }: { readonly serial: string; readonly wanted: KeyRequest },
): Grant {
  const { domain, slices = [] } = profile;
  const label = serial.toLowerCase();
  if (domain !== undefined && !LABEL.test(label)) throw fail('enrol_device_serial');
  const name = domain === undefined ? undefined : `${label}.${domain}`;
  const subject = writeName([
    ['organization', organization],
    ['commonName', name ?? serial],
    ['serialNumber', serial],
  ]);
  const alternatives = [...(name ? [dns(name)] : []), ...slices.map(sliceName)];
  return granted(profile, wanted, { subject, subjectAltName: writeNames(alternatives) });
}

/**
 * A gateway or a network function gets the names that it asks for out of those that its profile has.
 * @throws AppError enrol_name
 */
export function serviceGrant(profile: EnrolmentProfile, organization: string, wanted: KeyRequest): Grant {
  const { names = [], slices = [] } = profile;
  const asked = namesIn(wanted.extensions).flatMap((name) => (name.kind === 'dns' ? [name.value] : []));
  const [first] = asked;
  if (first === undefined || !asked.every((name) => names.includes(name))) throw fail('enrol_name');
  const subject = writeName([
    ['organization', organization],
    ['commonName', first],
  ]);
  const subjectAltName = writeNames([...asked.map(dns), ...slices.map(sliceName)]);
  return granted(profile, wanted, { subject, subjectAltName });
}

/** A renewal has the names of what it renews. */
export const renewalGrant = (
  profile: EnrolmentProfile,
  { subject, extensions }: Certificate,
  wanted: KeyRequest,
): Grant => granted(profile, wanted, { subject, subjectAltName: altNamesOf(extensions.all) });

const granted = (
  { certificate: profile }: EnrolmentProfile,
  wanted: KeyRequest,
  names: Pick<Grant, 'subject' | 'subjectAltName'>,
): Grant => ({ ...names, profile, isModified: !isSame(names, wanted) });

function isSame({ subject, subjectAltName }: Pick<Grant, 'subject' | 'subjectAltName'>, wanted: KeyRequest) {
  return equalBytes(subject, wanted.subject) && isSameNames(subjectAltName, altNamesOf(wanted.extensions));
}

/** Whether a certificate says what would be granted now. */
export const says = ({ subject, extensions }: Certificate, grant: Grant): boolean =>
  equalBytes(subject, grant.subject) && isSameNames(altNamesOf(extensions.all), grant.subjectAltName);

const isSameNames = (a: Bytes | undefined, b: Bytes | undefined): boolean =>
  a === undefined || b === undefined ? a === b : equalBytes(a, b);

const altNamesOf = (extensions: readonly RawExtension[]): Bytes | undefined =>
  extensions.find(({ oid }) => oid === EXTENSION.san)?.value;

function namesIn(extensions: readonly RawExtension[]): readonly GeneralName[] {
  const value = altNamesOf(extensions);
  return value ? readGeneralNames(readDer(value, TAG.sequence).content) : [];
}

const dns = (value: string) => ({ kind: 'dns', value }) as const;
const sliceName = (slice: string) => ({ kind: 'uri', value: `urn:attestel:snssai:${slice}` }) as const;
const writeNames = (names: readonly GeneralName[]): Bytes | undefined =>
  names.length > 0 ? der.sequence(...names.map(writeGeneralName)) : undefined;

/** Serial number by which a device's vendor names it (IEEE 802.1AR-2018 cl. 8.6). @throws AppError enrol_device_serial */
export function deviceSerialOf({ subjectName }: Certificate): string {
  const [serial, ...more] = nameTexts(subjectName, NAME_ATTRIBUTE.serialNumber);
  if (!serial || more.length > 0) throw fail('enrol_device_serial');
  return serial;
}
