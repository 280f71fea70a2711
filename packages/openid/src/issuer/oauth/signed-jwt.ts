import {
  fromBase64url,
  fromUtf8,
  type MultikeyBytes,
  multikeyFromJwk,
  multikeyToJwk,
  type PublicJwk,
} from '@attestel/core';
import { calculateJwkThumbprint, compactVerify, importJWK } from 'jose';

/** A JWT that carries the ES256 key it is signed with in its header: DPoP and key proofs are such. */
export interface SelfSignedJwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Rebuilt from kty, crv, x, y: nothing else of the sender's JWK goes anywhere. */
  readonly jwk: PublicJwk;
  /** RFC 7638. */
  readonly thumbprint: string;
}

const MAX_LENGTH = 8192;

/**
 * Checks form, type, algorithm, key and signature of hostile input; the claims are the caller's.
 * @throws TypeError with the rule that failed
 */
export async function verifySelfSignedJwt(compact: string, typ: string): Promise<SelfSignedJwt> {
  if (compact.length > MAX_LENGTH) throw new TypeError('too long');
  const header = decodeObject(compact.split('.')[0] ?? '', 'header');
  if (header.typ !== typ) throw new TypeError(`typ is not ${typ}`);
  if (header.alg !== 'ES256') throw new TypeError('alg is not ES256');
  // OID4VCI 1.0 appendix F.1: exactly one way to name the key.
  if (header.kid !== undefined || header.x5c !== undefined) throw new TypeError('kid or x5c beside jwk');
  const jwk = publicJwk(header.jwk);
  const claims = await verifiedClaims(compact, jwk);
  return { header, claims, jwk, thumbprint: await calculateJwkThumbprint({ ...jwk }) };
}

async function verifiedClaims(compact: string, jwk: PublicJwk): Promise<Record<string, unknown>> {
  try {
    const { payload } = await compactVerify(compact, await importJWK({ ...jwk }, 'ES256'), {
      algorithms: ['ES256'],
    });
    return parseObject(payload, 'payload');
  } catch (cause) {
    if (cause instanceof TypeError) throw cause;
    throw new TypeError('signature does not verify', { cause });
  }
}

/** RFC 9449 §4.3 (7): no private key. Only P-256 points that are on the curve. */
function publicJwk(value: unknown): PublicJwk {
  if (typeof value !== 'object' || value === null) throw new TypeError('jwk missing');
  if ('d' in value) throw new TypeError('jwk holds a private key');
  let key: MultikeyBytes;
  try {
    key = multikeyFromJwk(value);
  } catch (cause) {
    throw new TypeError('jwk is not a P-256 key', { cause });
  }
  const jwk = multikeyToJwk(key);
  if (jwk.kty !== 'EC') throw new TypeError('jwk is not a P-256 key');
  return jwk;
}

const decodeObject = (part: string, name: string): Record<string, unknown> =>
  parseObject(decodePart(part, name), name);

function decodePart(part: string, name: string): Uint8Array {
  try {
    return fromBase64url(part);
  } catch (cause) {
    throw new TypeError(`${name} is not base64url`, { cause });
  }
}

function parseObject(bytes: Uint8Array, name: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(bytes));
  } catch (cause) {
    throw new TypeError(`${name} is not JSON`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${name} is not a JSON object`);
  }
  return value as Record<string, unknown>;
}
