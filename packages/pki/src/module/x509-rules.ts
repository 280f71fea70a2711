import { type Bytes, equalBytes, errorsOf } from '@attestel/core';
import {
  type Certificate,
  type CertificateSignatureAlgorithm,
  checkProfile,
  type PublicKey,
  parseCertificate,
  type VerifySignature,
  validatePath,
  verifyCertificateSignature,
  verifySignature,
  verifySignatureBy,
  x509Errors,
} from '@attestel/x509';
import { parseCertificationRequest } from '../ca/certification-request.ts';
import { fail } from '../errors.ts';
import { checkCmpEvidence } from '../front/cmp/evidence.ts';
import type { CertificateRules, LeafFacts, LeafRequest } from './certificate-rules.ts';
import { type CheckSignature, checkAtOnce } from './signature-checks.ts';

const failX509 = errorsOf(x509Errors);

/**
 * The port on `@attestel/x509`: strict DER, profiles by role, paths by RFC 5280 §6. `check`: of signatures by and under
 * leaves; all others are checked at once.
 */
export const createX509Rules = (check: CheckSignature): CertificateRules => ({
  leafReader: (request) => leafReader(request, check),
  readAnchor,
  readCertificationRequest: parseCertificationRequest,
  readEnrolment(request, confirmation) {
    const { signer, wanted, certificateHash, nonce } = checkCmpEvidence(request, confirmation);
    return { signer, spki: wanted.spki, certificate: certificateHash, nonce };
  },
});

export const x509Rules = createX509Rules(checkAtOnce);

interface Issuers {
  readonly anchor: Certificate;
  readonly others: readonly Certificate[];
}

function leafReader(
  { role, anchor, intermediates, allowSelfSigned }: LeafRequest,
  check: CheckSignature,
): (der: Bytes) => LeafFacts {
  const verify: VerifySignature = (...signed) => check(() => verifySignature(...signed));
  // Parsed when the first leaf needs them: what is wrong with them is then that leaf's refusal, and every other's.
  let issuers: Issuers | undefined;
  const issuersUnder = (der: Bytes): Issuers => {
    issuers ??= { anchor: parseCertificate(der), others: intermediates.map(parseCertificate) };
    return issuers;
  };
  return (der) => {
    const leaf = parseCertificate(der);
    const profile = checkProfile(role, leaf);
    const selfSigned = equalBytes(leaf.issuer, leaf.subject);
    const path = selfSigned
      ? selfSignedPath(leaf, allowSelfSigned, verify)
      : pathUnder(leaf, anchor && issuersUnder(anchor), verify);
    const algorithm = algorithmOfKey(leaf.key);
    const { spki, issuer, serial, notBefore, notAfter } = leaf;
    const { deviceSerial, plmns, snssais, dnsNames, nfTypes } = profile;
    return {
      ...{ spki, issuer, serial, selfSigned, notBefore, notAfter },
      validFrom: Math.max(...path.map((one) => one.notBefore)),
      validUntil: Math.min(...path.map((one) => one.notAfter)),
      ...{ deviceSerial, plmns, slices: snssais, dnsNames, nfTypes },
      verify: (message, signature) => check(() => verifySignatureBy(leaf, algorithm, message, signature)),
    };
  };
}

function selfSignedPath(
  leaf: Certificate,
  allowed: boolean,
  verify: VerifySignature,
): readonly Certificate[] {
  if (!allowed) throw fail('pki_self_signed');
  if (!verifyCertificateSignature(leaf, leaf.spki, verify)) throw failX509('path_untrusted');
  return [leaf];
}

function pathUnder(
  leaf: Certificate,
  issuers: Issuers | null,
  verify: VerifySignature,
): readonly Certificate[] {
  if (issuers === null) throw failX509('path_untrusted');
  const { anchor, others } = issuers;
  // There is no clock here: block time is compared with what the path has in common.
  return validatePath({ leaf, intermediates: others, anchors: [anchor], at: 'any', verify }).certificates;
}

function readAnchor(der: Bytes, kind: 'vendor' | 'operator' | 'ledger') {
  const certificate = parseCertificate(der);
  checkProfile(kind === 'vendor' ? 'vendor-ca' : 'operator-ca', certificate);
  const { subject, issuer, spki, notBefore, notAfter } = certificate;
  // One that another CA signed is trusted for its own sake; one that claims to sign itself must.
  if (equalBytes(subject, issuer) && !verifyCertificateSignature(certificate, spki)) {
    throw fail('pki_anchor_certificate');
  }
  return { notBefore, notAfter };
}

/** How a key signs statements: as `openssl dgst -sign` does with the hash of its size. */
function algorithmOfKey(key: PublicKey): CertificateSignatureAlgorithm {
  if (key.kind === 'Ed25519') return 'ed25519';
  if (key.kind === 'RSA') return 'rsa-sha256';
  return key.curve === 'P-384' ? 'ecdsa-sha384' : 'ecdsa-sha256';
}
