import { type Bytes, type Clock, type Signer, toBase64, unixSeconds } from '@attestel/core';
import { fail } from '../errors.ts';
import { headerAlgorithm, parseCompactJws, signCompactJws } from '../jose/compact-jws.ts';
import { decodeBase64url } from '../jose/node-base64url.ts';
import type { JsonObject } from '../jose/strict-json.ts';
import { isSignatureValid, toVerificationKey } from '../jose/verify-signature.ts';
import { CLOCK_SKEW_SECONDS } from '../limits.ts';
import type { FindIssuerKey } from '../trust/issuer-keys.ts';
import { decodeStatusList, encodeStatusList, type StatusList } from './status-list.ts';

export const STATUS_LIST_TYP = 'statuslist+jwt';

/** Characters of a token: a full 2^20-entry list of random 2-bit values is about 350 kB. */
export const MAX_TOKEN_CHARS = 2 * 1024 * 1024;

export interface SignStatusListOptions {
  /** Where the token will stand: its `sub` (Token Status List §5.1). */
  readonly uri: string;
  readonly list: StatusList;
  readonly kid: string;
  readonly x5c: readonly Bytes[];
  readonly signer: Signer;
  readonly iat: number;
  /** Seconds a verifier may keep it. */
  readonly ttl: number;
  readonly exp: number;
}

export function signStatusListToken(options: SignStatusListOptions): Promise<string> {
  const { uri, list, kid, x5c, signer, iat, ttl, exp } = options;
  return signCompactJws(
    { typ: STATUS_LIST_TYP, kid, x5c: x5c.map(toBase64) },
    { sub: uri, iat, exp, ttl, status_list: { ...encodeStatusList(list) } },
    signer,
  );
}

export interface VerifyStatusListOptions {
  readonly token: string;
  /** Where it was fetched. */
  readonly uri: string;
  readonly clock: Clock;
  readonly findKey: FindIssuerKey;
  readonly maxListBytes?: number;
}

export interface VerifiedStatusList {
  readonly uri: string;
  readonly issuerDid: string;
  readonly list: StatusList;
  readonly iat: number;
  /** Unix seconds from which the token no longer counts. */
  readonly validUntil: number;
}

/** Token Status List §5.1 and §8.3, steps 3 to 5. */
export async function verifyStatusListToken(options: VerifyStatusListOptions): Promise<VerifiedStatusList> {
  const { token, uri, clock } = options;
  const jws = parseCompactJws(token, decodeBase64url, MAX_TOKEN_CHARS);
  const algorithm = headerAlgorithm(jws.header);
  if (jws.header.typ !== STATUS_LIST_TYP) throw fail('status_list_typ_wrong');
  if (jws.header.crit !== undefined) throw fail('crit_not_understood');
  const { sub, status_list: encoded } = jws.payload;
  if (sub !== uri) throw fail('status_list_subject_wrong'); // §8.3 step 4a
  const { iat, validUntil } = readTimes(jws.payload, unixSeconds(clock));
  const { key, did } = await options.findKey(jws.header);
  const verification = toVerificationKey(key);
  if (verification.algorithm !== algorithm) throw fail('alg_not_allowed');
  if (!isSignatureValid(verification, jws.signingInput, jws.signature)) throw fail('signature_invalid');
  // Inflating comes last: only an accredited issuer gets that far.
  return { uri, issuerDid: did, list: decodeStatusList(encoded, options.maxListBytes), iat, validUntil };
}

/** Our profile needs `iat`, and `ttl` or `exp`: without either a list could be replayed for ever. */
function readTimes(payload: JsonObject, now: number): { iat: number; validUntil: number } {
  const iat = seconds(payload, 'iat');
  const exp = seconds(payload, 'exp');
  const ttl = seconds(payload, 'ttl');
  if (iat === undefined) throw fail('status_list_claim_missing', { field: 'iat' });
  if (ttl === 0) throw fail('status_list_claim_missing', { field: 'ttl' });
  if (ttl === undefined && exp === undefined) throw fail('status_list_claim_missing', { field: 'ttl' });
  if (iat - CLOCK_SKEW_SECONDS > now) throw fail('status_list_from_the_future');
  const validUntil =
    Math.min(exp ?? Number.POSITIVE_INFINITY, ttl === undefined ? Number.POSITIVE_INFINITY : iat + ttl) +
    CLOCK_SKEW_SECONDS;
  if (validUntil <= now) throw fail('status_list_expired');
  return { iat, validUntil };
}

function seconds(payload: JsonObject, field: string): number | undefined {
  const value = payload[field];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw fail('status_list_claim_missing', { field });
  }
  return value;
}
