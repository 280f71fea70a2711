import type { Bytes } from '@attestel/core';
import {
  contextTag,
  DerCursor,
  type DerElement,
  parsePublicKey,
  type RawExtension,
  readBitBytes,
  readDer,
  readExtensionList,
  readName,
  readOid,
  readSignatureAlgorithm,
  TAG,
  verifySignature,
} from '@attestel/x509';
import { cursorOf, listOf, only } from '../asn1/elements.ts';
import { OID } from '../asn1/oids.ts';
import { fail } from './errors.ts';

/** What somebody asks for: a name, a key, extensions. Authorises nothing (a self-signature is no source). */
export interface KeyRequest {
  /** DER of the Name. */
  readonly subject: Bytes;
  /** DER SubjectPublicKeyInfo: of an accepted kind and size. */
  readonly spki: Bytes;
  readonly extensions: readonly RawExtension[];
}

const MAX_REQUEST_BYTES = 20_480;
const MAX_ATTRIBUTES = 16;

/**
 * PKCS #10 (RFC 2986 §4), with the possession of the key proved by its signature. Attributes that are not
 * known are passed over.
 * @throws AppError request_*, key_*, algorithm_*, name_malformed, extension_*, message_structure, der_*
 */
export function parseCertificationRequest(bytes: Bytes): KeyRequest {
  if (bytes.length > MAX_REQUEST_BYTES) throw fail('request_large');
  const outer = new DerCursor(readDer(bytes, TAG.sequence));
  const info = outer.next(TAG.sequence);
  const algorithm = readSignatureAlgorithm(outer.next(TAG.sequence));
  const signature = readBitBytes(outer.next(TAG.bitString));
  outer.end();
  const request = parseInfo(info);
  if (!verifySignature(request.spki, algorithm, info.bytes, signature)) throw fail('request_possession');
  return request;
}

function parseInfo(info: DerElement): KeyRequest {
  const cursor = new DerCursor(info);
  const version = cursor.next(TAG.integer).content;
  if (version.length !== 1 || version[0] !== 0) throw fail('request_version');
  const subject = readName(cursor.next(TAG.sequence)).bytes;
  const spki = cursor.next(TAG.sequence).bytes;
  parsePublicKey(spki);
  // Some clients leave the field out where it is empty, although it is not OPTIONAL.
  const attributes = cursor.optional(contextTag(0));
  cursor.end();
  return { subject, spki, extensions: attributes ? requestedExtensions(attributes) : [] };
}

function requestedExtensions(attributes: DerElement): readonly RawExtension[] {
  let found: readonly RawExtension[] | undefined;
  for (const attribute of listOf(attributes, MAX_ATTRIBUTES)) {
    const cursor = cursorOf(attribute);
    const type = readOid(cursor.next(TAG.oid));
    const values = cursor.next(TAG.set);
    cursor.end();
    if (type !== OID.extensionRequest) continue;
    if (found) throw fail('request_attribute');
    found = readExtensionList(only(values, TAG.sequence));
  }
  return found ?? [];
}
