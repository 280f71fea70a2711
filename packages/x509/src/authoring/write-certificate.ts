import type { Bytes } from '@attestel/core';
import { type CertificateSignatureAlgorithm, writeSignatureAlgorithm } from '../certificate/algorithms.ts';
import { der } from '../der/write.ts';

/** What a CA decides about a certificate. Byte fields other than `serial` are DER. */
export interface CertificateTemplate {
  /** Magnitude, positive. */
  readonly serial: Bytes;
  readonly issuer: Bytes;
  readonly subject: Bytes;
  /** Unix seconds, inclusive. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly spki: Bytes;
  readonly extensions: readonly Bytes[];
  readonly signatureAlgorithm: CertificateSignatureAlgorithm;
}

/** DER of the TBSCertificate, version 3 (RFC 5280 §4.1). */
export function writeTbs(template: CertificateTemplate): Bytes {
  const { serial, issuer, subject, notBefore, notAfter, spki, extensions } = template;
  return der.sequence(
    der.explicit(0, der.integer(2)),
    der.integer(serial),
    writeSignatureAlgorithm(template.signatureAlgorithm),
    issuer,
    der.sequence(der.time(notBefore), der.time(notAfter)),
    subject,
    spki,
    ...(extensions.length > 0 ? [der.explicit(3, der.sequence(...extensions))] : []),
  );
}

/** SIGNED{}: what certificates, CRLs and requests have in common (RFC 5280 §4.1.1). */
export const writeSigned = (tbs: Bytes, algorithm: CertificateSignatureAlgorithm, signature: Bytes): Bytes =>
  der.sequence(tbs, writeSignatureAlgorithm(algorithm), der.bitString(signature));

/** @param sign gives the signature as X.509 carries it: DER for ECDSA */
export async function writeCertificate(
  template: CertificateTemplate,
  sign: (tbs: Bytes) => Bytes | Promise<Bytes>,
): Promise<Bytes> {
  const tbs = writeTbs(template);
  return writeSigned(tbs, template.signatureAlgorithm, await sign(tbs));
}

/** ECDSA-Sig-Value from r ‖ s, the form our signers give (RFC 3279 §2.2.3). */
export function ecdsaSignatureFromRaw(raw: Bytes): Bytes {
  const half = raw.length / 2;
  return der.sequence(der.integer(raw.subarray(0, half)), der.integer(raw.subarray(half)));
}
