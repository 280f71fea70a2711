import { createHash } from 'node:crypto';
import type { Bytes } from '@attestel/core';
import {
  der,
  EKU,
  EXTENSION,
  extension,
  type KeyUsage,
  keyBits,
  parsePublicKey,
  writeExtension,
} from '@attestel/x509';
import { OID } from '../asn1/oids.ts';

/** What every certificate of a kind has in common: the template that an operator sets up once. */
export interface CertificateProfile {
  readonly keyUsage: readonly KeyUsage[];
  /** OIDs; none: the extension is absent. */
  readonly extKeyUsage?: readonly string[];
  /** Seconds. */
  readonly lifetime: number;
  /** Where its status is asked for; stands in the certificate. */
  readonly ocspUrl?: string;
  readonly crlUrl?: string;
  /** For OCSP signers that live shortly: their own status is not asked for (RFC 6960 §4.2.2.2.1). */
  readonly noCheck?: boolean;
  /** Network function types (RFC 9310), such as `SMF`. */
  readonly nfTypes?: readonly string[];
  /** A CA: how many more may follow it. */
  readonly pathLength?: number;
}

const DAY = 86_400;
const YEAR = 365 * DAY;

/** Templates by what the certificate is for; an operator adds its own URLs. */
export const PROFILES = {
  'small-cell': { keyUsage: ['digitalSignature'], lifetime: YEAR },
  'home-gateway': { keyUsage: ['digitalSignature'], lifetime: YEAR },
  'iot-thing': { keyUsage: ['digitalSignature'], lifetime: YEAR },
  'security-gateway': { keyUsage: ['digitalSignature'], lifetime: YEAR },
  /** An operator adds the types of the network function. */
  'network-function': {
    keyUsage: ['digitalSignature'],
    extKeyUsage: [EKU.serverAuth, EKU.clientAuth],
    lifetime: 90 * DAY,
  },
  'ocsp-signer': {
    keyUsage: ['digitalSignature'],
    extKeyUsage: [EKU.ocspSigning],
    noCheck: true,
    lifetime: 30 * DAY,
  },
  /** Signs CMP answers in the name of the CA (RFC 9810 §4.5). */
  'cmp-server': { keyUsage: ['digitalSignature'], extKeyUsage: [OID.cmcCa], lifetime: YEAR },
} as const satisfies Record<string, CertificateProfile>;

export interface ExtensionSubject {
  readonly spki: Bytes;
  readonly issuerKeyId: Bytes;
  /** DER GeneralNames. */
  readonly subjectAltName: Bytes | undefined;
  /** The subject is an empty Name, so the alternative names are critical (RFC 5280 §4.2.1.6). */
  readonly isNameless: boolean;
}

/** Extensions of a certificate under a profile. */
export function profileExtensions(profile: CertificateProfile, subject: ExtensionSubject): Bytes[] {
  const { keyUsage, extKeyUsage = [], nfTypes = [], ocspUrl, crlUrl, noCheck, pathLength } = profile;
  const { spki, issuerKeyId, subjectAltName, isNameless } = subject;
  const uri = (value: string) => ({ kind: 'uri', value }) as const;
  return [
    extension.basicConstraints(pathLength === undefined ? { ca: false } : { ca: true, pathLength }),
    extension.keyUsage(keyUsage),
    extension.ski(keyIdOf(spki)),
    extension.aki({ keyId: issuerKeyId }),
    ...(extKeyUsage.length > 0 ? [extension.extKeyUsage(extKeyUsage)] : []),
    ...(subjectAltName ? [writeExtension(EXTENSION.san, isNameless, subjectAltName)] : []),
    ...(nfTypes.length > 0 ? [extension.nfTypes(nfTypes)] : []),
    ...(ocspUrl ? [extension.aia([{ method: OID.aiaOcsp, location: uri(ocspUrl) }])] : []),
    ...(crlUrl ? [extension.crlDp([{ name: { fullName: [uri(crlUrl)] } }])] : []),
    ...(noCheck ? [writeExtension(OID.ocspNoCheck, false, der.null())] : []),
  ];
}

/** First 160 bits of SHA-256 of the key bits (RFC 7093 §2, method 1). */
export const keyIdOf = (spki: Bytes): Bytes =>
  createHash('sha256')
    .update(keyBits(parsePublicKey(spki)))
    .digest()
    .subarray(0, 20);
