import { type Bytes, equalBytes } from '@attestel/core';
import { readBitBytes, readBits, readInteger, readTime } from '../der/primitives.ts';
import { contextTag, DerCursor, type DerElement, elementsOf, readDer, TAG } from '../der/read.ts';
import { fail } from '../errors.ts';
import { type CertificateSignatureAlgorithm, readSignatureAlgorithm } from './algorithms.ts';
import type { Extensions } from './extension-types.ts';
import { readExtensions } from './extensions.ts';
import { type Name, readName } from './name.ts';
import { type PublicKey, readPublicKey } from './public-key.ts';

/** A certificate of RFC 5280 §4.1. Times are unix seconds; byte fields are views of private copies. */
export interface Certificate {
  readonly der: Bytes;
  /** The signed bytes. */
  readonly tbs: Bytes;
  /** Magnitude, without a sign octet. */
  readonly serial: Bytes;
  /** DER of the names; `issuerName` and `subjectName` are the same, read. */
  readonly issuer: Bytes;
  readonly subject: Bytes;
  readonly issuerName: Name;
  readonly subjectName: Name;
  readonly notBefore: number;
  readonly notAfter: number;
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Bytes;
  readonly key: PublicKey;
  readonly signatureAlgorithm: CertificateSignatureAlgorithm;
  readonly signature: Bytes;
  readonly extensions: Extensions;
  /** RFC 5280 §4.1.2.8: applications should parse them, and CAs must not write them. */
  readonly hasUniqueIds: boolean;
}

/** The ledger's limit; larger than any certificate of our profiles. */
export const MAX_CERTIFICATE_BYTES = 20_480;
const MAX_SERIAL_BYTES = 20;

/**
 * Strict: DER only, version 3, known algorithms, positive serial. Critical extensions that are not known
 * stand in `extensions.unknownCritical`; refusing them is the path validator's.
 * @throws AppError certificate_*, der_*, serial_*, time_form, name_malformed, extension_*, algorithm_*, key_*
 */
export function parseCertificate(der: Bytes): Certificate {
  if (der.length > MAX_CERTIFICATE_BYTES) throw fail('certificate_too_large');
  const own = new Uint8Array(der);
  const outer = new DerCursor(readDer(own, TAG.sequence));
  const tbs = outer.next(TAG.sequence);
  const algorithm = outer.next(TAG.sequence);
  const signature = readBitBytes(outer.next(TAG.bitString));
  outer.end();
  return readSigned({ der: own, tbs, algorithm, signature });
}

interface Outer {
  readonly der: Bytes;
  readonly tbs: DerElement;
  readonly algorithm: DerElement;
  readonly signature: Bytes;
}

function readSigned({ der, tbs, algorithm: outerAlgorithm, signature }: Outer): Certificate {
  const cursor = new DerCursor(tbs);
  assertVersion3(cursor.optional(contextTag(0)));
  const serial = readSerial(cursor.next(TAG.integer));
  const algorithm = cursor.next(TAG.sequence);
  // RFC 5280 §4.1.1.2: both fields MUST contain the same algorithm identifier.
  if (!equalBytes(algorithm.bytes, outerAlgorithm.bytes)) throw fail('certificate_algorithms_differ');
  const signatureAlgorithm = readSignatureAlgorithm(algorithm);
  const issuerName = readIssuer(cursor.next(TAG.sequence));
  const validity = new DerCursor(cursor.next(TAG.sequence));
  const [notBefore, notAfter] = [readTime(validity.next()), readTime(validity.next())];
  validity.end();
  const subjectName = readName(cursor.next(TAG.sequence));
  const spki = cursor.next(TAG.sequence);
  const key = readPublicKey(spki);
  const issuerId = readUniqueId(cursor, 1);
  const hasUniqueIds = readUniqueId(cursor, 2) || issuerId;
  const extensions = readExtensions(cursor.optional(contextTag(3)));
  cursor.end();
  return {
    der,
    tbs: tbs.bytes,
    serial,
    issuer: issuerName.bytes,
    subject: subjectName.bytes,
    issuerName,
    subjectName,
    notBefore,
    notAfter,
    spki: spki.bytes,
    key,
    signatureAlgorithm,
    signature,
    extensions,
    hasUniqueIds,
  };
}

/** Of the certificate before: those that come together mostly have one issuer. */
let lastIssuer: Name | undefined;

function readIssuer(element: DerElement): Name {
  const { bytes } = element;
  if (lastIssuer && equalBytes(lastIssuer.bytes, bytes)) return lastIssuer;
  lastIssuer = readName(element);
  return lastIssuer;
}

function readUniqueId(cursor: DerCursor, number: number): boolean {
  const field = cursor.optional(contextTag(number, false));
  if (field) readBits(field);
  return field !== undefined;
}

function assertVersion3(version: DerElement | undefined): void {
  const [number] = version ? elementsOf(version.content) : [];
  if (number?.tag !== TAG.integer || number.content.length !== 1 || number.content[0] !== 2) {
    throw fail('certificate_version');
  }
}

/** RFC 5280 §4.1.2.2: positive, at most 20 octets as encoded. */
function readSerial(element: DerElement): Bytes {
  const content = readInteger(element);
  const [first = 0] = content;
  if (first >= 0x80 || (content.length === 1 && first === 0)) throw fail('serial_negative');
  if (content.length > MAX_SERIAL_BYTES) throw fail('serial_too_long');
  return first === 0 ? content.subarray(1) : content;
}
