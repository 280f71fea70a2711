import { type Bytes, equalBytes, toHex } from '@attestel/core';
import { type CertificateSignatureAlgorithm, readSignatureAlgorithm } from '../certificate/algorithms.ts';
import { EXTENSION, type RawExtension } from '../certificate/extension-types.ts';
import { readExtensionList } from '../certificate/extensions.ts';
import { readGeneralNames } from '../certificate/general-name.ts';
import { type Name, nameKey, readName } from '../certificate/name.ts';
import { readAuthorityKeyId } from '../certificate/read-identities.ts';
import { readBitBytes, readGeneralizedTime, readInteger, readTime, readUnsigned } from '../der/primitives.ts';
import { contextTag, DerCursor, type DerElement, elementsOf, readDer, TAG } from '../der/read.ts';
import { fail } from '../errors.ts';
import { type IssuingDistributionPoint, readIssuingDistributionPoint } from './issuing-distribution-point.ts';

export interface RevokedEntry {
  /** Unix seconds. */
  readonly at: number;
  /** CRLReason (RFC 5280 §5.3.1); 0 where none is written. */
  readonly reason: number;
}

/** A certificate revocation list (RFC 5280 §5.1). Times are unix seconds. */
export interface RevocationList {
  readonly tbs: Bytes;
  readonly issuerName: Name;
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
  /** By {@link entryKey}. */
  readonly entries: ReadonlyMap<string, RevokedEntry>;
  readonly keyId: Bytes | undefined;
  /** Magnitudes. */
  readonly number: Bytes | undefined;
  /** Present in a delta: the number of the list that it adds to. */
  readonly deltaBase: Bytes | undefined;
  readonly scope: IssuingDistributionPoint | undefined;
  /** A critical extension of the list or of an entry is not known: it says nothing of any certificate. */
  readonly hasUnknownCritical: boolean;
  readonly signatureAlgorithm: CertificateSignatureAlgorithm;
  readonly signature: Bytes;
}

/** About 470,000 entries; bounds what a hostile list costs. */
export const MAX_CRL_BYTES = 16 * 1024 * 1024;

const OID = { number: '2.5.29.20', deltaIndicator: '2.5.29.27', scope: '2.5.29.28' } as const;
const ENTRY_OID = { reason: '2.5.29.21', invalidity: '2.5.29.24', issuer: '2.5.29.29' };
const KNOWN: ReadonlySet<string> = new Set([
  ...Object.values(OID),
  EXTENSION.aki,
  EXTENSION.issuerAltName,
  EXTENSION.freshestCrl,
]);
const KNOWN_IN_ENTRY: ReadonlySet<string> = new Set([
  ENTRY_OID.reason,
  ENTRY_OID.invalidity,
  ENTRY_OID.issuer,
]);

/** Key of an entry: certificate issuer and serial number. @param serial content of the INTEGER */
export const entryKey = (issuer: string, serial: Bytes): string => `${issuer}/${toHex(serial)}`;

/** @throws AppError crl_*, der_*, time_form, name_malformed, extension_*, algorithm_*, certificate_algorithms_differ */
export function parseRevocationList(bytes: Bytes): RevocationList {
  if (bytes.length > MAX_CRL_BYTES) throw fail('crl_too_large');
  const outer = new DerCursor(readDer(new Uint8Array(bytes), TAG.sequence));
  const tbs = outer.next(TAG.sequence);
  const algorithm = outer.next(TAG.sequence);
  const signature = readBitBytes(outer.next(TAG.bitString));
  outer.end();
  const cursor = new DerCursor(tbs);
  const version = cursor.optional(TAG.integer);
  if (version && toHex(version.content) !== '01') throw fail('crl_malformed', { detail: 'version' });
  const inner = cursor.next(TAG.sequence);
  if (!equalBytes(inner.bytes, algorithm.bytes)) throw fail('certificate_algorithms_differ');
  const signatureAlgorithm = readSignatureAlgorithm(inner);
  const issuerName = readName(cursor.next(TAG.sequence));
  const thisUpdate = readTime(cursor.next());
  const nextUpdate = readNextUpdate(cursor);
  const revoked = cursor.optional(TAG.sequence);
  const field = cursor.optional(contextTag(0));
  cursor.end();
  const extensions = field ? readExtensionList(readDer(field.content, TAG.sequence)) : [];
  if (!version && extensions.length > 0) throw fail('crl_malformed', { detail: 'version' });
  const { entries, hasUnknownCritical } = readEntries(revoked, nameKey(issuerName));
  const said = readListExtensions(extensions);
  return {
    ...{ tbs: tbs.bytes, issuerName, thisUpdate, nextUpdate, entries, signatureAlgorithm, signature },
    ...said,
    hasUnknownCritical: hasUnknownCritical || hasUnknown(extensions, KNOWN),
  };
}

