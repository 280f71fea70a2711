import { fromBase58, toBase58 } from './base58.ts';
import { fromBase64url, toBase64url } from './base64.ts';
import { type Bytes, concatBytes } from './bytes.ts';
import { compressP256, decompressP256, isP256Point } from './p256-point.ts';

/** Signature algorithm of a key, JOSE name. A key has exactly one, so nothing is left to confuse. */
export type SignatureAlgorithm = 'EdDSA' | 'ES256';

/**
 * A public key as bytes: multicodec prefix and key (`ed01` Ed25519 32 bytes, `8024` P-256 33 bytes
 * compressed). The form of keys inside signed operations and, in base58btc, of `publicKeyMultibase`.
 */
export type MultikeyBytes = Bytes;

/** Public JWK reduced to the members that define the key (RFC 7517, RFC 8037). */
export type PublicJwk =
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string };

const ED25519_PREFIX = Uint8Array.of(0xed, 0x01);
const P256_PREFIX = Uint8Array.of(0x80, 0x24);

/** @throws TypeError unless the bytes are an Ed25519 or P-256 multikey of exact length */
export function algorithmOf(key: MultikeyBytes): SignatureAlgorithm {
  if (key.length === 34 && key[0] === 0xed && key[1] === 0x01) return 'EdDSA';
  if (key.length === 35 && key[0] === 0x80 && key[1] === 0x24 && (key[2] === 2 || key[2] === 3)) {
    return 'ES256';
  }
  throw new TypeError('multikey: expected an Ed25519 or compressed P-256 public key');
}

/**
 * Whether the bytes are a supported key, of P-256 one whose point is on the curve: the same answer as
 * trying {@link multikeyToJwk}, at a fraction of its cost.
 */
export const isMultikey = (key: Bytes): boolean =>
  isOf(key, ED25519_PREFIX, 34) || (isOf(key, P256_PREFIX, 35) && isP256Point(key.slice(2)));

const isOf = (key: Bytes, prefix: Bytes, length: number): boolean =>
  key.length === length && prefix.every((byte, i) => key[i] === byte);

/** `z…` form of Controlled Identifiers 1.0 §2.2.2 (Multikey). */
export const multikeyToText = (key: MultikeyBytes): string => {
  algorithmOf(key);
  return `z${toBase58(key)}`;
};

/** @throws TypeError unless the text is the multibase base58btc form of a supported key */
export function multikeyFromText(text: string): MultikeyBytes {
  if (!text.startsWith('z')) throw new TypeError('multikey: expected multibase base58btc (z…)');
  const key = fromBase58(text.slice(1));
  algorithmOf(key);
  return key;
}

/** @throws TypeError when the point is not on the curve */
export function multikeyToJwk(key: MultikeyBytes): PublicJwk {
  if (algorithmOf(key) === 'EdDSA') {
    return { kty: 'OKP', crv: 'Ed25519', x: toBase64url(key.slice(2)) };
  }
  const { x, y } = decompressP256(key.slice(2));
  return { kty: 'EC', crv: 'P-256', x: toBase64url(x), y: toBase64url(y) };
}

/** Ignores members other than kty, crv, x, y. @throws TypeError for any other kind of key */
export function multikeyFromJwk(jwk: {
  kty?: unknown;
  crv?: unknown;
  x?: unknown;
  y?: unknown;
}): MultikeyBytes {
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519') {
    return concatBytes(ED25519_PREFIX, coordinate(jwk.x, 'x'));
  }
  if (jwk.kty === 'EC' && jwk.crv === 'P-256') {
    return concatBytes(P256_PREFIX, compressP256(coordinate(jwk.x, 'x'), coordinate(jwk.y, 'y')));
  }
  throw new TypeError('jwk: expected kty OKP with crv Ed25519, or kty EC with crv P-256');
}

function coordinate(value: unknown, name: string): Bytes {
  if (typeof value !== 'string') throw new TypeError(`jwk: ${name} missing`);
  const bytes = fromBase64url(value);
  if (bytes.length !== 32) throw new TypeError(`jwk: ${name} must be 32 bytes`);
  return bytes;
}
