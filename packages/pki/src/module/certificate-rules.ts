import type { Bytes } from '@attestel/core';
import type { CertificateRole } from '../rules/roles.ts';

/** What a certificate says, once its format, its profile and its path hold. Times in unix seconds. */
export interface LeafFacts {
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Bytes;
  /** DER of the issuer's name. */
  readonly issuer: Bytes;
  /** Unsigned magnitude. */
  readonly serial: Bytes;
  readonly selfSigned: boolean;
  /** Of the certificate itself. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** While every certificate of the path below the anchor is valid. */
  readonly validFrom: number;
  readonly validUntil: number;
  readonly deviceSerial: string | null;
  readonly plmns: readonly string[];
  readonly slices: readonly string[];
  readonly dnsNames: readonly string[];
  readonly nfTypes: readonly string[];
  /** Whether a signature is by the certificate's key, in the form that OpenSSL writes. */
  verify(message: Bytes, signature: Bytes): boolean;
}

export interface LeafRequest {
  readonly role: CertificateRole;
  /** DER of the anchor; null where only self-signed certificates can stand. */
  readonly anchor: Bytes | null;
  readonly intermediates: readonly Bytes[];
  /** Whether a self-signed certificate is covered by something else than a path. */
  readonly allowSelfSigned: boolean;
}

/** What the two messages of an enrolment by CMP prove to whoever was not there. */
export interface EnrolmentProof {
  /** DER of the certificate that signed both. */
  readonly signer: Bytes;
  /** Key that was asked for, and whose possession is proven. */
  readonly spki: Bytes;
  /** SHA-256 of the certificate that the device took. */
  readonly certificate: Bytes;
  /** Signed by the device, chosen by whoever answered it. */
  readonly nonce: Bytes;
}

/** What a certification request proves: that its key was there when its challenge was known. */
export interface RequestProof {
  readonly spki: Bytes;
  readonly challengePassword?: string | undefined;
}

/**
 * Port to the rules of X.509. Deterministic: the same bytes give the same answer on every node, and time
 * is compared by whoever calls.
 */
export interface CertificateRules {
  /** Reads leaves of one submission. @throws (from the function it returns) AppError with a code for each rule */
  leafReader(request: LeafRequest): (der: Bytes) => LeafFacts;
  /** @throws AppError */
  readEnrolment(request: Bytes, confirmation: Bytes): EnrolmentProof;
  /** PKCS #10, signed by the key that it names. @throws AppError */
  readCertificationRequest(request: Bytes): RequestProof;
  /** A CA certificate that can be an anchor. @throws AppError */
  readAnchor(
    der: Bytes,
    kind: 'vendor' | 'operator' | 'ledger',
  ): { readonly notBefore: number; readonly notAfter: number };
}
