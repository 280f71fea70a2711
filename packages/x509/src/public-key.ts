import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  type Bytes,
  concatBytes,
  type MultikeyBytes,
  multikeyFromJwk,
  multikeyToJwk,
  toBase64url,
} from '@attestel/core';
import { DerCursor, type DerElement, malformed, readBitBytes, readOid, TAG } from './der.ts';
import { fail } from './errors.ts';

export const OID_ED25519 = '1.3.101.112';
export const OID_ECDSA_SHA256 = '1.2.840.10045.4.3.2';
const OID_EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const OID_P256 = '1.2.840.10045.3.1.7';

/** SubjectPublicKeyInfo (RFC 5480 §2, RFC 8410 §4). @throws AppError on other keys or a bad point */
export function multikeyFromSpki(spki: DerElement): MultikeyBytes {
  const cursor = new DerCursor(spki);
  const algorithm = new DerCursor(cursor.next(TAG.sequence));
  const key = readBitBytes(cursor.next(TAG.bitString));
  cursor.end();
  const oid = readOid(algorithm.next(TAG.oid));
  if (oid === OID_ED25519) {
    algorithm.end();
    return toMultikey({ kty: 'OKP', crv: 'Ed25519', x: toBase64url(key) });
  }
  if (oid !== OID_EC_PUBLIC_KEY) throw fail('certificate_unsupported');
  if (readOid(algorithm.next(TAG.oid)) !== OID_P256) throw fail('certificate_unsupported');
  algorithm.end();
  // RFC 5480 §2.2: uncompressed MUST be supported; nothing else is.
  if (key.length !== 65 || key[0] !== 4) throw fail('certificate_unsupported');
  const [x, y] = [key.slice(1, 33), key.slice(33)];
  return toMultikey({ kty: 'EC', crv: 'P-256', x: toBase64url(x), y: toBase64url(y) });
}

export const keyObjectOf = (key: MultikeyBytes): KeyObject =>
  createPublicKey({ key: { ...multikeyToJwk(key) }, format: 'jwk' });

export const spkiOf = (key: MultikeyBytes): Bytes =>
  concatBytes(keyObjectOf(key).export({ format: 'der', type: 'spki' }));

function toMultikey(jwk: Parameters<typeof multikeyFromJwk>[0]): MultikeyBytes {
  try {
    return multikeyFromJwk(jwk);
  } catch {
    throw malformed('public key');
  }
}
