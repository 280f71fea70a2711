import { createHash } from 'node:crypto';
import type { Bytes } from '@attestel/core';
import { keyBits, parsePublicKey } from '@attestel/x509';
import type { CertificateStatusSource, StatusIssuer } from '../status-source.ts';
import type { CertId, CertIdHash } from './request.ts';

const HASHES: readonly CertIdHash[] = ['sha1', 'sha256', 'sha384', 'sha512'];

export type FindIssuer = (certId: CertId) => StatusIssuer | undefined;

/** Finds the issuer that a CertID means by hashes of name and key; made anew when the list changes. */
export function createIssuerIndex(source: Pick<CertificateStatusSource, 'issuers'>): FindIssuer {
  let indexed: readonly StatusIssuer[] | undefined;
  let index = new Map<string, StatusIssuer>();
  return (certId) => {
    const issuers = source.issuers();
    if (issuers !== indexed) {
      index = new Map(issuers.flatMap(entriesOf));
      indexed = issuers;
    }
    return index.get(keyOf(certId.issuerNameHash, certId.issuerKeyHash));
  };
}

function entriesOf(issuer: StatusIssuer): [string, StatusIssuer][] {
  const bits = keyBits(parsePublicKey(issuer.spki));
  return HASHES.map((hash) => [keyOf(digest(hash, issuer.name), digest(hash, bits)), issuer]);
}

const digest = (hash: CertIdHash, bytes: Bytes): Bytes => createHash(hash).update(bytes).digest();

/** Hashes of different algorithms differ in length, so one table holds them all. */
const keyOf = (name: Bytes, key: Bytes): string => `${latin1(name)}${latin1(key)}`;

export const latin1 = (bytes: Bytes): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
