import type { Bytes } from '@attestel/core';
import { der } from '@attestel/x509';
import { OID } from '../../asn1/oids.ts';

/** A certs-only CMS message: SignedData without content and without signers (RFC 5652 §5.1, RFC 7030 §4.1.3). */
export function writeCertsOnly(certificates: readonly Bytes[]): Bytes {
  const signedData = der.sequence(
    der.integer(1),
    der.setOf(),
    der.sequence(der.oid(OID.cmsData)),
    // CertificateSet is a SET OF, whose order DER fixes (X.690 §11.6).
    der.implicit(0, der.setOf(...certificates)),
    der.setOf(),
  );
  return der.sequence(der.oid(OID.cmsSignedData), der.explicit(0, signedData));
}
