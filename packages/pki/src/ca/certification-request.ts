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
  /** Attribute of that name, where it is text in ASCII. */
  readonly challengePassword?: string | undefined;
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
  return { subject, spki, ...(attributes ? readAttributes(attributes) : { extensions: [] }) };
}

function readAttributes(attributes: DerElement): Pick<KeyRequest, 'extensions' | 'challengePassword'> {
  const found = new Map<string, DerElement>();
  for (const attribute of listOf(attributes, MAX_ATTRIBUTES)) {
    const cursor = cursorOf(attribute);
    const type = readOid(cursor.next(TAG.oid));
    const values = cursor.next(TAG.set);
    cursor.end();
    if (found.has(type)) throw fail('request_attribute');
    found.set(type, values);
  }
  const [extensions, password] = [found.get(OID.extensionRequest), found.get(OID.challengePassword)];
  return {
    extensions: extensions ? readExtensionList(only(extensions, TAG.sequence)) : [],
    challengePassword: password && readPassword(only(password)),
  };
}

const MAX_PASSWORD_OCTETS = 255;
const UTF8_STRING = 0x0c;
const PRINTABLE_STRING = 0x13;
const IA5_STRING = 0x16;

/** A DirectoryString (RFC 2985 §5.4.1), or IA5String, which some clients write. Others are passed over. */
function readPassword({ tag, content }: DerElement): string | undefined {
  const isText = tag === UTF8_STRING || tag === PRINTABLE_STRING || tag === IA5_STRING;
  const isAscii =
    content.length <= MAX_PASSWORD_OCTETS && content.every((octet) => octet >= 0x20 && octet < 0x7f);
  return isText && isAscii ? String.fromCharCode(...content) : undefined;
}
