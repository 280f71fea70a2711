import type { PublicJwk, SignatureAlgorithm } from '@attestel/core';
import { fail } from '../errors.ts';
import type { DecodeBase64url } from '../jose/codec.ts';
import { type CompactJws, parseCompactJws } from '../jose/compact-jws.ts';
import type { JsonObject } from '../jose/strict-json.ts';
import { CLOCK_SKEW_SECONDS } from '../limits.ts';
import { KEY_BINDING_TYP } from './claims.ts';

export interface KeyBindingRules {
  readonly audience: string;
  readonly nonce: string;
  /** Digest of the SD-JWT part, base64url (RFC 9901 §4.3.1). */
  readonly sdHash: string;
  /** The holder's key: alone decides the algorithm. */
  readonly cnfJwk: PublicJwk;
  /** Unix seconds. */
  readonly now: number;
  readonly maxAgeSeconds: number;
}

/** Every rule of RFC 9901 §7.3 step 5 but the signature, which the caller checks with the key in `cnf`. */
export function checkKeyBinding(jwt: string, rules: KeyBindingRules, decode?: DecodeBase64url): CompactJws {
  const jws = parseCompactJws(jwt, decode);
  const { header, payload } = jws;
  if (header.alg !== algorithmOfJwk(rules.cnfJwk)) throw fail('key_binding_alg_wrong'); // 5.2
  if (header.typ !== KEY_BINDING_TYP) throw fail('key_binding_typ_wrong'); // 5.4
  if (header.crit !== undefined) throw fail('key_binding_crit');
  // §4.3: aud and nonce are single strings.
  if (text(payload, 'aud') !== rules.audience) throw fail('key_binding_audience_wrong'); // 5.6
  if (text(payload, 'nonce') !== rules.nonce) throw fail('key_binding_nonce_wrong');
  if (text(payload, 'sd_hash') !== rules.sdHash) throw fail('key_binding_hash_wrong'); // 5.7
  const iat = date(payload, 'iat');
  if (iat === undefined) throw fail('key_binding_claim_missing', { field: 'iat' });
  if (iat < rules.now - rules.maxAgeSeconds) throw fail('key_binding_too_old'); // 5.5
  if (iat > rules.now + CLOCK_SKEW_SECONDS) throw fail('key_binding_from_the_future');
  assertOwnValidity(payload, rules.now);
  return jws;
}

export const algorithmOfJwk = (jwk: PublicJwk): SignatureAlgorithm => (jwk.kty === 'EC' ? 'ES256' : 'EdDSA');

/** 5.8: a valid JWT in all other respects (RFC 7519 §4.1.4, §4.1.5). */
function assertOwnValidity(payload: JsonObject, now: number): void {
  const exp = date(payload, 'exp');
  const nbf = date(payload, 'nbf');
  if (exp !== undefined && exp + CLOCK_SKEW_SECONDS <= now) throw fail('key_binding_expired');
  if (nbf !== undefined && nbf - CLOCK_SKEW_SECONDS > now) throw fail('key_binding_expired');
}

function text(payload: JsonObject, field: string): string {
  const value = payload[field];
  if (typeof value !== 'string') throw fail('key_binding_claim_missing', { field });
  return value;
}

function date(payload: JsonObject, field: string): number | undefined {
  const value = payload[field];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw fail('key_binding_claim_missing', { field });
  }
  return value;
}
