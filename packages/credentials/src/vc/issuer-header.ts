import type { Bytes, SignatureAlgorithm } from '@attestel/core';
import { encodeBase64url } from '../jose/node-base64url.ts';
import { SD_JWT_VC_TYP } from './claims.ts';

export interface IssuerHeader {
  readonly algorithm: SignatureAlgorithm;
  readonly kid: string;
  readonly x5c: readonly Bytes[];
}

interface Encoded extends IssuerHeader {
  readonly text: string;
}

/** All credentials of an issuer share one header; encoding a certificate each time would be waste. */
const KEPT = 16;
const kept: Encoded[] = [];

/** JOSE header of issuer-signed JWTs in base64url (SD-JWT VC §2.2.1, HAIP 1.0 §6.1.1). */
export function encodeIssuerHeader({ algorithm, kid, x5c }: IssuerHeader): string {
  const known = kept.find((one) => one.kid === kid && one.algorithm === algorithm && isSame(one.x5c, x5c));
  if (known) return known.text;
  const certificates = x5c.map((der) => Buffer.from(der));
  const text = encodeBase64url(
    JSON.stringify({
      alg: algorithm,
      typ: SD_JWT_VC_TYP,
      kid,
      x5c: certificates.map((der) => der.toString('base64')),
    }),
  );
  if (kept.length >= KEPT) kept.shift();
  kept.push({ algorithm, kid, x5c: certificates, text });
  return text;
}

/** By content: a renewed certificate must show at once, however the caller keeps it. */
const isSame = (a: readonly Bytes[], b: readonly Bytes[]): boolean =>
  a.length === b.length && a.every((der, i) => Buffer.compare(der, b[i] as Bytes) === 0);
