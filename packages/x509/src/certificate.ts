import { type Bytes, equalBytes, type MultikeyBytes, type SignatureAlgorithm, toHex } from '@attestel/core';
import {
  DerCursor,
  type DerElement,
  elementsOf,
  malformed,
  readBitBytes,
  readDer,
  readInteger,
  readOid,
  readTime,
  TAG,
} from './der.ts';
import { fail } from './errors.ts';
import { type Extensions, parseExtensions } from './extensions.ts';
import { multikeyFromSpki, OID_ECDSA_SHA256, OID_ED25519 } from './public-key.ts';

/** The parts of a certificate that decisions are made on (RFC 5280 §4.1). Times in unix seconds. */
export interface Certificate extends Extensions {
  readonly der: Bytes;
  /** The signed bytes. */
  readonly tbs: Bytes;
  /** Lower-case hex of the INTEGER's content. */
  readonly serial: string;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** DER of the names: compared byte by byte. */
  readonly issuerDer: Bytes;
  readonly subjectDer: Bytes;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: MultikeyBytes;
  readonly signature: Bytes;
}

/** Larger than any certificate of our profiles; bounds the work on hostile input. */
const MAX_CERTIFICATE_BYTES = 16_384;

/** @throws AppError certificate_malformed, certificate_unsupported */
export function parseCertificate(der: Bytes): Certificate {
  if (der.length > MAX_CERTIFICATE_BYTES) throw malformed('too long');
  const outer = new DerCursor(readDer(der, TAG.sequence));
  const tbs = outer.next(TAG.sequence);
  const algorithm = outer.next(TAG.sequence);
  const signature = readBitBytes(outer.next(TAG.bitString));
  outer.end();
  return { der, tbs: tbs.bytes, signature, ...parseSigned(tbs, algorithm) };
}

function parseSigned(tbs: DerElement, outerAlgorithm: DerElement) {
  const cursor = new DerCursor(tbs);
  assertVersion3(cursor.optional(TAG.context0));
  const serial = toHex(readInteger(cursor.next(TAG.integer)));
  const algorithm = cursor.next(TAG.sequence);
  // RFC 5280 §4.1.1.2: both fields MUST contain the same algorithm identifier.
  if (!equalBytes(algorithm.bytes, outerAlgorithm.bytes)) throw malformed('signature algorithm');
  const issuer = cursor.next(TAG.sequence);
  const validity = new DerCursor(cursor.next(TAG.sequence));
  const notBefore = readTime(validity.next());
  const notAfter = readTime(validity.next());
  validity.end();
  const subject = cursor.next(TAG.sequence);
  const publicKey = multikeyFromSpki(cursor.next(TAG.sequence));
  const extensions = parseExtensions(cursor.optional(TAG.context3));
  cursor.end();
  return {
    serial,
    signatureAlgorithm: parseSignatureAlgorithm(algorithm),
    issuerDer: issuer.bytes,
    subjectDer: subject.bytes,
    notBefore,
    notAfter,
    publicKey,
    ...extensions,
  };
}

function assertVersion3(version: DerElement | undefined): void {
  const [number] = version ? elementsOf(version.content) : [];
  if (number?.tag !== TAG.integer || toHex(number.content) !== '02') throw fail('certificate_unsupported');
}

/** Parameters are absent in both algorithms (RFC 5758 §3.2, RFC 8410 §3). */
function parseSignatureAlgorithm(identifier: DerElement): SignatureAlgorithm {
  const cursor = new DerCursor(identifier);
  const oid = readOid(cursor.next(TAG.oid));
  if (oid !== OID_ED25519 && oid !== OID_ECDSA_SHA256) throw fail('certificate_unsupported');
  cursor.end();
  return oid === OID_ED25519 ? 'EdDSA' : 'ES256';
}
