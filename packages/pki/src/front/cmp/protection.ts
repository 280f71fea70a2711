import { type Bytes, equalBytes } from '@attestel/core';
import {
  type Certificate,
  DerCursor,
  type DerElement,
  der,
  parseCertificate,
  readDer,
  readOid,
  readSignatureAlgorithm,
  sequenceIn,
  TAG,
  verifySignatureBy,
} from '@attestel/x509';
import { fail } from '../errors.ts';
import type { CmpMessage } from './message.ts';

/** Password-based and other MACs (RFC 9810 §5.1.3.1, RFC 9481 §6): no device is trusted by a shared secret. */
const MACS: ReadonlySet<string> = new Set([
  '1.2.840.113533.7.66.13',
  '1.2.840.113533.7.66.30',
  '1.2.840.113549.1.5.14',
]);

/**
 * The signature of a message by the certificate that comes first in extraCerts, whose subject is the sender
 * byte by byte (RFC 9483 §3.2, §3.5).
 * @returns that certificate
 * @throws AppError cmp_unprotected, cmp_protection, cmp_signer_missing, cmp_sender, cmp_signature, and those of
 * @attestel/x509
 */
export function verifyProtection(message: CmpMessage): Certificate {
  const [first] = message.extraCerts;
  if (!message.protection || !message.header.protectionAlgorithm) throw fail('cmp_unprotected');
  assertSignatureAlgorithm(message.header.protectionAlgorithm.bytes);
  if (!first) throw fail('cmp_signer_missing');
  const signer = parseCertificate(first);
  verifyProtectionBy(message, signer);
  return signer;
}

/** The same, by a certificate that is known from the request before. */
export function verifyProtectionBy(message: CmpMessage, signer: Certificate): void {
  const { header, protection, protectedPart } = message;
  if (!protection || !header.protectionAlgorithm) throw fail('cmp_unprotected');
  assertSignatureAlgorithm(header.protectionAlgorithm.bytes);
  if (!header.sender || !equalBytes(header.sender, signer.subject)) throw fail('cmp_sender');
  const algorithm = readSignatureAlgorithm(withParameters(header.protectionAlgorithm));
  if (!verifySignatureBy(signer, algorithm, protectedPart, protection)) throw fail('cmp_signature');
}

/**
 * OpenSSL leaves the NULL of RSA algorithms out here, which readers MUST take (RFC 4055 §5). In certificates,
 * where each has one spelling only, it stays an error.
 */
function withParameters(identifier: DerElement): DerElement {
  const cursor = new DerCursor(identifier);
  const oid = cursor.next(TAG.oid);
  if (!cursor.done || !readOid(oid).startsWith(PKCS1)) return identifier;
  return readDer(der.sequence(oid.bytes, der.null()));
}

const PKCS1 = '1.2.840.113549.1.1.';

function assertSignatureAlgorithm(identifier: Bytes): void {
  if (MACS.has(readOid(sequenceIn(identifier).next(TAG.oid)))) throw fail('cmp_protection');
}
