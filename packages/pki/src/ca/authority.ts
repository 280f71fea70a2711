import { type Bytes, type Clock, equalBytes, type Random, unixSeconds } from '@attestel/core';
import { type CertificateTemplate, der, parseCertificate, writeCertificate, writeName } from '@attestel/x509';
import type { SigningKey } from '../asn1/signing-key.ts';
import { fail } from './errors.ts';
import { type CertificateProfile, keyIdOf, PROFILES, profileExtensions } from './profile.ts';

export interface IssueRequest {
  /** DER of the Name. */
  readonly subject: Bytes;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Bytes;
  readonly profile: CertificateProfile;
  /** DER GeneralNames that the certificate gets. */
  readonly subjectAltName?: Bytes | undefined;
}

export interface CertificateAuthority {
  /** DER of its own certificate. */
  readonly certificate: Bytes;
  readonly key: SigningKey;
  /** DER of its Name. */
  readonly name: Bytes;
  readonly keyId: Bytes;
  /** DER of the new certificate. @throws AppError ca_expired, key_*, key_not_found */
  issue(request: IssueRequest): Promise<Bytes>;
}

export interface AuthorityOptions {
  /** DER. */
  readonly certificate: Bytes;
  readonly key: SigningKey;
  readonly clock: Clock;
  readonly random: Random;
}

/** Clocks of devices run behind: what is issued is valid from a little before. */
const BACKDATED_SECONDS = 300;
const SERIAL_OCTETS = 16;

/** An operator's own CA. @throws AppError ca_key_mismatch, certificate_* */
export function createAuthority({ certificate, key, clock, random }: AuthorityOptions): CertificateAuthority {
  const own = parseCertificate(certificate);
  if (!equalBytes(own.spki, key.spki)) throw fail('ca_key_mismatch');
  const keyId = own.extensions.ski ?? keyIdOf(own.spki);
  return {
    certificate,
    key,
    name: own.subject,
    keyId,
    issue: async ({ subject, spki, profile, subjectAltName }) => {
      const now = unixSeconds(clock);
      if (now < own.notBefore || now > own.notAfter) throw fail('ca_expired');
      const isNameless = equalBytes(subject, NAMELESS);
      const template = {
        ...{ subject, spki, issuer: own.subject, serial: freshSerial(random) },
        notBefore: Math.max(own.notBefore, now - BACKDATED_SECONDS),
        notAfter: Math.min(own.notAfter, now + profile.lifetime),
        extensions: profileExtensions(profile, { spki, issuerKeyId: keyId, subjectAltName, isNameless }),
      };
      return signed(template, key);
    },
  };
}

const NAMELESS = der.sequence();

export interface RootOptions {
  /** Common name. */
  readonly name: string;
  readonly key: SigningKey;
  readonly random: Random;
  /** Unix seconds. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** DER of a self-signed certificate of a CA that issues leaves directly. */
export const signRootCertificate = (options: RootOptions): Promise<Bytes> =>
  signSelf(options, {
    keyUsage: ['keyCertSign', 'cRLSign'],
    lifetime: options.notAfter - options.notBefore,
    pathLength: 0,
  });

/** DER of a self-signed certificate of an OCSP responder. */
export const signResponderCertificate = (options: RootOptions): Promise<Bytes> =>
  signSelf(options, { ...PROFILES['ocsp-signer'], lifetime: options.notAfter - options.notBefore });

function signSelf({ name, key, random, ...times }: RootOptions, profile: CertificateProfile): Promise<Bytes> {
  const subject = writeName([['commonName', name]]);
  const { spki } = key;
  const extensions = profileExtensions(profile, {
    ...{ spki, issuerKeyId: keyIdOf(spki), subjectAltName: undefined, isNameless: false },
  });
  return signed({ subject, issuer: subject, spki, serial: freshSerial(random), ...times, extensions }, key);
}

const signed = (template: Omit<CertificateTemplate, 'signatureAlgorithm'>, key: SigningKey): Promise<Bytes> =>
  writeCertificate({ ...template, signatureAlgorithm: key.algorithm }, (tbs) => key.sign(tbs));

/** 126 random bits: never zero, never negative (RFC 5280 §4.1.2.2). */
function freshSerial(random: Random): Bytes {
  const serial = random.bytes(SERIAL_OCTETS);
  serial[0] = ((serial[0] as number) & 0x7f) | 0x40;
  return serial;
}