function readNextUpdate(cursor: DerCursor): number | undefined {
  const field = cursor.optional(TAG.utcTime) ?? cursor.optional(TAG.generalizedTime);
  return field && readTime(field);
}

function readListExtensions(extensions: readonly RawExtension[]) {
  const read = (oid: string) => extensions.find((extension) => extension.oid === oid)?.value;
  const number = read(OID.number);
  const base = read(OID.deltaIndicator);
  const scope = read(OID.scope);
  const aki = read(EXTENSION.aki);
  return {
    number: number && readUnsigned(readDer(number, TAG.integer)),
    deltaBase: base && readUnsigned(readDer(base, TAG.integer)),
    scope: scope && readIssuingDistributionPoint(scope),
    keyId: aki && readAuthorityKeyId(aki).keyId,
  };
}

/** An entry without certificateIssuer has that of the entry before it (RFC 5280 §5.3.3). */
function readEntries(list: DerElement | undefined, listIssuer: string) {
  const entries = new Map<string, RevokedEntry>();
  let issuer = listIssuer;
  let hasUnknownCritical = false;
  for (const element of list ? elementsOf(list.content) : []) {
    if (element.tag !== TAG.sequence) throw fail('der_structure');
    const cursor = new DerCursor(element);
    const serial = readInteger(cursor.next(TAG.integer));
    const at = readTime(cursor.next());
    const field = cursor.optional(TAG.sequence);
    cursor.end();
    const extensions = field ? readExtensionList(field) : [];
    issuer = readEntryIssuer(extensions) ?? issuer;
    hasUnknownCritical ||= hasUnknown(extensions, KNOWN_IN_ENTRY);
    entries.set(entryKey(issuer, serial), { at, reason: readReason(extensions) });
  }
  return { entries, hasUnknownCritical };
}

function readEntryIssuer(extensions: readonly RawExtension[]): string | undefined {
  const value = extensions.find(({ oid }) => oid === ENTRY_OID.issuer)?.value;
  if (!value) return undefined;
  const [name] = readGeneralNames(readDer(value, TAG.sequence).content);
  if (name?.kind !== 'directoryName') throw fail('crl_malformed', { detail: 'certificate issuer' });
  return nameKey(name.name);
}

function readReason(extensions: readonly RawExtension[]): number {
  for (const { oid, value } of extensions) {
    if (oid === ENTRY_OID.invalidity) readGeneralizedTime(readDer(value));
  }
  const value = extensions.find(({ oid }) => oid === ENTRY_OID.reason)?.value;
  if (!value) return 0;
  const { content } = readDer(value, TAG.enumerated);
  const [reason = 7] = content;
  // 7 is not used (RFC 5280 §5.3.1).
  if (content.length !== 1 || reason > 10 || reason === 7) throw fail('crl_malformed', { detail: 'reason' });
  return reason;
}

const hasUnknown = (extensions: readonly RawExtension[], known: ReadonlySet<string>): boolean =>
  extensions.some(({ oid, critical }) => critical && !known.has(oid));
