import type { Bytes } from '@attestel/core';
import { readNamedBits, readOid, readUnsigned } from '../der/primitives.ts';
import { contextTag, DerCursor, type DerElement, elementsOf, readDer, sequenceIn, TAG } from '../der/read.ts';
import { fail } from '../errors.ts';
import type {
  AccessDescription,
  AuthorityKeyId,
  DistributionPoint,
  DistributionPointName,
} from './extension-types.ts';
import { type GeneralName, readGeneralName, readGeneralNames } from './general-name.ts';
import { readAttributes } from './name.ts';

/** Alternative names of subject or issuer (RFC 5280 §4.2.1.6, §4.2.1.7). */
export function readNames(value: Bytes): readonly GeneralName[] {
  const names = readGeneralNames(readDer(value, TAG.sequence).content);
  // An empty name matches what its reader wants it to match.
  for (const name of names) {
    if ((name.kind === 'dns' || name.kind === 'uri' || name.kind === 'email') && name.value === '') {
      throw fail('extension_malformed', { detail: 'empty name' });
    }
  }
  return names;
}

/** RFC 5280 §4.2.1.2. */
export const readSubjectKeyId = (value: Bytes): Bytes => readDer(value, TAG.octetString).content;

/** RFC 5280 §4.2.1.1: issuer and serial number stand together or not at all. */
export function readAuthorityKeyId(value: Bytes): AuthorityKeyId {
  const cursor = sequenceIn(value);
  const keyId = cursor.optional(contextTag(0, false));
  const issuer = cursor.optional(contextTag(1));
  const serial = cursor.optional(contextTag(2, false));
  cursor.end();
  if ((issuer === undefined) !== (serial === undefined)) throw fail('extension_malformed');
  return {
    ...(keyId && { keyId: keyId.content }),
    ...(issuer && { issuer: readGeneralNames(issuer.content) }),
    ...(serial && { serial: readUnsigned(serial) }),
  };
}

/** RFC 5280 §4.2.2.1. */
export const readAccess = (value: Bytes): readonly AccessDescription[] =>
  membersOf(value).map((element) => {
    const cursor = new DerCursor(element);
    const method = readOid(cursor.next(TAG.oid));
    const location = readGeneralName(cursor.next());
    cursor.end();
    return { method, location };
  });

/** RFC 5280 §4.2.1.13, §4.2.1.15. */
export const readDistributionPoints = (value: Bytes): readonly DistributionPoint[] =>
  membersOf(value).map((element) => {
    const cursor = new DerCursor(element);
    const name = cursor.optional(contextTag(0));
    const reasons = cursor.optional(contextTag(1, false));
    const issuer = cursor.optional(contextTag(2));
    cursor.end();
    // "a DistributionPoint MUST NOT consist of only the reasons field"
    if (!name && !issuer) throw fail('extension_malformed', { detail: 'distribution point' });
    return {
      ...(name && { name: readPointName(name) }),
      ...(reasons && { reasons: new Set(readNamedBits(reasons)) }),
      ...(issuer && { crlIssuer: readGeneralNames(issuer.content) }),
    };
  });

/** A CHOICE in an explicit tag: [0] GeneralNames or [1] RelativeDistinguishedName. */
export function readPointName(field: DerElement): DistributionPointName {
  const cursor = new DerCursor(field);
  const choice = cursor.next();
  cursor.end();
  if (choice.tag === contextTag(0)) return { fullName: readGeneralNames(choice.content) };
  if (choice.tag !== contextTag(1)) throw fail('der_structure');
  return { relativeName: readAttributes(choice.content) };
}

const MAX_NF_TYPES = 64;

/** RFC 9310 §4: one or more distinct IA5Strings of 1 to 32 characters. */
export function readNfTypes(value: Bytes): readonly string[] {
  const elements = elementsOf(readDer(value, TAG.sequence).content);
  if (elements.length === 0 || elements.length > MAX_NF_TYPES) throw fail('extension_malformed');
  const types = elements.map(({ tag, content }) => {
    const text = String.fromCharCode(...content.subarray(0, 33));
    // TS 29.510 cl. 6.1.6.3.3 writes the types in capitals, digits, "_" and "-".
    if (tag !== TAG.ia5String || !/^[A-Za-z0-9_-]{1,32}$/.test(text)) throw fail('extension_malformed');
    return text;
  });
  if (new Set(types).size !== types.length) throw fail('extension_malformed', { detail: 'twice' });
  return types;
}

/** A sequence of one or more sequences. */
function membersOf(value: Bytes): DerElement[] {
  const elements = elementsOf(readDer(value, TAG.sequence).content);
  if (elements.length === 0 || elements.some((element) => element.tag !== TAG.sequence)) {
    throw fail('extension_malformed');
  }
  return elements;
}
