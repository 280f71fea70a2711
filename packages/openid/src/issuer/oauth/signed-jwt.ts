import { createHash, createPublicKey, verify } from 'node:crypto';
import { type Bytes, fromBase64url, fromUtf8, multikeyFromJwk, utf8 } from '@attestel/core';

/** A P-256 public key, exactly the members that define it. */
export interface HolderJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

/** A JWT that carries the ES256 key it is signed with in its header: DPoP and key proofs are such. */
export interface SelfSignedJwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Rebuilt from kty, crv, x, y: nothing else of the sender's JWK goes anywhere. */
  readonly jwk: HolderJwk;
  /** RFC 7638. */
  readonly thumbprint: string;
}

const MAX_LENGTH = 8192;

/**
 * Checks form, type, algorithm, key and signature of hostile input; the claims are the caller's.
 * @throws TypeError with the rule that failed
 */
export function verifySelfSignedJwt(compact: string, typ: string): SelfSignedJwt {
  if (compact.length > MAX_LENGTH) throw new TypeError('too long');
  const [encodedHeader = '', payload = '', encodedSignature, ...more] = compact.split('.');
  if (encodedSignature === undefined || more.length > 0) throw new TypeError('not a compact JWS');
  const header = decodeObject(encodedHeader, 'header');
  if (header.typ !== typ) throw new TypeError(`typ is not ${typ}`);
  // RFC 8725 §3.1: the one algorithm, whatever the header would like.
  if (header.alg !== 'ES256') throw new TypeError('alg is not ES256');
  if (header.crit !== undefined) throw new TypeError('crit is not understood'); // RFC 7515 §4.1.11
  // OID4VCI 1.0 appendix F.1: exactly one way to name the key.
  if (header.kid !== undefined || header.x5c !== undefined) throw new TypeError('kid or x5c beside jwk');
  const jwk = publicJwk(header.jwk);
  const signature = decodePart(encodedSignature, 'signature');
  if (!isSignedBy(jwk, utf8(`${encodedHeader}.${payload}`), signature)) {
    throw new TypeError('signature does not verify');
  }
  return { header, claims: decodeObject(payload, 'payload'), jwk, thumbprint: thumbprintOf(jwk) };
}

/** RFC 7518 §3.4: r‖s, 64 bytes. */
function isSignedBy(jwk: HolderJwk, message: Bytes, signature: Bytes): boolean {
  if (signature.length !== 64) return false;
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

/** RFC 9449 §4.3 (7): no private key. Only P-256 points that are on the curve. */
function publicJwk(value: unknown): HolderJwk {
  if (typeof value !== 'object' || value === null) throw new TypeError('jwk missing');
  if ('d' in value) throw new TypeError('jwk holds a private key');
  const { kty, crv, x, y } = value as Record<string, unknown>;
  if (kty !== 'EC' || crv !== 'P-256') throw new TypeError('jwk is not a P-256 key');
  try {
    multikeyFromJwk({ kty, crv, x, y }); // right lengths, strict base64url, on the curve
  } catch (cause) {
    throw new TypeError('jwk is not a P-256 key', { cause });
  }
  return { kty, crv, x: x as string, y: y as string };
}

/** RFC 7638 §3: members in lexicographic order, no white space; the values need no escaping. */
const thumbprintOf = ({ crv, kty, x, y }: HolderJwk): string =>
  createHash('sha256').update(`{"crv":"${crv}","kty":"${kty}","x":"${x}","y":"${y}"}`).digest('base64url');

function decodeObject(part: string, name: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(decodePart(part, name)));
  } catch (cause) {
    throw new TypeError(`${name} is not base64url of JSON`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${name} is not a JSON object`);
  }
  return value as Record<string, unknown>;
}

function decodePart(part: string, name: string): Bytes {
  try {
    return fromBase64url(part);
  } catch (cause) {
    throw new TypeError(`${name} is not base64url`, { cause });
  }
}
