import type { Bytes } from '@attestel/core';
import type { GeneralName } from './general-name.ts';
import type { NameAttribute } from './name.ts';

/** Names of the key usage bits, at their number (RFC 5280 §4.2.1.3). */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

export const EXTENSION = {
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extKeyUsage: '2.5.29.37',
  san: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  nameConstraints: '2.5.29.30',
  policies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  policyConstraints: '2.5.29.36',
  inhibitAnyPolicy: '2.5.29.54',
  aki: '2.5.29.35',
  ski: '2.5.29.14',
  crlDp: '2.5.29.31',
  freshestCrl: '2.5.29.46',
  aia: '1.3.6.1.5.5.7.1.1',
  nfTypes: '1.3.6.1.5.5.7.1.34',
} as const;

/** Extended key usages of RFC 5280 §4.2.1.12, RFC 4945 §5.1.3.12 and RFC 9810. */
export const EKU = {
  any: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  ipsecIke: '1.3.6.1.5.5.7.3.17',
  cmcRa: '1.3.6.1.5.5.7.3.28',
  /** RFC 9509: what network functions sign or encrypt beside TLS. */
  jwt: '1.3.6.1.5.5.7.3.37',
  httpContentEncrypt: '1.3.6.1.5.5.7.3.38',
  oauthAccessTokenSigning: '1.3.6.1.5.5.7.3.39',
} as const;

export const ANY_POLICY = '2.5.29.32.0';

export interface BasicConstraints {
  readonly ca: boolean;
  readonly pathLength?: number;
}
export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}
export interface PolicyInformation {
  readonly policy: string;
  /** DER of the qualifiers: kept, never acted on. */
  readonly qualifiers?: Bytes;
}
export interface PolicyMapping {
  readonly issuerDomain: string;
  readonly subjectDomain: string;
}
export interface PolicyConstraints {
  readonly requireExplicit?: number;
  readonly inhibitMapping?: number;
}
export interface AuthorityKeyId {
  readonly keyId?: Bytes;
  readonly issuer?: readonly GeneralName[];
  readonly serial?: Bytes;
}
export interface AccessDescription {
  readonly method: string;
  readonly location: GeneralName;
}
/** A full name, or the relative name that follows the CRL issuer's. */
export type DistributionPointName =
  | { readonly fullName: readonly GeneralName[] }
  | { readonly relativeName: readonly NameAttribute[] };
export interface DistributionPoint {
  readonly name?: DistributionPointName;
  /** Numbers of the ReasonFlags (RFC 5280 §4.2.1.13). */
  readonly reasons?: ReadonlySet<number>;
  readonly crlIssuer?: readonly GeneralName[];
}

/** What the extensions say that are understood here; absent ones are absent. */
export interface KnownExtensions {
  basicConstraints?: BasicConstraints;
  keyUsage?: ReadonlySet<KeyUsage>;
  extKeyUsage?: readonly string[];
  san?: readonly GeneralName[];
  issuerAltName?: readonly GeneralName[];
  nameConstraints?: NameConstraints;
  policies?: readonly PolicyInformation[];
  policyMappings?: readonly PolicyMapping[];
  policyConstraints?: PolicyConstraints;
  inhibitAnyPolicy?: number;
  aki?: AuthorityKeyId;
  ski?: Bytes;
  crlDp?: readonly DistributionPoint[];
  freshestCrl?: readonly DistributionPoint[];
  aia?: readonly AccessDescription[];
  /** Network function types (RFC 9310). */
  nfTypes?: readonly string[];
}

export interface RawExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** Content of extnValue. */
  readonly value: Bytes;
}

export interface Extensions extends Readonly<KnownExtensions> {
  /** Every extension, known or not, in the order written. */
  readonly all: readonly RawExtension[];
  /** Object identifiers of the critical ones that are not understood: a validator refuses them. */
  readonly unknownCritical: readonly string[];
}
