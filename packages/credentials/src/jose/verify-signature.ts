import { createPublicKey, KeyObject, verify } from 'node:crypto';
import {
  type Bytes,
  type MultikeyBytes,
  multikeyToJwk,
  type PublicJwk,
  type SignatureAlgorithm,
  toHex,
} from '@attestel/core';
import { fail } from '../errors.ts';
import { decodeBase64url } from './node-base64url.ts';
import { assertNotSmallOrder } from './small-order.ts';

/** A public key ready for use, with the one algorithm it is for. */
export interface VerificationKey {
  readonly algorithm: SignatureAlgorithm;
  readonly key: KeyObject;
}

/** Importing costs as much as verifying, so keys that come again (the issuers') are kept. */
const IMPORTED_KEYS = 1_024;
const imported = new Map<string, VerificationKey>();
/** Asking a KeyObject for its type and curve costs a tenth of a verification. */
const inspected = new WeakMap<KeyObject, VerificationKey>();

/** @throws AppError key_not_supported */
export function toVerificationKey(key: MultikeyBytes | KeyObject): VerificationKey {
  if (key instanceof KeyObject) return fromKeyObject(key);
  const id = toHex(key);
  const known = imported.get(id);
  if (known) return known;
  const fresh = fromMultikey(key);
  if (imported.size >= IMPORTED_KEYS) imported.delete(imported.keys().next().value as string);
  imported.set(id, fresh);
  return fresh;
}

/**
 * Imports a key that will hardly come again: a holder's. Refuses coordinates that are not the strict base64url
 * form of 32 bytes, and points that are not on the curve. @throws AppError key_not_supported
 */
export function importJwk(jwk: PublicJwk): VerificationKey {
  if (jwk.kty === 'OKP') assertNotSmallOrder(jwk.x);
  try {
    return { algorithm: jwk.kty === 'OKP' ? 'EdDSA' : 'ES256', key: createPublicKey(toPem(jwk)) };
  } catch {
    throw fail('key_not_supported');
  }
}

/** SubjectPublicKeyInfo (RFC 5480 §2, RFC 8410 §4) up to the key itself; for P-256 up to the point's x. */
const SPKI_P256 = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * As text, because Node imports a bare PEM string in half the time it needs for an options object with a JWK
 * or DER. OpenSSL checks that the point is on the curve either way.
 */
function toPem(jwk: PublicJwk): string {
  const x = decodeBase64url(jwk.x);
  const y = jwk.kty === 'EC' ? decodeBase64url(jwk.y) : undefined;
  if (x.length !== 32 || (y !== undefined && y.length !== 32)) throw fail('key_not_supported');
  const spki = Buffer.concat(y === undefined ? [SPKI_ED25519, x] : [SPKI_P256, x, y]);
  return `-----BEGIN PUBLIC KEY-----\n${spki.toString('base64')}\n-----END PUBLIC KEY-----\n`;
}

/** Verifies a JWS signature: ES256 as r‖s (RFC 7518 §3.4) or Ed25519 (RFC 8037 §3.1). */
export function isSignatureValid(key: VerificationKey, signingInput: string, signature: Bytes): boolean {
  if (signature.length !== 64) return false;
  const message = Buffer.from(signingInput, 'latin1');
  if (key.algorithm === 'EdDSA') return verify(null, message, key.key, signature);
  // Converting to DER here and passing the key bare is nearly twice as fast as asking Node for
  // `dsaEncoding: 'ieee-p1363'`, which takes the options path on every call.
  return verify('sha256', message, key.key, toDerSignature(signature));
}

function fromMultikey(key: MultikeyBytes): VerificationKey {
  let jwk: PublicJwk;
  try {
    jwk = multikeyToJwk(key);
  } catch {
    throw fail('key_not_supported');
  }
  return importJwk(jwk);
}

function fromKeyObject(key: KeyObject): VerificationKey {
  const known = inspected.get(key);
  if (known) return known;
  const fresh = { algorithm: algorithmOfKeyObject(key), key };
  inspected.set(key, fresh);
  return fresh;
}

function algorithmOfKeyObject(key: KeyObject): SignatureAlgorithm {
  if (key.type !== 'public') throw fail('key_not_supported');
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  const curve = key.asymmetricKeyType === 'ec' ? key.asymmetricKeyDetails?.namedCurve : undefined;
  if (curve !== 'prime256v1') throw fail('key_not_supported');
  return 'ES256';
}

/** `SEQUENCE { INTEGER r, INTEGER s }` (RFC 3279 §2.2.3) of two 32-byte integers. */
function toDerSignature(signature: Bytes): Buffer {
  const der = Buffer.allocUnsafe(72);
  let at = putInteger(der, 2, signature, 0);
  at = putInteger(der, at, signature, 32);
  der[0] = 0x30;
  der[1] = at - 2;
  return der.subarray(0, at);
}

function putInteger(der: Buffer, at: number, source: Bytes, from: number): number {
  let start = from;
  while (start < from + 31 && source[start] === 0) start++;
  const pad = (source[start] as number) >= 0x80 ? 1 : 0;
  const length = from + 32 - start;
  der[at] = 0x02;
  der[at + 1] = length + pad;
  if (pad === 1) der[at + 2] = 0;
  der.set(source.subarray(start, from + 32), at + 2 + pad);
  return at + 2 + pad + length;
}
