import { type Bytes, equalBytes } from '@attestel/core';
import { type Certificate, parseCertificate, validatePath } from '@attestel/x509';
import type { Requester } from './enrolment.ts';
import { fail } from './errors.ts';

export type CertifiedRequester = Extract<Requester, { certificate: Certificate }>;

/** Decides who stands behind a certificate that signed a message or a TLS handshake. */
export interface PeerTrust {
  /**
   * @param leaf DER, or what was read of it
   * @param at unix seconds
   * @throws AppError peer_*, certificate_*, path_* and others of @attestel/x509
   */
  identify(leaf: Bytes | Certificate, others: readonly Bytes[], at: number): CertifiedRequester;
}

/** What the ledger says of this very certificate, found by its hash: a copied serial number gains nothing. */
export type Standing = 'good' | 'withdrawn' | 'unknown';

export interface PeerTrustOptions {
  /** Anchors in force at a time, as the ledger has them. */
  readonly anchors: (at: number) => {
    readonly vendor: readonly Certificate[];
    readonly operator: readonly Certificate[];
  };
  readonly standing: (certificate: Bytes, at: number) => Standing;
}

/** More certificates than any honest device sends along. */
const MAX_OTHERS = 8;

/**
 * A vendor's certificate leads to a vendor's anchor, or is self-signed and itself on the ledger under a batch
 * authorisation; an operator's leads to an operator's anchor and is on the ledger.
 */
export function createPeerTrust({ anchors, standing }: PeerTrustOptions): PeerTrust {
  return {
    identify(given, others, at) {
      if (others.length > MAX_OTHERS) throw fail('peer_many');
      const leaf = asRead(given);
      const { keyUsage } = leaf.extensions;
      if (keyUsage && !keyUsage.has('digitalSignature')) throw fail('peer_usage');
      const stands = standing(leaf.der, at);
      if (stands === 'withdrawn') throw fail('peer_status');
      if (equalBytes(leaf.issuer, leaf.subject)) return selfSigned(leaf, stands);
      const { vendor, operator } = anchors(at);
      const { anchor, certificates } = validatePath({
        ...{ leaf, intermediates: others.map(parseCertificate), at },
        anchors: [...vendor, ...operator],
      });
      // A vendor's root that is an operator's anchor too is a vendor's: that gives fewer rights.
      const isVendor = vendor.some((one) => equalBytes(one.der, anchor.der));
      if (!isVendor && stands !== 'good') throw fail('peer_status');
      const between = certificates.slice(0, -1).toReversed();
      const chain = [...between, anchor].map((one) => one.der);
      return { kind: isVendor ? 'vendor' : 'operator', certificate: leaf, chain };
    },
  };
}

const asRead = (given: Bytes | Certificate): Certificate =>
  given instanceof Uint8Array ? parseCertificate(given) : given;

/** Its own signature says nothing; that the ledger holds it does (validity included). */
function selfSigned(certificate: Certificate, stands: Standing): CertifiedRequester {
  if (stands !== 'good') throw fail('peer_untrusted');
  return { kind: 'vendor', certificate, chain: [] };
}
