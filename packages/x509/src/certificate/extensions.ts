import { type Bytes, isAppError } from '@attestel/core';
import { readOid, readTrue } from '../der/primitives.ts';
import { DerCursor, type DerElement, elementsOf, readDer, TAG } from '../der/read.ts';
import { errors, fail } from '../errors.ts';
import { EXTENSION, type Extensions, type KnownExtensions, type RawExtension } from './extension-types.ts';
import {
  readBasicConstraints,
  readExtKeyUsage,
  readInhibitAnyPolicy,
  readKeyUsage,
  readNameConstraints,
  readPolicies,
  readPolicyConstraints,
  readPolicyMappings,
} from './read-constraints.ts';
import {
  readAccess,
  readAuthorityKeyId,
  readDistributionPoints,
  readNames,
  readNfTypes,
  readSubjectKeyId,
} from './read-identities.ts';

type Readers = { readonly [K in keyof Required<KnownExtensions>]: (value: Bytes) => KnownExtensions[K] };

const READERS: Readers = {
  basicConstraints: readBasicConstraints,
  keyUsage: readKeyUsage,
  extKeyUsage: readExtKeyUsage,
  san: readNames,
  issuerAltName: readNames,
  nameConstraints: readNameConstraints,
  policies: readPolicies,
  policyMappings: readPolicyMappings,
  policyConstraints: readPolicyConstraints,
  inhibitAnyPolicy: readInhibitAnyPolicy,
  aki: readAuthorityKeyId,
  ski: readSubjectKeyId,
  crlDp: readDistributionPoints,
  freshestCrl: readDistributionPoints,
  aia: readAccess,
  nfTypes: readNfTypes,
};

const FIELD_OF = new Map(
  (Object.keys(EXTENSION) as (keyof typeof EXTENSION)[]).map((field) => [EXTENSION[field] as string, field]),
);

/** More than this no certificate needs; a hostile one may have thousands. */
const MAX_EXTENSIONS = 64;

/** The [3] field of a TBSCertificate. @throws AppError extension_duplicate, extension_malformed, der_* */
export function readExtensions(field: DerElement | undefined): Extensions {
  const all = field ? readExtensionList(readDer(field.content, TAG.sequence)) : [];
  const known: KnownExtensions = {};
  const unknownCritical: string[] = [];
  for (const extension of all) {
    const name = FIELD_OF.get(extension.oid);
    if (name) readInto(known, name, extension.value);
    else if (extension.critical) unknownCritical.push(extension.oid);
  }
  return { ...known, all, unknownCritical };
}

/** `Extensions`, of certificates, CRLs, their entries and OCSP: one or more, none twice (RFC 5280 §4.2). */
export function readExtensionList(list: DerElement): RawExtension[] {
  const elements = elementsOf(list.content);
  if (elements.length === 0 || elements.length > MAX_EXTENSIONS) throw fail('extension_malformed');
  const seen = new Set<string>();
  return elements.map((element) => {
    const extension = readExtension(element);
    if (seen.has(extension.oid)) throw fail('extension_duplicate', { detail: extension.oid });
    seen.add(extension.oid);
    return extension;
  });
}

function readExtension(element: DerElement): RawExtension {
  if (element.tag !== TAG.sequence) throw fail('der_structure', { detail: 'extension' });
  const cursor = new DerCursor(element);
  const oid = readOid(cursor.next(TAG.oid));
  const flag = cursor.optional(TAG.boolean);
  const critical = flag !== undefined && readTrue(flag);
  const value = cursor.next(TAG.octetString).content;
  cursor.end();
  return { oid, critical, value };
}

/** The error of a reader says in which extension it was. */
function readInto<K extends keyof KnownExtensions>(known: KnownExtensions, name: K, value: Bytes): void {
  try {
    known[name] = READERS[name](value) as KnownExtensions[K];
  } catch (error) {
    if (!isAppError(error) || !(error.code in errors)) throw error;
    throw fail(error.code as keyof typeof errors, { field: name, cause: error });
  }
}
