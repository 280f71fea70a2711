import { type Bytes, toBase64url } from '@attestel/core';
import type { Handle } from 'pkcs11js';
import type { KeyAlgorithm } from '../port.ts';
import type { Session } from './token.ts';

/** `OBJECT IDENTIFIER prime256v1`. */
export const P256_OID = Buffer.from('06082a8648ce3d030107', 'hex');
const COORDINATE_BYTES = 32;
/** 4 ‖ x ‖ y (SEC 1 §2.3.3). */
const POINT_BYTES = 1 + 2 * COORDINATE_BYTES;
export const RSA_BITS = 2048;

/** JWK (RFC 7518 §6) of a public key object; undefined for keys that the algorithm does not take. */
export function readPublicJwk(
  session: Session,
  algorithm: KeyAlgorithm,
  key: Handle,
): Readonly<Record<string, string>> | undefined {
  const { CKA_EC_PARAMS, CKA_EC_POINT, CKA_MODULUS, CKA_PUBLIC_EXPONENT } = session.cryptoki;
  return algorithm === 'ES256'
    ? ecJwk(...attributes(session, key, CKA_EC_PARAMS, CKA_EC_POINT))
    : rsaJwk(...attributes(session, key, CKA_MODULUS, CKA_PUBLIC_EXPONENT));
}

function attributes({ library, handle }: Session, key: Handle, a: number, b: number): [Buffer, Buffer] {
  const [first, second] = library.C_GetAttributeValue(handle, key, [{ type: a }, { type: b }]);
  return [first?.value as Buffer, second?.value as Buffer];
}

function ecJwk(curve: Buffer, encoded: Buffer): Readonly<Record<string, string>> | undefined {
  const point = pointIn(encoded);
  if (!curve.equals(P256_OID) || !point) return undefined;
  const x = toBase64url(point.subarray(1, 1 + COORDINATE_BYTES));
  return { kty: 'EC', crv: 'P-256', x, y: toBase64url(point.subarray(1 + COORDINATE_BYTES)) };
}

/** In an OCTET STRING (PKCS #11 v2.40 §2.3.3 of the mechanisms); some tokens leave that out. */
function pointIn(encoded: Buffer): Bytes | undefined {
  const isWrapped = encoded.length === POINT_BYTES + 2 && encoded[0] === 0x04 && encoded[1] === POINT_BYTES;
  const point = isWrapped ? encoded.subarray(2) : encoded;
  return point.length === POINT_BYTES && point[0] === 0x04 ? point : undefined;
}

function rsaJwk(modulus: Buffer, exponent: Buffer): Readonly<Record<string, string>> | undefined {
  const [n, e] = [withoutZeroes(modulus), withoutZeroes(exponent)];
  return n.length >= RSA_BITS / 8 ? { kty: 'RSA', n: toBase64url(n), e: toBase64url(e) } : undefined;
}

/** Big-endian without leading zeroes (RFC 7518 §2, Base64urlUInt). */
const withoutZeroes = (bytes: Buffer): Bytes => bytes.subarray(bytes.findIndex((byte) => byte !== 0));
