import { type Bytes, equalBytes } from '@attestel/core';
import {
  contextTag,
  DerCursor,
  type DerElement,
  parsePublicKey,
  type RawExtension,
  readBitBytes,
  readExtensionList,
  readName,
  readOid,
  readSignatureAlgorithm,
  TAG,
  verifySignatureBy,
} from '@attestel/x509';
import { cursorOf, listOf, only, readSerial, readSignedInteger, retagged } from '../../asn1/elements.ts';
import { OID } from '../../asn1/oids.ts';
import type { KeyRequest } from '../../ca/certification-request.ts';
import { fail } from '../errors.ts';

export interface CertificateName {
  /** DER of the Name. */
  readonly issuer: Bytes;
  /** Magnitude. */
  readonly serial: Bytes;
}

export interface CertificateRequest {
  readonly id: number;
  readonly wanted: KeyRequest;
  /** Control oldCertID of a key update (RFC 4211 §6.5). */
  readonly replaces: CertificateName | undefined;
}

/** RFC 4211 §5, CertTemplate: what is there; requests say little of it. */
export interface CertificateTemplateFields {
  readonly issuer: Bytes | undefined;
  readonly serial: Bytes | undefined;
  readonly subject: Bytes | undefined;
  readonly spki: Bytes | undefined;
  readonly extensions: readonly RawExtension[];
}

const MAX_CONTROLS = 16;

/**
 * CertReqMessages with one request (RFC 4211 §3; RFC 9483 §4.1.1: exactly one), possession proved by a
 * signature over the request.
 * @throws AppError cmp_*, key_*, algorithm_*, name_malformed, extension_*, message_structure, der_*
 */
export function parseCertificateRequest(body: DerElement): CertificateRequest {
  const list = cursorOf(body);
  const message = cursorOf(list.next(TAG.sequence));
  if (!list.done) throw fail('cmp_one_request');
  const request = message.next(TAG.sequence);
  const proof = message.done ? undefined : message.next();
  if (!message.done) message.next(TAG.sequence); // regInfo
  message.end();
  const cursor = new DerCursor(request);
  const id = readSignedInteger(cursor.next(TAG.integer));
  const { subject, spki, extensions } = readTemplate(cursor.next(TAG.sequence));
  const controls = cursor.optional(TAG.sequence);
  cursor.end();
  if (!subject || !spki) throw fail('cmp_template');
  assertPossession(proof, { spki, key: parsePublicKey(spki) }, request.bytes);
  return { id, wanted: { subject, spki, extensions }, replaces: controls && readOldCertificate(controls) };
}

/** CertTemplate has IMPLICIT tags, but a Name is a CHOICE and so explicit (X.680 §31.2.7). */
export function readTemplate(template: DerElement): CertificateTemplateFields {
  const cursor = new DerCursor(template);
  cursor.optional(contextTag(0, false)); // version
  const serial = cursor.optional(contextTag(1, false));
  cursor.optional(contextTag(2)); // signingAlg
  const issuer = cursor.optional(contextTag(3));
  cursor.optional(contextTag(4)); // validity: the profile decides
  const subject = cursor.optional(contextTag(5));
  const spki = cursor.optional(contextTag(6));
  for (const unique of [7, 8]) cursor.optional(contextTag(unique, false));
  const extensions = cursor.optional(contextTag(9));
  cursor.end();
  return {
    serial: serial && readSerial(serial),
    issuer: issuer && readName(only(issuer, TAG.sequence)).bytes,
    subject: subject && readName(only(subject, TAG.sequence)).bytes,
    spki: spki && retagged(spki, TAG.sequence).bytes,
    extensions: extensions ? readExtensionList(extensions) : [],
  };
}

/**
 * POPOSigningKey without poposkInput, which is for templates that lack subject or key (RFC 4211 §4.1). That an
 * RA has verified it (raVerified) or that nothing proves it is not enough here.
 */
function assertPossession(
  proof: DerElement | undefined,
  key: Parameters<typeof verifySignatureBy>[0],
  request: Bytes,
): void {
  if (proof?.tag !== contextTag(1)) throw fail('cmp_possession');
  const cursor = new DerCursor(proof);
  const algorithm = readSignatureAlgorithm(cursor.next(TAG.sequence));
  const signature = readBitBytes(cursor.next(TAG.bitString));
  cursor.end();
  if (!verifySignatureBy(key, algorithm, request, signature)) throw fail('cmp_possession');
}

function readOldCertificate(controls: DerElement): CertificateName | undefined {
  for (const control of listOf(controls, MAX_CONTROLS)) {
    const cursor = cursorOf(control);
    const type = readOid(cursor.next(TAG.oid));
    const value = cursor.next();
    cursor.end();
    if (type === OID.oldCertId) return readCertificateName(value);
  }
  return undefined;
}

/** CertId of CRMF: a general name of the issuer and a serial number (RFC 4211 §6.5). */
function readCertificateName(element: DerElement): CertificateName {
  const cursor = cursorOf(element);
  const issuer = only(cursor.next(contextTag(4)), TAG.sequence).bytes;
  const serial = readSerial(cursor.next(TAG.integer));
  cursor.end();
  return { issuer, serial };
}

export const isSameCertificate = (a: CertificateName, b: CertificateName): boolean =>
  equalBytes(a.issuer, b.issuer) && equalBytes(a.serial, b.serial);
