import type { Bytes } from '@attestel/core';
import {
  DerCursor,
  type DerElement,
  elementsOf,
  malformed,
  readBits,
  readDer,
  readInteger,
  readOid,
  readTrue,
  TAG,
} from './der.ts';

/** Key usage bits by their number (RFC 5280 §4.2.1.3) that our profiles use. */
export const KEY_USAGE = { digitalSignature: 0, keyCertSign: 5, cRLSign: 6 } as const;

/** What the known extensions say (RFC 5280 §4.2.1). */
export interface Extensions {
  readonly ca: boolean;
  /** Bit numbers; null where the extension is absent. */
  readonly keyUsage: ReadonlySet<number> | null;
  readonly sanUris: readonly string[];
  readonly sanDnsNames: readonly string[];
  readonly subjectKeyId: Bytes | null;
  readonly authorityKeyId: Bytes | null;
  /** OIDs of critical extensions that are not processed here: a verifier refuses them. */
  readonly unknownCritical: readonly string[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const SAN_DNS = 0x82;
const SAN_URI = 0x86;
const AKI_KEY_ID = 0x80;
/** Restricts names of certificates below; not processed here, so never passed over. */
const OID_NAME_CONSTRAINTS = '2.5.29.30';

const READERS: Record<string, (value: Bytes, into: Mutable<Extensions>) => void> = {
  '2.5.29.19': readBasicConstraints,
  '2.5.29.15': readKeyUsage,
  '2.5.29.17': readSubjectAltName,
  '2.5.29.14': (value, into) => {
    into.subjectKeyId = readDer(value, TAG.octetString).content;
  },
  '2.5.29.35': readAuthorityKeyId,
};

/** @throws AppError certificate_malformed, also on an extension that occurs twice (RFC 5280 §4.2) */
export function parseExtensions(field: DerElement | undefined): Extensions {
  const into = {
    ca: false,
    keyUsage: null,
    sanUris: [],
    sanDnsNames: [],
    subjectKeyId: null,
    authorityKeyId: null,
    unknownCritical: [] as string[],
  } satisfies Extensions;
  const seen = new Set<string>();
  for (const extension of field ? elementsOf(readDer(field.content, TAG.sequence).content) : []) {
    if (extension.tag !== TAG.sequence) throw malformed('extension');
    const cursor = new DerCursor(extension);
    const oid = readOid(cursor.next(TAG.oid));
    const criticalField = cursor.optional(TAG.boolean);
    const critical = criticalField !== undefined && readTrue(criticalField);
    const value = cursor.next(TAG.octetString).content;
    cursor.end();
    if (seen.has(oid)) throw malformed('extension twice');
    seen.add(oid);
    const reader = READERS[oid];
    if (reader) reader(value, into);
    else if (critical || oid === OID_NAME_CONSTRAINTS) into.unknownCritical.push(oid);
  }
  return into;
}

function readBasicConstraints(value: Bytes, into: Mutable<Extensions>): void {
  const cursor = new DerCursor(readDer(value, TAG.sequence));
  const ca = cursor.optional(TAG.boolean);
  into.ca = ca !== undefined && readTrue(ca);
  const pathLength = cursor.optional(TAG.integer);
  // Any length allows a leaf directly below; only its form matters here.
  if (pathLength && ((readInteger(pathLength)[0] as number) >= 0x80 || !into.ca))
    throw malformed('path length');
  cursor.end();
}

function readKeyUsage(value: Bytes, into: Mutable<Extensions>): void {
  const { bytes, unused } = readBits(readDer(value, TAG.bitString));
  const bits = new Set<number>();
  for (let bit = 0; bit < bytes.length * 8 - unused; bit++) {
    if (((bytes[bit >> 3] as number) >> (7 - (bit & 7))) & 1) bits.add(bit);
  }
  // Named bits are written without trailing zeros (X.690 §11.2.2).
  if (bytes.length > 0 && !bits.has(bytes.length * 8 - unused - 1)) throw malformed('key usage');
  into.keyUsage = bits;
}

function readSubjectAltName(value: Bytes, into: Mutable<Extensions>): void {
  const uris: string[] = [];
  const dnsNames: string[] = [];
  for (const name of elementsOf(readDer(value, TAG.sequence).content)) {
    if (name.tag === SAN_URI) uris.push(readIa5(name));
    if (name.tag === SAN_DNS) dnsNames.push(readIa5(name));
  }
  into.sanUris = uris;
  into.sanDnsNames = dnsNames;
}

function readAuthorityKeyId(value: Bytes, into: Mutable<Extensions>): void {
  const first = elementsOf(readDer(value, TAG.sequence).content)[0];
  into.authorityKeyId = first?.tag === AKI_KEY_ID ? first.content : null;
}

/** Printable ASCII: control characters in names only ever serve to deceive. */
function readIa5({ content }: DerElement): string {
  if (content.some((byte) => byte < 0x21 || byte > 0x7e)) throw malformed('name');
  return String.fromCharCode(...content);
}
