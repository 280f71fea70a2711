import { hash } from 'node:crypto';
import {
  type CompactJws,
  importJwk,
  isSignatureValid,
  parseJws,
  type VerificationKey,
} from '@attestel/credentials';

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
  const { header, payload, signature, signingInput } = parse(compact);
  if (header.typ !== typ) throw new TypeError(`typ is not ${typ}`);
  // RFC 8725 §3.1: the one algorithm, whatever the header would like.
  if (header.alg !== 'ES256') throw new TypeError('alg is not ES256');
  if (header.crit !== undefined) throw new TypeError('crit is not understood'); // RFC 7515 §4.1.11
  // OID4VCI 1.0 appendix F.1: exactly one way to name the key.
  if (header.kid !== undefined || header.x5c !== undefined) throw new TypeError('kid or x5c beside jwk');
  const jwk = publicJwk(header.jwk);
  if (!isSignatureValid(importKey(jwk), signingInput, signature)) {
    throw new TypeError('signature does not verify');
  }
  return { header, claims: payload, jwk, thumbprint: thumbprintOf(jwk) };
}

/** Strict: one spelling of base64url, no member named twice, bounded. */
function parse(compact: string): CompactJws {
  try {
    return parseJws(compact, MAX_LENGTH);
  } catch (cause) {
    throw new TypeError('not a compact JWS of JSON objects', { cause });
  }
}

/** RFC 9449 §4.3 (7): no private key. */
function publicJwk(value: unknown): HolderJwk {
  if (typeof value !== 'object' || value === null) throw new TypeError('jwk missing');
  if ('d' in value) throw new TypeError('jwk holds a private key');
  const { kty, crv, x, y } = value as Record<string, unknown>;
  if (kty !== 'EC' || crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string') {
    throw new TypeError('jwk is not a P-256 key');
  }
  return { kty, crv, x, y };
}

/** Right lengths, strict base64url, a point on the curve. */
function importKey(jwk: HolderJwk): VerificationKey {
  try {
    return importJwk(jwk);
  } catch (cause) {
    throw new TypeError('jwk is not a P-256 key', { cause });
  }
}

/** RFC 7638 §3: members in lexicographic order, no white space; the values need no escaping. */
const thumbprintOf = ({ crv, kty, x, y }: HolderJwk): string =>
  hash('sha256', `{"crv":"${crv}","kty":"${kty}","x":"${x}","y":"${y}"}`, 'base64url');
