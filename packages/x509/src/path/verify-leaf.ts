import { type Bytes, equalBytes, type MultikeyBytes } from '@attestel/core';
import { type Certificate, parseCertificate } from '../certificate/certificate.ts';
import { multikeyOf } from '../certificate/public-key.ts';
import { verifyCertificateSignature } from '../certificate/verify-signature.ts';
import { fail } from '../errors.ts';

/** What the consortium's credentials compare with a DID document. */
export interface VerifiedLeaf {
  readonly certificate: Certificate;
  readonly publicKey: MultikeyBytes;
  readonly sanUris: readonly string[];
  readonly sanDnsNames: readonly string[];
  /** Unix seconds, inclusive. */
  readonly notAfter: number;
}

/**
 * A leaf directly under a trust anchor, valid at `at` (unix seconds): the chains of the consortium.
 * `chain` is an `x5c`: the leaf alone, since HAIP 1.0 forbids the anchor in it. Intermediate
 * certificates are refused, as is everything else this does not understand.
 * @throws AppError; returns the leaf, whose names the caller compares with what it expects
 */
export function verifyLeafUnder(
  chain: readonly Bytes[],
  anchors: readonly Bytes[],
  at: number,
): VerifiedLeaf {
  const [der] = chain;
  if (der === undefined || chain.length !== 1) throw fail('certificate_chain');
  const leaf = parseCertificate(der);
  const named = anchors.map(parseCertificate).filter((a) => equalBytes(a.subject, leaf.issuer));
  // Two anchors may share a name while one replaces the other.
  const anchor = named.find((candidate) => signed(leaf, candidate));
  if (!anchor) throw fail('certificate_untrusted');
  for (const certificate of [anchor, leaf]) {
    assertKnown(certificate);
    assertValidAt(certificate, at);
  }
  // RFC 5280 §6.1.4 (k), (n): the issuer is a CA whose key may sign certificates; §4.2.1.3 for the leaf.
  const [above, below] = [anchor.extensions, leaf.extensions];
  if (!above.basicConstraints?.ca || !above.keyUsage?.has('keyCertSign')) throw fail('certificate_usage');
  if (below.basicConstraints?.ca || !below.keyUsage?.has('digitalSignature')) throw fail('certificate_usage');
  return described(leaf);
}

function described(leaf: Certificate): VerifiedLeaf {
  const texts = (kind: 'uri' | 'dns') =>
    (leaf.extensions.san ?? []).flatMap((name) => (name.kind === kind ? [name.value] : []));
  return {
    certificate: leaf,
    publicKey: multikeyOf(leaf.key),
    sanUris: texts('uri'),
    sanDnsNames: texts('dns'),
    notAfter: leaf.notAfter,
  };
}

/** RFC 5280 §6.1.3 (a)(1), with the key identifiers where both certificates carry one (§4.2.1.1). */
function signed(leaf: Certificate, by: Certificate): boolean {
  const [wanted, own] = [leaf.extensions.aki?.keyId, by.extensions.ski];
  if (wanted && own && !equalBytes(wanted, own)) return false;
  return verifyCertificateSignature(leaf, by.spki);
}

/** RFC 5280 §4.2: a system MUST reject a critical extension it does not process. */
function assertKnown({ extensions }: Certificate): void {
  // Name constraints and policies are not processed for these chains, so never passed over.
  const unprocessed = extensions.nameConstraints ?? extensions.policyConstraints;
  if (extensions.unknownCritical.length > 0 || unprocessed) {
    throw fail('extension_critical_unknown', { detail: extensions.unknownCritical.join(' ') });
  }
}

function assertValidAt({ notBefore, notAfter }: Certificate, at: number): void {
  if (!(at >= notBefore && at <= notAfter)) throw fail('certificate_not_valid');
}
