import type { Bytes } from '@attestel/core';

export interface CertificateStatus {
  readonly state: 'published' | 'suspended' | 'revoked';
  /** Unix seconds from which it holds. */
  readonly since: number;
  /** CRLReason (RFC 5280 §5.3.1). */
  readonly reason?: number | undefined;
}

/** A CA whose certificates the ledger speaks about. */
export interface StatusIssuer {
  /** DER of the Name. */
  readonly name: Bytes;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Bytes;
}

/** What the ledger says about certificates, as front ends read it. */
export interface CertificateStatusSource {
  /** Undefined: not published. `serial` is the magnitude, without a leading zero octet. */
  byName(issuerName: Bytes, serial: Bytes): CertificateStatus | undefined;
  /**
   * Anchors, retired ones too, whose certificates then count as not published. The list is the same object
   * until it changes.
   */
  issuers(): readonly StatusIssuer[];
  /** Unix seconds of the state that answers come from: the time of the last checkpoint. */
  asOf(): number;
}
