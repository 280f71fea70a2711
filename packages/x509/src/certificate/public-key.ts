import {
  type Bytes,
  concatBytes,
  fromBase64url,
  isStrictEd25519Key,
  type MultikeyBytes,
  multikeyFromJwk,
  multikeyToJwk,
  toBase64url,
} from '@attestel/core';
import { readBitBytes, readNull, readOid, readUnsigned } from '../der/primitives.ts';
import { DerCursor, type DerElement, readDer, TAG } from '../der/read.ts';
import { der } from '../der/write.ts';
import { fail } from '../errors.ts';
import { type Curve, isOnCurve } from './curve-point.ts';

export type PublicKey =
  | { readonly kind: 'EC'; readonly curve: Curve /** uncompressed */; readonly point: Bytes }
  | { readonly kind: 'Ed25519'; readonly bytes: Bytes }
  | { readonly kind: 'RSA'; readonly modulus: Bytes; readonly exponent: Bytes; readonly bits: number };

const OID_ED25519 = '1.3.101.112';
const OID_EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const OID_RSA = '1.2.840.113549.1.1.1';
const CURVE_OIDS: Readonly<Record<Curve, string>> = {
  'P-256': '1.2.840.10045.3.1.7',
  'P-384': '1.3.132.0.34',
};

const RSA_BITS = { min: 2048, max: 4096 } as const;
/** A verifier's work grows with the exponent; every real one is 3 or 65537. */
const MAX_EXPONENT_BYTES = 4;

/**
 * SubjectPublicKeyInfo (RFC 5480 §2, RFC 8410 §4, RFC 3279 §2.3.1), the key checked as far as that needs
 * no arithmetic beyond the curve's equation.
 * @throws AppError key_unsupported, key_malformed, key_too_small, key_too_large, der_*
 */
export function readPublicKey(spki: DerElement): PublicKey {
  const cursor = new DerCursor(spki);
  const algorithm = new DerCursor(cursor.next(TAG.sequence));
  const oid = readOid(algorithm.next(TAG.oid));
  if (oid !== OID_EC_PUBLIC_KEY && oid !== OID_ED25519 && oid !== OID_RSA) {
    throw fail('key_unsupported', { detail: oid });
  }
  const curve = oid === OID_EC_PUBLIC_KEY ? readCurve(algorithm) : undefined;
  if (oid === OID_RSA) readNull(algorithm.next());
  algorithm.end();
  const key = readBitBytes(cursor.next(TAG.bitString));
  cursor.end();
  if (curve) return ecKey(curve, key);
  return oid === OID_RSA ? rsaKey(key) : edKey(key);
}

/** @throws AppError as {@link readPublicKey} */
export const parsePublicKey = (spki: Bytes): PublicKey => readPublicKey(readDer(spki, TAG.sequence));

function readCurve(algorithm: DerCursor): Curve {
  const oid = readOid(algorithm.next(TAG.oid));
  const curve = (Object.keys(CURVE_OIDS) as Curve[]).find((name) => CURVE_OIDS[name] === oid);
  if (!curve) throw fail('key_unsupported', { detail: oid });
  return curve;
}

function ecKey(curve: Curve, point: Bytes): PublicKey {
  // RFC 5480 §2.2: uncompressed MUST be supported; one form keeps one SPKI hash for one key.
  if (point[0] === 2 || point[0] === 3) throw fail('key_unsupported', { detail: 'compressed point' });
  if (!isOnCurve(curve, point)) throw fail('key_malformed');
  return { kind: 'EC', curve, point };
}

function edKey(bytes: Bytes): PublicKey {
  // A copy: the check changes a bit of what it is given where that is a Buffer.
  if (!isStrictEd25519Key(new Uint8Array(bytes))) throw fail('key_malformed');
  return { kind: 'Ed25519', bytes };
}

function rsaKey(bytes: Bytes): PublicKey {
  const cursor = new DerCursor(readDer(bytes, TAG.sequence));
  const modulus = readUnsigned(cursor.next(TAG.integer));
  const exponent = readUnsigned(cursor.next(TAG.integer));
  cursor.end();
  const bits = modulus.length * 8 - (Math.clz32(modulus[0] as number) - 24);
  if (bits < RSA_BITS.min) throw fail('key_too_small');
  if (bits > RSA_BITS.max) throw fail('key_too_large');
  const odd = ((modulus.at(-1) as number) & (exponent.at(-1) as number) & 1) === 1;
  const one = exponent.length === 1 && exponent[0] === 1;
  if (!odd || one || exponent.length > MAX_EXPONENT_BYTES) throw fail('key_malformed');
  return { kind: 'RSA', modulus, exponent, bits };
}

/** The multikey of a key that DID documents can hold. @throws AppError key_unsupported for the others */
export function multikeyOf(key: PublicKey): MultikeyBytes {
  if (key.kind === 'Ed25519') {
    return multikeyFromJwk({ kty: 'OKP', crv: 'Ed25519', x: toBase64url(key.bytes) });
  }
  if (key.kind !== 'EC' || key.curve !== 'P-256') throw fail('key_unsupported', { detail: key.kind });
  const [x, y] = [key.point.subarray(1, 33), key.point.subarray(33)];
  return multikeyFromJwk({ kty: 'EC', crv: 'P-256', x: toBase64url(x), y: toBase64url(y) });
}

export function publicKeyOfMultikey(multikey: MultikeyBytes): PublicKey {
  const jwk = multikeyToJwk(multikey);
  if (jwk.kty === 'OKP') return { kind: 'Ed25519', bytes: fromBase64url(jwk.x) };
  const point = concatBytes(Uint8Array.of(4), fromBase64url(jwk.x), fromBase64url(jwk.y));
  return { kind: 'EC', curve: 'P-256', point };
}

/** DER of the SubjectPublicKeyInfo. */
export function writeSpki(key: PublicKey): Bytes {
  switch (key.kind) {
    case 'EC': {
      const algorithm = der.sequence(der.oid(OID_EC_PUBLIC_KEY), der.oid(CURVE_OIDS[key.curve]));
      return der.sequence(algorithm, der.bitString(key.point));
    }
    case 'Ed25519':
      return der.sequence(der.sequence(der.oid(OID_ED25519)), der.bitString(key.bytes));
    case 'RSA': {
      const numbers = der.sequence(der.integer(key.modulus), der.integer(key.exponent));
      return der.sequence(der.sequence(der.oid(OID_RSA), der.null()), der.bitString(numbers));
    }
  }
}

/** The bits that key identifiers are hashes of (RFC 5280 §4.2.1.2). */
export function keyBits(key: PublicKey): Bytes {
  if (key.kind === 'EC') return key.point;
  if (key.kind === 'Ed25519') return key.bytes;
  return der.sequence(der.integer(key.modulus), der.integer(key.exponent));
}
