import { type Bytes, equalBytes } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { type Certificate, checkProfile, parseCertificate } from '@attestel/x509';
import { fail as failPki } from '../../errors.ts';
import { isDevice } from '../../rules/roles.ts';
import { coversNames } from '../../rules/scope.ts';
import { deviceToken } from '../../rules/tokens.ts';
import { sha256 } from '../../sha256.ts';
import { type CertificateRecord, devices, keys, PKI_MODULE } from '../../state/records.ts';
import { statusAt } from '../../state/standing.ts';
import type { Pki } from '../../types.ts';
import type { EnrolmentRequest, Grant, Requester } from '../enrolment.ts';
import { fail } from '../errors.ts';
import type { CertifiedRequester } from '../peer-trust.ts';
import {
  deviceGrant,
  deviceSerialOf,
  type EnrolmentProfile,
  renewalGrant,
  serviceGrant,
} from './enrolment-profile.ts';

export interface EnrolmentRulesOptions {
  readonly ledger: Pick<Ledger, 'state'>;
  readonly pki: Pki;
  /** The member that issues and publishes. */
  readonly did: string;
  readonly tokenKey: Bytes;
  /** SHA-256 of the CA's certificate: its anchor on the ledger. */
  readonly anchor: Bytes;
  readonly organization: string;
  /** By label. Without one, the first that suits who asks. */
  readonly profiles: Readonly<Record<string, EnrolmentProfile>>;
}

/** What the ledger will ask of a certificate, asked before one is handed out. */
export interface EnrolmentRules {
  /** @throws AppError enrol_*, pki_*, profile_* */
  grant(request: EnrolmentRequest): Grant;
  profile(request: EnrolmentRequest): EnrolmentProfile;
  /** Hash of the certificate that a new one takes the place of. @throws AppError pki_not_good, pki_status_final */
  replaced(requester: Requester): Bytes | null;
  /** What it says, once it could be published. @throws AppError enrol_anchor, pki_key_taken, pki_role_not_allowed, pki_outside_namespace, profile_* */
  publishable(certificate: Bytes, request: EnrolmentRequest): Certificate;
  /** Whether the vendor published this device in a batch for this operator. */
  isDelivered(vendorCertificate: Certificate): boolean;
  /** Whether a published certificate is that of the device whose vendor's certificate this is. */
  isOfDevice(record: CertificateRecord, vendorCertificate: Certificate): boolean;
}

export function createEnrolmentRules(options: EnrolmentRulesOptions): EnrolmentRules {
  const { pki, did, organization, profiles } = options;
  const state = () => options.ledger.state(PKI_MODULE);
  const tokenOf = (certificate: Certificate): Bytes =>
    deviceToken(options.tokenKey, deviceSerialOf(certificate), sha256);

  const suits = (profile: EnrolmentProfile, requester: Requester): boolean => {
    if (requester.kind === 'vendor') return isDevice(profile.role);
    if (requester.kind === 'account') return profile.accounts?.includes(requester.name) ?? false;
    return profile.role === ownRecord(requester).role;
  };

  const profileOf = ({ label, requester }: EnrolmentRequest): EnrolmentProfile => {
    const labelled = label !== undefined && Object.hasOwn(profiles, label) ? profiles[label] : undefined;
    if (label !== undefined && !labelled) throw fail('enrol_profile_unknown');
    const all = labelled ? [labelled] : Object.values(profiles);
    const found = all.find((profile) => suits(profile, requester));
    if (!found) throw fail('enrol_not_allowed');
    return found;
  };

  /** Any operator's certificate signs messages; only those of this one are renewed here. */
  const ownRecord = ({ certificate }: CertifiedRequester): CertificateRecord => {
    const record = pki.certificate(sha256(certificate.der));
    if (!record || pki.anchor(record.anchor)?.scope.owner !== did) throw fail('enrol_foreign');
    return record;
  };

  const destinationOf = ({ der }: Certificate): string | null | undefined => {
    const batch = pki.certificate(sha256(der))?.batch;
    return batch ? pki.batch(batch)?.destination : undefined;
  };

  const replacedHash = (requester: Requester): Bytes | undefined => {
    if (requester.kind === 'account') return undefined;
    if (requester.kind === 'vendor') return devices.find(state(), tokenOf(requester.certificate));
    return sha256(requester.certificate.der);
  };

  return {
    profile: profileOf,
    grant(request) {
      const { requester, wanted } = request;
      const profile = profileOf(request);
      if (requester.kind === 'operator') return renewalGrant(profile, requester.certificate, wanted);
      if (requester.kind === 'account') {
        if (isDevice(profile.role)) throw failPki('pki_origin_missing');
        return serviceGrant(profile, organization, wanted);
      }
      const destination = destinationOf(requester.certificate);
      if (destination && destination !== did) throw fail('enrol_destination');
      checkProfile(profile.role, requester.certificate);
      return deviceGrant(profile, organization, { serial: deviceSerialOf(requester.certificate), wanted });
    },
    replaced(requester) {
      const hash = replacedHash(requester);
      const record = hash && pki.certificate(hash);
      if (!hash || !record) return null;
      if (record.status === 'superseded' || record.status === 'revoked') throw failPki('pki_status_final');
      if (statusAt(record, pki.now()) !== 'good') throw failPki('pki_not_good');
      return hash;
    },
    publishable(der, request) {
      const anchor = pki.anchor(options.anchor);
      if (anchor?.standing !== 'in-force' || anchor.scope.owner !== did) throw fail('enrol_anchor');
      const { role } = profileOf(request);
      if (!anchor.scope.roles.includes(role)) throw failPki('pki_role_not_allowed');
      const certificate = parseCertificate(der);
      const { plmns, snssais: slices, dnsNames } = checkProfile(role, certificate);
      if (!coversNames(anchor.scope, { plmns, slices, dnsNames })) throw failPki('pki_outside_namespace');
      if (keys.find(state(), sha256(certificate.spki))) throw failPki('pki_key_taken');
      return certificate;
    },
    isDelivered: (vendorCertificate) => destinationOf(vendorCertificate) === did,
    isOfDevice: ({ device }, vendorCertificate) =>
      device !== null && equalBytes(device, tokenOf(vendorCertificate)),
  };
}
