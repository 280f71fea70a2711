import { createHash } from 'node:crypto';
import { der, keyBits, parseCertificate, parsePublicKey } from '@attestel/x509';

/** What the responders are asked about: certificates of one CA, on a ledger and in an index of `openssl`. */
export interface Published {
  /** DER of the CA. */
  readonly ca: Uint8Array;
  /** In hex, with capitals as `openssl` writes them. */
  readonly serials: readonly string[];
}

const SHA1 = der.sequence(der.oid('1.3.14.3.2.26'), der.null());
const sha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest();

/** OCSPRequests as `openssl ocsp -no_nonce` makes them (RFC 6960 §4.1.1), one for each certificate. */
export function requestsFor({ ca, serials }: Published): Uint8Array[] {
  const { subject, spki } = parseCertificate(ca);
  const issuer = [subject, keyBits(parsePublicKey(spki))].map((bytes) => der.octetString(sha1(bytes)));
  return serials.map((serial) => {
    const certId = der.sequence(SHA1, ...issuer, der.integer(new Uint8Array(Buffer.from(serial, 'hex'))));
    return der.sequence(der.sequence(der.sequence(der.sequence(certId))));
  });
}
