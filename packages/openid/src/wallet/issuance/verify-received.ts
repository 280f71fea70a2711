import { type Clock, equalBytes, isAppError, multikeyFromJwk } from '@attestel/core';
import { verifyReceived } from '@attestel/credentials/holder';
import type { DidResolver } from '@attestel/did';
import type { Claims } from '../credential-view.ts';
import { fail } from '../errors.ts';
import type { HolderJwk } from '../keys/wallet-keys.ts';
import { resolveDidKey } from '../signed-by-did.ts';
import type { OperatorView } from '../types.ts';
import { isUnanswered } from '../unproven.ts';

const MAX_CREDENTIAL_LENGTH = 65_536;

/** A credential that is what was asked for: from that operator, of that type, for that key. */
export interface ReceivedCredential {
  readonly sdJwt: string;
  readonly claims: Claims;
  /** Unix seconds. */
  readonly expiresAt: number;
}

export interface ExpectedCredential {
  readonly operator: OperatorView;
  readonly vct: string;
  readonly key: HolderJwk;
}

/**
 * Checks a received SD-JWT VC before it is stored: the operator's DID key signed it, it is of the offered
 * type, and `cnf` is our own fresh key and nothing else.
 * @throws credential_invalid, resolver_unavailable, answer_unproven, answer_stale
 */
export async function verifyCredential(
  sdJwt: unknown,
  expected: ExpectedCredential,
  ports: { resolver: DidResolver; clock: Clock },
): Promise<ReceivedCredential> {
  if (typeof sdJwt !== 'string' || sdJwt.length > MAX_CREDENTIAL_LENGTH) throw fail('credential_invalid');
  const credential = await verifySignature(sdJwt, expected, ports);
  if (credential.issuer !== expected.operator.issuerUrl) throw fail('credential_invalid', { field: 'iss' });
  if (!isOwnKey(credential.cnfJwk, expected.key)) throw fail('credential_invalid', { field: 'cnf' });
  return { sdJwt, claims: credential.claims, expiresAt: credential.expiresAt };
}

async function verifySignature(
  sdJwt: string,
  { operator, vct }: ExpectedCredential,
  { resolver, clock }: { resolver: DidResolver; clock: Clock },
) {
  try {
    return await verifyReceived({
      sdJwt,
      vcts: [vct],
      clock,
      issuerKey: (header) =>
        resolveDidKey({
          kid: String(header.kid),
          did: operator.did,
          relationships: ['assertionMethod'],
          resolver,
        }),
    });
  } catch (cause) {
    if (isUnanswered(cause)) throw cause;
    const detail = isAppError(cause) ? { detail: cause.code } : {};
    throw fail('credential_invalid', { ...detail, cause });
  }
}

/** Same point, and no member beyond those that define it: extra ones would correlate copies. */
function isOwnKey(jwk: object, own: HolderJwk): boolean {
  try {
    return Object.keys(jwk).length === 4 && equalBytes(multikeyFromJwk(jwk), multikeyFromJwk(own));
  } catch {
    return false;
  }
}
