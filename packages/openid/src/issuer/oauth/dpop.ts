import { type Clock, type HttpRequest, toBase64url, unixSeconds, utf8 } from '@attestel/core';
import { fail } from '../errors.ts';
import { sha256 } from '../storage/keys.ts';
import type { OneTimeValue } from '../storage/used-once.ts';
import type { NonceSource } from './nonce.ts';
import { type SelfSignedJwt, verifySelfSignedJwt } from './signed-jwt.ts';

/** How old a proof may be, and how far a client's clock may run ahead. */
const MAX_AGE_SECONDS = 300;
const MAX_AHEAD_SECONDS = 60;

export interface DpopProof {
  /** RFC 7638 thumbprint of the client's key. */
  readonly jkt: string;
  /** To be used up in the transaction that acts on the request (RFC 9449 §11.1). */
  readonly once: OneTimeValue;
}

/**
 * RFC 9449 §4.3, check by check. `url` is the endpoint as configured, never what a Host header says.
 * @throws AppError dpop_invalid, dpop_nonce_needed
 */
export async function verifyDpopProof(options: {
  readonly request: HttpRequest;
  readonly url: string;
  readonly accessToken?: string;
  readonly nonces: NonceSource;
  readonly clock: Clock;
}): Promise<DpopProof> {
  const { request } = options;
  const header = request.headers.dpop;
  // (1) one header only: a repeated one arrives joined by a comma and is no JWT.
  if (header === undefined) throw invalid('DPoP header missing');
  const proof = parseProof(header);
  checkRequest(proof, request.method, options.url);
  checkToken(proof, options.accessToken);
  checkAge(proof, unixSeconds(options.clock));
  await checkNonce(proof, options.nonces);
  const { jti, iat } = proof.claims as { jti: string; iat: number };
  return {
    jkt: proof.thumbprint,
    once: {
      kind: 'dpop-jti',
      value: `${proof.thumbprint}\n${jti}`,
      expiresAt: iat + MAX_AGE_SECONDS + 1,
    },
  };
}

const invalid = (rule: string, cause?: unknown) => fail('dpop_invalid', { extra: { rule }, cause });

/** (2) to (7): form, required claims, type, algorithm, signature, no private key. */
function parseProof(header: string): SelfSignedJwt {
  try {
    const proof = verifySelfSignedJwt(header, 'dpop+jwt');
    const { jti, htm, htu, iat } = proof.claims;
    if (typeof jti !== 'string' || jti.length < 8 || jti.length > 256) throw new TypeError('jti');
    if (typeof htm !== 'string') throw new TypeError('htm');
    if (typeof htu !== 'string') throw new TypeError('htu');
    if (typeof iat !== 'number' || !Number.isSafeInteger(iat)) throw new TypeError('iat');
    return proof;
  } catch (cause) {
    throw invalid(cause instanceof TypeError ? cause.message : 'malformed', cause);
  }
}

/** (8), (9): the method exactly; the URL exactly, and without query and fragment. */
function checkRequest(proof: SelfSignedJwt, method: string, url: string): void {
  if (proof.claims.htm !== method) throw invalid('htm');
  if (proof.claims.htu !== url) throw invalid('htu');
}

/** (12a): bound to the access token it comes with. */
function checkToken(proof: SelfSignedJwt, accessToken: string | undefined): void {
  if (accessToken === undefined) return;
  if (proof.claims.ath !== toBase64url(sha256(utf8(accessToken)))) throw invalid('ath');
}

/** (11) */
function checkAge(proof: SelfSignedJwt, now: number): void {
  const iat = proof.claims.iat as number;
  if (iat > now + MAX_AHEAD_SECONDS || iat < now - MAX_AGE_SECONDS) throw invalid('iat');
}

/** (10) and §8: a nonce of ours, so that proofs cannot be made in advance. */
async function checkNonce(proof: SelfSignedJwt, nonces: NonceSource): Promise<void> {
  const { nonce } = proof.claims;
  if (typeof nonce === 'string' && (await nonces.check(nonce)) !== null) return;
  throw fail('dpop_nonce_needed');
}
