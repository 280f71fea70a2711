import type { Bytes } from '@attestel/core';
import {
  contextTag,
  DerCursor,
  type DerElement,
  readDer,
  readExtensionList,
  readOid,
  TAG,
} from '@attestel/x509';
import { cursorOf, listOf, only, readSerial } from '../../asn1/elements.ts';
import { OID } from '../../asn1/oids.ts';
import { fail } from '../errors.ts';

export type CertIdHash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** Names a certificate by hashes of its issuer's name and key, and its serial number (RFC 6960 §4.1.1). */
export interface CertId {
  /** The whole encoding: goes into the answer as it came. */
  readonly bytes: Bytes;
  readonly hash: CertIdHash;
  readonly issuerNameHash: Bytes;
  readonly issuerKeyHash: Bytes;
  /** Magnitude. */
  readonly serial: Bytes;
}

export interface OcspRequest {
  readonly certIds: readonly CertId[];
  /** DER of the whole nonce extension, echoed as it came (RFC 9654 §2.1). */
  readonly nonce: Bytes | undefined;
}

export const OCSP_LIMITS = { requestBytes: 16_384, certIds: 64, nonceBytes: 128 } as const;

/** SHA-1 names issuers here and protects nothing (RFC 6960 §4.1.1 leaves the choice to the client). */
const HASHES: Readonly<Record<string, readonly [name: CertIdHash, octets: number]>> = {
  [OID.sha1]: ['sha1', 20],
  [OID.sha256]: ['sha256', 32],
  [OID.sha384]: ['sha384', 48],
  [OID.sha512]: ['sha512', 64],
};

/**
 * OCSPRequest (RFC 6960 §4.1.1). A signature of the client is allowed and not looked at: answers are public.
 * @throws AppError ocsp_*, serial_refused, message_structure, der_*
 */
export function parseOcspRequest(der: Bytes): OcspRequest {
  if (der.length > OCSP_LIMITS.requestBytes) throw fail('ocsp_request_large');
  const outer = new DerCursor(readDer(der, TAG.sequence));
  const tbs = new DerCursor(outer.next(TAG.sequence));
  const signature = outer.optional(contextTag(0));
  if (signature) only(signature, TAG.sequence);
  outer.end();
  // v1 is the default, which DER does not write, so a version that is written is another one.
  if (tbs.optional(contextTag(0))) throw fail('ocsp_request_version');
  tbs.optional(contextTag(1)); // requestorName
  const list = tbs.next(TAG.sequence);
  const extensions = tbs.optional(contextTag(2));
  tbs.end();
  if (list.content.length === 0) throw fail('ocsp_request_empty');
  if (countOf(list) > OCSP_LIMITS.certIds) throw fail('ocsp_request_many');
  const certIds = listOf(list, OCSP_LIMITS.certIds).map(parseRequest);
  return { certIds, nonce: extensions && parseNonce(extensions) };
}

function countOf(list: DerElement): number {
  const cursor = new DerCursor(list);
  let count = 0;
  for (; !cursor.done && count <= OCSP_LIMITS.certIds; count++) cursor.next();
  return count;
}

function parseRequest(element: DerElement): CertId {
  const cursor = cursorOf(element);
  const certId = cursor.next(TAG.sequence);
  const extensions = cursor.optional(contextTag(0));
  cursor.end();
  if (extensions) assertNoneCritical(readExtensionList(only(extensions, TAG.sequence)));
  return parseCertId(certId);
}

function parseCertId(element: DerElement): CertId {
  const cursor = new DerCursor(element);
  const algorithm = new DerCursor(cursor.next(TAG.sequence));
  const known = HASHES[readOid(algorithm.next(TAG.oid))];
  if (!algorithm.done && algorithm.next(TAG.null).content.length !== 0) throw fail('ocsp_hash');
  algorithm.end();
  const issuerNameHash = cursor.next(TAG.octetString).content;
  const issuerKeyHash = cursor.next(TAG.octetString).content;
  const serial = readSerial(cursor.next(TAG.integer));
  cursor.end();
  if (!known) throw fail('ocsp_hash');
  const [hash, octets] = known;
  if (issuerNameHash.length !== octets || issuerKeyHash.length !== octets) throw fail('ocsp_hash');
  return { bytes: element.bytes, hash, issuerNameHash, issuerKeyHash, serial };
}

function parseNonce(wrapper: DerElement): Bytes | undefined {
  const list = only(wrapper, TAG.sequence);
  const extensions = readExtensionList(list);
  const at = extensions.findIndex((extension) => extension.oid === OID.ocspNonce);
  assertNoneCritical(extensions.filter((_, index) => index !== at));
  const nonce = extensions[at];
  if (!nonce) return undefined;
  const { length } = readDer(nonce.value, TAG.octetString).content;
  if (length < 1 || length > OCSP_LIMITS.nonceBytes) throw fail('ocsp_nonce');
  return listOf(list, extensions.length)[at]?.bytes;
}

/** Service locator, acceptable responses and preferred algorithms are wishes, and may be passed over. */
function assertNoneCritical(extensions: readonly { readonly critical: boolean }[]): void {
  if (extensions.some(({ critical }) => critical)) throw fail('ocsp_extension');
}
