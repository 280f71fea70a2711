import { type Bytes, equalBytes } from '@attestel/core';
import { type Certificate, parseCertificate, validatePath } from '@attestel/x509';
import type { Requester } from './enrolment.ts';
import { fail } from './errors.ts';
import type { CertificateStatusSource } from './status-source.ts';

export type CertifiedRequester = Extract<Requester, { certificate: Certificate }>;

/** Decides who stands behind a certificate that signed a message or a TLS handshake. */
export interface PeerTrust {
  /**
   * @param at unix seconds
   * @throws AppError peer_*, certificate_*, path_* and others of @attestel/x509
   */
  identify(leaf: Bytes, others: readonly Bytes[], at: number): CertifiedRequester;
}

export interface PeerTrustOptions {
  /** Anchors in force, as the ledger has them. */
  readonly anchors: () => {
    readonly vendor: readonly Certificate[];
    readonly operator: readonly Certificate[];
  };
  /** Operator certificates must be published and neither suspended nor revoked. */
  readonly status: Pick<CertificateStatusSource, 'byName'>;
}

/** More certificates than any honest device sends along. */
const MAX_OTHERS = 8;

export function createPeerTrust({ anchors, status }: PeerTrustOptions): PeerTrust {
  return {
    identify(leafDer, others, at) {
      if (others.length > MAX_OTHERS) throw fail('peer_many');
      const leaf = parseCertificate(leafDer);
      const intermediates = others.map(parseCertificate);
      const { vendor, operator } = anchors();
      const { anchor, certificates } = validatePath({
        ...{ leaf, intermediates, at },
        anchors: [...vendor, ...operator],
      });
      const keyUsage = leaf.extensions.keyUsage;
      if (keyUsage && !keyUsage.has('digitalSignature')) throw fail('peer_usage');
      // A vendor's root that is an operator's anchor too is a vendor's: that gives fewer rights.
      const isVendor = vendor.some((one) => equalBytes(one.der, anchor.der));
      if (!isVendor) assertGood(leaf);
      const between = certificates.slice(0, -1).toReversed();
      const chain = [...between, anchor].map((one) => one.der);
      return { kind: isVendor ? 'vendor' : 'operator', certificate: leaf, chain };
    },
  };

  function assertGood({ issuer, serial }: Certificate): void {
    if (status.byName(issuer, serial)?.state !== 'published') throw fail('peer_status');
  }
}
