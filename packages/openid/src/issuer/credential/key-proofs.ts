import { unixSeconds } from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { fail } from '../errors.ts';
import { type HolderJwk, type SelfSignedJwt, verifySelfSignedJwt } from '../oauth/signed-jwt.ts';
import type { OneTimeValue } from '../storage/used-once.ts';

const MAX_AGE_SECONDS = 300;
const MAX_AHEAD_SECONDS = 60;

export interface KeyProofs {
  /** Holder keys, distinct, in the order of the proofs. */
  readonly keys: readonly { readonly jwk: HolderJwk; readonly thumbprint: string }[];
  /** The c_nonces they used. */
  readonly once: readonly OneTimeValue[];
}

/**
 * OID4VCI 1.0 appendix F.1, for each proof of a batch: type, algorithm, key in `jwk`, signature,
 * audience, age, our c_nonce; and all keys distinct, so that no two copies share one.
 * @throws AppError proof_invalid, nonce_invalid
 */
export async function verifyKeyProofs(issuer: IssuerContext, proofs: readonly string[]): Promise<KeyProofs> {
  const keys: { jwk: HolderJwk; thumbprint: string }[] = [];
  const nonces = new Map<string, OneTimeValue>();
  for (const [i, compact] of proofs.entries()) {
    const field = `/proofs/jwt/${i}`;
    const proof = parseProof(compact, field);
    const nonce = checkClaims(issuer, proof, field);
    // The proofs of a batch normally answer the same nonce; its MAC is computed once.
    if (!nonces.has(nonce)) nonces.set(nonce, await oneTimeNonce(issuer, nonce, field));
    if (keys.some((key) => key.thumbprint === proof.thumbprint)) throw invalid(field, 'key used twice');
    keys.push({ jwk: proof.jwk, thumbprint: proof.thumbprint });
  }
  return { keys, once: [...nonces.values()] };
}

const invalid = (field: string, rule: string, cause?: unknown) =>
  fail('proof_invalid', { field, extra: { rule }, cause });

function parseProof(compact: string, field: string): SelfSignedJwt {
  try {
    return verifySelfSignedJwt(compact, 'openid4vci-proof+jwt');
  } catch (cause) {
    throw invalid(field, cause instanceof TypeError ? cause.message : 'malformed', cause);
  }
}

/** @returns the nonce */
function checkClaims(issuer: IssuerContext, proof: SelfSignedJwt, field: string): string {
  const { aud, iat, nonce } = proof.claims;
  if (aud !== issuer.issuerUrl) throw invalid(field, 'aud is not the credential issuer');
  if (typeof iat !== 'number' || !Number.isSafeInteger(iat)) throw invalid(field, 'iat missing');
  const now = unixSeconds(issuer.clock);
  if (iat > now + MAX_AHEAD_SECONDS || iat < now - MAX_AGE_SECONDS) throw invalid(field, 'iat out of range');
  // §8.3.1.2: without a nonce the proof is invalid; with a bad one the nonce is.
  if (typeof nonce !== 'string') throw invalid(field, 'nonce missing');
  return nonce;
}

export async function oneTimeNonce(
  issuer: IssuerContext,
  nonce: string,
  field: string,
): Promise<OneTimeValue> {
  const expiresAt = await issuer.cNonces.check(nonce);
  if (expiresAt === null) throw fail('nonce_invalid', { field });
  return { kind: 'c_nonce', value: nonce, expiresAt };
}
