import type { JsonValue, PublicJwk } from '@attestel/core';
import { fail } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../jose/strict-json.ts';
import { CLOCK_SKEW_SECONDS } from '../limits.ts';

export const SD_JWT_VC_TYP = 'dc+sd-jwt';
export const KEY_BINDING_TYP = 'kb+jwt';

/** Claims that must stand in the issuer-signed JWT itself (SD-JWT VC §2.2.2.2). */
export const PLAIN_CLAIMS: ReadonlySet<string> = new Set([
  'iss',
  'nbf',
  'exp',
  'cnf',
  'vct',
  'vct#integrity',
  'aka_vcts',
  'status',
]);

/** Where a credential's status stands (Token Status List §6.2). */
export interface StatusReference {
  readonly uri: string;
  readonly idx: number;
}

/** What every Attestel credential says in the clear. */
export interface CredentialFrame {
  readonly vct: string;
  readonly issuer: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly cnfJwk: PublicJwk;
  readonly status: StatusReference;
}

/** Reads the claims that are always there from an issuer-signed payload and checks its times. */
export function readFrame(payload: JsonObject, vcts: readonly string[], now: number): CredentialFrame {
  const vct = readText(payload, 'vct');
  if (!vcts.includes(vct)) throw fail('vct_not_accepted');
  const issuer = readText(payload, 'iss');
  const issuedAt = readDate(payload, 'iat');
  // RFC 9901 §9.7: a claim that bounds validity must be there, not only be respected when there.
  const expiresAt = readDate(payload, 'exp');
  if (expiresAt + CLOCK_SKEW_SECONDS <= now) throw fail('credential_expired');
  if (issuedAt - CLOCK_SKEW_SECONDS > now) throw fail('credential_from_the_future');
  if (payload.nbf !== undefined && readDate(payload, 'nbf') - CLOCK_SKEW_SECONDS > now) {
    throw fail('credential_not_yet_valid');
  }
  return {
    vct,
    issuer,
    issuedAt,
    expiresAt,
    cnfJwk: readCnf(payload.cnf),
    status: readStatus(payload.status),
  };
}

/**
 * The one public key in `cnf` (RFC 7800 §3.2). Members beyond the key itself would tell copies of a batch
 * apart, private ones would be a disaster that no one may build on.
 */
export function readCnf(cnf: JsonValue | undefined): PublicJwk {
  if (cnf === undefined) throw fail('claim_missing', { field: 'cnf' });
  if (!isJsonObject(cnf) || Object.keys(cnf).join() !== 'jwk' || !isJsonObject(cnf.jwk))
    throw fail('cnf_malformed');
  return readPublicJwk(cnf.jwk);
}

const PUBLIC_MEMBERS = new Set(['kty', 'crv', 'x', 'y']);
const PRIVATE_MEMBERS = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']);

export function readPublicJwk(jwk: JsonObject): PublicJwk {
  const others = Object.keys(jwk).filter((member) => !PUBLIC_MEMBERS.has(member));
  if (others.some((member) => PRIVATE_MEMBERS.has(member))) throw fail('cnf_private_key');
  if (others.length > 0) throw fail('cnf_extra_member');
  const { kty, crv, x, y } = jwk;
  if (!isCoordinate(x)) throw fail('cnf_malformed');
  if (kty === 'EC' && crv === 'P-256' && isCoordinate(y)) return { kty, crv, x, y };
  if (kty === 'OKP' && crv === 'Ed25519' && y === undefined) return { kty, crv, x };
  throw fail('cnf_malformed');
}

const COORDINATE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const isCoordinate = (value: unknown): value is string => typeof value === 'string' && COORDINATE.test(value);

/** Token Status List §6.2. */
function readStatus(status: JsonValue | undefined): StatusReference {
  if (status === undefined) throw fail('claim_missing', { field: 'status' });
  const list = isJsonObject(status) ? status.status_list : undefined;
  if (!isJsonObject(list)) throw fail('status_malformed');
  const { idx, uri } = list;
  if (typeof idx !== 'number' || !Number.isSafeInteger(idx) || idx < 0) throw fail('status_malformed');
  if (typeof uri !== 'string' || !URL.canParse(uri)) throw fail('status_malformed');
  return { uri, idx };
}

function readText(payload: JsonObject, name: string): string {
  const value = payload[name];
  if (value === undefined) throw fail('claim_missing', { field: name });
  if (typeof value !== 'string' || value === '') throw fail('claim_malformed', { field: name });
  return value;
}

/** NumericDate (RFC 7519 §2) in whole seconds, as every Attestel issuer writes it. */
export function readDate(payload: JsonObject, name: string): number {
  const value = payload[name];
  if (value === undefined) throw fail('claim_missing', { field: name });
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw fail('claim_malformed', { field: name });
  }
  return value;
}

/** RFC 7519 §4.1.3, after disclosures are in place. */
export function assertAudience(claims: JsonObject, audience: string | undefined): void {
  const { aud } = claims;
  if (aud === undefined) return;
  const accepted = Array.isArray(aud) ? aud : [aud];
  if (audience === undefined || !accepted.includes(audience)) throw fail('credential_audience_wrong');
}
