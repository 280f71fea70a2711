import type { Bytes } from '@attestel/core';
import { der, extension, writeExtension } from '@attestel/x509';
import { OID } from '../../asn1/oids.ts';
import { identifierOf, type SigningKey, signWith } from '../../asn1/signing-key.ts';

export interface CrlEntry {
  /** Magnitude. */
  readonly serial: Bytes;
  /** Unix seconds. */
  readonly since: number;
  /** CRLReason (RFC 5280 §5.3.1); 0 and undefined are not written. 8 takes an entry back in a delta. */
  readonly reason?: number | undefined;
}

export interface CrlContent {
  /** DER of the Name of the CA. */
  readonly issuer: Bytes;
  readonly authorityKeyId: Bytes;
  /** Grows from each CRL of this CA to the next (RFC 5280 §5.2.3). */
  readonly number: number;
  /** Unix seconds. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly entries: Iterable<CrlEntry>;
  /** A delta: number of the complete CRL that it goes on from (RFC 5280 §5.2.4). */
  readonly base?: number;
}

/** DER of a CRL (RFC 5280 §5.1). */
export async function writeCrl(content: CrlContent, key: SigningKey): Promise<Bytes> {
  const tbs = der.sequence(
    VERSION_2,
    identifierOf(key),
    content.issuer,
    der.time(content.thisUpdate),
    der.time(content.nextUpdate),
    ...writeEntries(content.entries),
    der.explicit(0, der.sequence(...writeExtensions(content))),
  );
  return signWith(key, tbs);
}

const VERSION_2 = der.integer(1);

/** Absent where nothing is revoked: the list must not be empty (RFC 5280 §5.1.2.6). */
function writeEntries(entries: Iterable<CrlEntry>): Bytes[] {
  const written = Array.from(entries, writeEntry);
  return written.length === 0 ? [] : [joined(written)];
}

/** Not by spreading arguments: a list may be longer than a call takes. */
function joined(parts: readonly Bytes[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const content = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    content.set(part, at);
    at += part.length;
  }
  return der.sequence(content);
}

function writeEntry({ serial, since, reason }: CrlEntry): Bytes {
  const head = [der.integer(serial), der.time(since)];
  // RFC 5280 §5.3.1: `unspecified` SHOULD be left out.
  return reason ? der.sequence(...head, reasonExtension(reason)) : der.sequence(...head);
}

const REASONS = new Map<number, Bytes>();

function reasonExtension(reason: number): Bytes {
  const known =
    REASONS.get(reason) ?? der.sequence(writeExtension(OID.reasonCode, false, der.enumerated(reason)));
  REASONS.set(reason, known);
  return known;
}

function writeExtensions({ authorityKeyId, number, base }: CrlContent): Bytes[] {
  const out = [
    extension.aki({ keyId: authorityKeyId }),
    writeExtension(OID.crlNumber, false, der.integer(number)),
  ];
  if (base !== undefined) out.push(writeExtension(OID.deltaCrlIndicator, true, der.integer(base)));
  return out;
}
