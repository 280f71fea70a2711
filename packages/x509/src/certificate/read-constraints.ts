import type { Bytes } from '@attestel/core';
import { readNamedBits, readOid, readSmallInteger, readTrue } from '../der/primitives.ts';
import { contextTag, DerCursor, type DerElement, elementsOf, readDer, sequenceIn, TAG } from '../der/read.ts';
import { fail } from '../errors.ts';
import {
  type BasicConstraints,
  KEY_USAGES,
  type KeyUsage,
  type NameConstraints,
  type PolicyConstraints,
  type PolicyInformation,
  type PolicyMapping,
} from './extension-types.ts';
import { type GeneralName, readGeneralName } from './general-name.ts';

/** RFC 5280 §4.2.1.9. */
export function readBasicConstraints(value: Bytes): BasicConstraints {
  const cursor = sequenceIn(value);
  const flag = cursor.optional(TAG.boolean);
  const ca = flag !== undefined && readTrue(flag);
  const length = cursor.optional(TAG.integer);
  cursor.end();
  if (length === undefined) return { ca };
  // §4.2.1.9: CAs MUST NOT include it unless the cA boolean is asserted.
  if (!ca) throw fail('extension_malformed', { detail: 'path length without CA' });
  return { ca, pathLength: readSmallInteger(length) };
}

/** RFC 5280 §4.2.1.3: at least one bit, and none beyond the nine defined. */
export function readKeyUsage(value: Bytes): ReadonlySet<KeyUsage> {
  const bits = readNamedBits(readDer(value, TAG.bitString));
  if (bits.length === 0) throw fail('extension_malformed', { detail: 'no bit' });
  return new Set(
    bits.map((bit) => {
      const usage = KEY_USAGES[bit];
      if (!usage) throw fail('extension_malformed', { detail: 'unknown bit' });
      return usage;
    }),
  );
}

/** RFC 5280 §4.2.1.12. */
export const readExtKeyUsage = (value: Bytes): readonly string[] => nonEmpty(value).map(oidOf);

/** RFC 5280 §4.2.1.10. */
export function readNameConstraints(value: Bytes): NameConstraints {
  const cursor = sequenceIn(value);
  const permitted = cursor.optional(contextTag(0));
  const excluded = cursor.optional(contextTag(1));
  cursor.end();
  // "Conforming CAs MUST NOT issue certificates where name constraints is an empty sequence."
  if (!permitted && !excluded) throw fail('extension_malformed', { detail: 'no subtree' });
  return { permitted: readSubtrees(permitted), excluded: readSubtrees(excluded) };
}

/** Minimum is zero, so absent in DER, and maximum is absent: RFC 5280 §4.2.1.10. */
function readSubtrees(field: DerElement | undefined): GeneralName[] {
  if (!field) return [];
  const elements = elementsOf(field.content);
  if (elements.length === 0) throw fail('extension_malformed', { detail: 'no subtree' });
  return elements.map((element) => {
    if (element.tag !== TAG.sequence) throw fail('der_structure');
    const cursor = new DerCursor(element);
    const base = readGeneralName(cursor.next(), [8, 32]);
    if (!cursor.done) throw fail('extension_malformed', { detail: 'minimum or maximum' });
    if (base.kind === 'ip') assertMask(base.value);
    return base;
  });
}

/** CIDR masks only (RFC 5280 §4.2.1.10, RFC 4632): ones, then zeros. */
function assertMask(range: Bytes): void {
  const mask = range.subarray(range.length / 2);
  const bits = Array.from(mask, (byte) => byte.toString(2).padStart(8, '0')).join('');
  if (bits.includes('01')) throw fail('extension_malformed', { detail: 'address mask' });
}

/** RFC 5280 §4.2.1.4: no policy twice. */
export function readPolicies(value: Bytes): readonly PolicyInformation[] {
  const seen = new Set<string>();
  return nonEmpty(value).map((element) => {
    if (element.tag !== TAG.sequence) throw fail('der_structure');
    const cursor = new DerCursor(element);
    const policy = readOid(cursor.next(TAG.oid));
    const qualifiers = cursor.optional(TAG.sequence)?.bytes;
    cursor.end();
    if (seen.has(policy)) throw fail('extension_malformed', { detail: 'policy twice' });
    seen.add(policy);
    return qualifiers ? { policy, qualifiers } : { policy };
  });
}

/** RFC 5280 §4.2.1.5. A mapping to or from anyPolicy is the path validator's to refuse (§6.1.4 (a)). */
export const readPolicyMappings = (value: Bytes): readonly PolicyMapping[] =>
  nonEmpty(value).map((element) => {
    if (element.tag !== TAG.sequence) throw fail('der_structure');
    const cursor = new DerCursor(element);
    const issuerDomain = readOid(cursor.next(TAG.oid));
    const subjectDomain = readOid(cursor.next(TAG.oid));
    cursor.end();
    return { issuerDomain, subjectDomain };
  });

/** RFC 5280 §4.2.1.11: at least one of the two fields. */
export function readPolicyConstraints(value: Bytes): PolicyConstraints {
  const cursor = sequenceIn(value);
  const explicit = cursor.optional(contextTag(0, false));
  const mapping = cursor.optional(contextTag(1, false));
  cursor.end();
  if (!explicit && !mapping) throw fail('extension_malformed', { detail: 'no constraint' });
  return {
    ...(explicit && { requireExplicit: readSmallInteger(explicit) }),
    ...(mapping && { inhibitMapping: readSmallInteger(mapping) }),
  };
}

/** RFC 5280 §4.2.1.14. */
export const readInhibitAnyPolicy = (value: Bytes): number => readSmallInteger(readDer(value, TAG.integer));

function nonEmpty(value: Bytes): DerElement[] {
  const elements = elementsOf(readDer(value, TAG.sequence).content);
  if (elements.length === 0) throw fail('extension_malformed', { detail: 'empty' });
  return elements;
}

function oidOf(element: DerElement): string {
  if (element.tag !== TAG.oid) throw fail('der_structure');
  return readOid(element);
}
