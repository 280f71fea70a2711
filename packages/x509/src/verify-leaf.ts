import { verify } from 'node:crypto';
import { algorithmOf, type Bytes, equalBytes } from '@attestel/core';
import { type Certificate, parseCertificate } from './certificate.ts';
import { fail } from './errors.ts';
import { KEY_USAGE } from './extensions.ts';
import { keyObjectOf } from './public-key.ts';

/**
 * A leaf directly under a trust anchor, valid at `at` (unix seconds): the chains of the consortium.
 * `chain` is an `x5c`: the leaf alone, since HAIP 1.0 forbids the anchor in it. Intermediate
 * certificates are refused, as is everything else this does not understand.
 * @throws AppError; returns the leaf, whose names the caller compares with what it expects
 */
export function verifyLeafUnder(chain: readonly Bytes[], anchors: readonly Bytes[], at: number): Certificate {
  const [der] = chain;
  if (der === undefined || chain.length !== 1) throw fail('certificate_chain');
  const leaf = parseCertificate(der);
  const named = anchors.map(parseCertificate).filter((a) => equalBytes(a.subjectDer, leaf.issuerDer));
  // Two anchors may share a name while one replaces the other.
  const anchor = named.find((candidate) => signed(leaf, candidate));
  if (!anchor) throw fail('certificate_untrusted');
  assertKnown(anchor);
  assertKnown(leaf);
  assertValidAt(anchor, at);
  assertValidAt(leaf, at);
  // RFC 5280 §6.1.4 (k), (n): the issuer is a CA whose key may sign certificates; §4.2.1.3 for the leaf.
  if (!anchor.ca || !anchor.keyUsage?.has(KEY_USAGE.keyCertSign)) throw fail('certificate_usage');
  if (leaf.ca || !leaf.keyUsage?.has(KEY_USAGE.digitalSignature)) throw fail('certificate_usage');
  return leaf;
}

/** RFC 5280 §6.1.3 (a)(1), with the key identifiers where both certificates carry one (§4.2.1.1). */
function signed(leaf: Certificate, by: Certificate): boolean {
  if (leaf.signatureAlgorithm !== algorithmOf(by.publicKey)) return false;
  if (leaf.authorityKeyId && by.subjectKeyId && !equalBytes(leaf.authorityKeyId, by.subjectKeyId))
    return false;
  const hash = leaf.signatureAlgorithm === 'EdDSA' ? null : 'sha256';
  return verify(hash, leaf.tbs, { key: keyObjectOf(by.publicKey), dsaEncoding: 'der' }, leaf.signature);
}

/** RFC 5280 §4.2: a system MUST reject a critical extension it does not process. */
function assertKnown(certificate: Certificate): void {
  if (certificate.unknownCritical.length > 0) {
    throw fail('certificate_critical', { detail: certificate.unknownCritical.join(' ') });
  }
}

function assertValidAt({ notBefore, notAfter }: Certificate, at: number): void {
  if (!(at >= notBefore && at <= notAfter)) throw fail('certificate_not_valid');
}
