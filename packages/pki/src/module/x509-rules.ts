import { type AppError, type Bytes, equalBytes, errorsOf } from '@attestel/core';
import {
  type Certificate,
  type CertificateSignatureAlgorithm,
  type PublicKey,
  parseCertificate,
  validatePath,
  verifyCertificateSignature,
  verifySignature,
  x509Errors,
} from '@attestel/x509';
import { fail } from '../errors.ts';
import type { CertificateRules, LeafFacts, LeafRequest } from './certificate-rules.ts';
import { profileOf } from './profile.ts';

const failX509 = errorsOf(x509Errors);

/** The port on `@attestel/x509`: strict DER, profiles by role, paths by RFC 5280 §6. */
export const x509Rules: CertificateRules = {
  leafReader: leafReader,
  originReader: (anchor, intermediates) =>
    leafReader({ role: null, anchor, intermediates, allowSelfSigned: anchor === null }),
  readAnchor(der) {
    const { notBefore, notAfter, extensions, subject, issuer, spki } = parseAnchor(der);
    if (extensions.basicConstraints?.ca !== true) throw fail('pki_anchor_certificate');
    if (extensions.keyUsage && !extensions.keyUsage.has('keyCertSign')) throw fail('pki_anchor_certificate');
    if (equalBytes(subject, issuer) && !verifyCertificateSignature(parseAnchor(der), spki)) {
      throw fail('pki_anchor_certificate');
    }
    return { notBefore, notAfter };
  },
};

const parseAnchor = (der: Bytes): Certificate => {
  const certificate = parseCertificate(der);
  assertUnderstood(certificate);
  return certificate;
};

type AnyRole = Omit<LeafRequest, 'role'> & { readonly role: LeafRequest['role'] | null };

function leafReader({ role, anchor, intermediates, allowSelfSigned }: AnyRole): (der: Bytes) => LeafFacts {
  // Parsed when the first leaf needs them: what is wrong with them is then that leaf's refusal, and every other's.
  let issuers: { readonly anchor: Certificate; readonly others: readonly Certificate[] } | undefined;
  const issuersOf = (der: Bytes) => {
    issuers ??= { anchor: parseCertificate(der), others: intermediates.map(parseCertificate) };
    return issuers;
  };
  return (der) => {
    const leaf = parseCertificate(der);
    const selfSigned = equalBytes(leaf.issuer, leaf.subject);
    const path = selfSigned ? selfSignedPath(leaf, allowSelfSigned) : pathOf(leaf, anchor, issuersOf);
    return {
      ...{ spki: leaf.spki, issuer: leaf.issuer, serial: leaf.serial, selfSigned },
      ...{ notBefore: leaf.notBefore, notAfter: leaf.notAfter },
      validFrom: Math.max(...path.map(({ notBefore }) => notBefore)),
      validUntil: Math.min(...path.map(({ notAfter }) => notAfter)),
      ...profileOf(leaf, role),
      verify: (message, signature) =>
        verifySignature(leaf.spki, algorithmOfKey(leaf.key), message, signature),
    };
  };
}

function selfSignedPath(leaf: Certificate, allowed: boolean): readonly Certificate[] {
  if (!allowed) throw fail('pki_self_signed');
  assertUnderstood(leaf);
  if (!verifyCertificateSignature(leaf, leaf.spki)) throw failX509('path_untrusted');
  return [leaf];
}

function pathOf(
  leaf: Certificate,
  anchor: Bytes | null,
  issuersOf: (der: Bytes) => { readonly anchor: Certificate; readonly others: readonly Certificate[] },
): readonly Certificate[] {
  if (anchor === null) throw failX509('path_untrusted');
  const issuers = issuersOf(anchor);
  // There is no clock here. All are valid together from the youngest one on, or never; block time is compared later.
  const at = Math.max(...[leaf, issuers.anchor, ...issuers.others].map(({ notBefore }) => notBefore));
  return validatePath({ leaf, intermediates: issuers.others, anchors: [issuers.anchor], at }).certificates;
}

/** RFC 5280 §4.2: a critical extension that is not understood refuses the certificate. */
function assertUnderstood({ extensions }: Certificate): void {
  if (extensions.unknownCritical.length > 0) throw unknownCritical();
}

const unknownCritical = (): AppError => failX509('extension_critical_unknown');

/** How a key signs statements: as `openssl dgst -sign` does with the hash of its size. */
function algorithmOfKey(key: PublicKey): CertificateSignatureAlgorithm {
  if (key.kind === 'Ed25519') return 'ed25519';
  if (key.kind === 'RSA') return 'rsa-sha256';
  return key.curve === 'P-384' ? 'ecdsa-sha384' : 'ecdsa-sha256';
}
