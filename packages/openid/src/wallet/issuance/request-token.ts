import { isAppError } from '@attestel/core';
import type { AccessTokenResponse } from '@openid4vc/oauth2';
import type { Openid4vciClient } from '@openid4vc/openid4vci';
import { fail } from '../errors.ts';
import type { PinRule } from '../types.ts';
import { type FlowKey, flowSigner } from './flow-keys.ts';
import { unavailableIssuer, wireCodeOf } from './protocol-errors.ts';
import type { ResolvedOffer } from './resolve-offer.ts';

/** An access token bound to the flow's DPoP key. */
export interface Token {
  readonly token: AccessTokenResponse;
  readonly dpopNonce: string | undefined;
}

/** Token request of the pre-authorized code flow with DPoP (OID4VCI 1.0 §6.1, RFC 9449). */
export async function requestToken(
  client: Openid4vciClient,
  resolved: ResolvedOffer,
  dpopKey: FlowKey,
  txCode: string | undefined,
): Promise<Token> {
  try {
    const { accessTokenResponse, dpop } = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({
      credentialOffer: resolved.offer,
      issuerMetadata: resolved.metadata,
      dpop: { signer: flowSigner(dpopKey) },
      ...(resolved.pin === null || txCode === undefined ? {} : { txCode }),
    });
    // RFC 9449 §5: a token that is not DPoP-bound could be used by whoever sees it.
    if (accessTokenResponse.token_type.toLowerCase() !== 'dpop') throw fail('issuer_metadata_invalid');
    return { token: accessTokenResponse, dpopNonce: dpop?.nonce };
  } catch (cause) {
    if (isAppError(cause)) throw cause;
    const wire = wireCodeOf(cause);
    if (wire === undefined) throw unavailableIssuer(cause) ?? fail('issuer_unavailable', { cause });
    // §6.3: invalid_grant stands for a wrong PIN and for a used or expired code alike.
    throw fail(wire === 'invalid_grant' ? 'grant_refused' : 'credential_refused', { detail: wire, cause });
  }
}

/** Checks the form the offer announced, so that a slip of the finger costs no attempt. */
export function checkPin(rule: PinRule | null, pin: string | undefined): void {
  if (rule === null) return;
  if (pin === undefined || pin === '') throw fail('pin_required');
  const wrongForm = rule.inputMode === 'numeric' && !/^\d+$/.test(pin);
  if (wrongForm || pin.length > 64 || (rule.length !== null && pin.length !== rule.length)) {
    throw fail('pin_malformed');
  }
}
