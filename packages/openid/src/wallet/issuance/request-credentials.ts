import { isAppError } from '@attestel/core';
import { Oauth2Error } from '@openid4vc/oauth2';
import { type Openid4vciClient, Openid4vciRetrieveCredentialsError } from '@openid4vc/openid4vci';
import { fail } from '../errors.ts';
import { type FlowKey, flowSigner } from './flow-keys.ts';
import { unavailableIssuer, wireCodeOf } from './protocol-errors.ts';
import type { Token } from './request-token.ts';
import type { ResolvedOffer } from './resolve-offer.ts';

export interface CredentialRequest extends Token {
  readonly dpopKey: FlowKey;
  readonly holderKeys: readonly FlowKey[];
}

/** One credential request with a proof per copy (OID4VCI 1.0 §7, §8); repeated once for a stale nonce. */
export async function requestCredentials(
  client: Openid4vciClient,
  resolved: ResolvedOffer,
  request: CredentialRequest,
): Promise<readonly unknown[]> {
  try {
    return await attempt(client, resolved, request);
  } catch (first) {
    // §8.3.1.2 invalid_nonce: the nonce grew old between the two requests.
    if (wireCodeOf(first) !== 'invalid_nonce') throw refusal(first);
  }
  try {
    return await attempt(client, resolved, request);
  } catch (second) {
    throw refusal(second);
  }
}

function refusal(cause: unknown): Error {
  if (isAppError(cause)) return cause;
  const wire = wireCodeOf(cause);
  const answered = cause instanceof Openid4vciRetrieveCredentialsError || cause instanceof Oauth2Error;
  if (answered) return fail('credential_refused', { ...(wire === undefined ? {} : { detail: wire }), cause });
  return unavailableIssuer(cause) ?? fail('issuer_unavailable', { cause });
}

async function attempt(
  client: Openid4vciClient,
  resolved: ResolvedOffer,
  request: CredentialRequest,
): Promise<readonly unknown[]> {
  return retrieve(client, resolved, request, await proofsOf(client, resolved, request.holderKeys));
}

async function proofsOf(
  client: Openid4vciClient,
  resolved: ResolvedOffer,
  keys: readonly FlowKey[],
): Promise<string[]> {
  const { metadata, configurationId } = resolved;
  const hasNonce = metadata.credentialIssuer.nonce_endpoint !== undefined;
  const nonce = hasNonce ? (await client.requestNonce({ issuerMetadata: metadata })).c_nonce : undefined;
  const proofs = keys.map((key) =>
    client.createCredentialRequestJwtProof({
      issuerMetadata: metadata,
      credentialConfigurationId: configurationId,
      signer: flowSigner(key),
      ...(nonce === undefined ? {} : { nonce }),
    }),
  );
  return (await Promise.all(proofs)).map((proof) => proof.jwt);
}

async function retrieve(
  client: Openid4vciClient,
  resolved: ResolvedOffer,
  request: CredentialRequest,
  proofs: readonly string[],
): Promise<readonly unknown[]> {
  const { credentialResponse } = await client.retrieveCredentials({
    issuerMetadata: resolved.metadata,
    credentialConfigurationId: resolved.configurationId,
    accessToken: request.token.access_token,
    proofs: { jwt: [...proofs] as [string, ...string[]] },
    dpop: {
      signer: flowSigner(request.dpopKey),
      ...(request.dpopNonce === undefined ? {} : { nonce: request.dpopNonce }),
    },
  });
  const credentials = credentialResponse.credentials ?? [];
  return credentials.map((entry) =>
    typeof entry === 'object' && 'credential' in entry ? entry.credential : entry,
  );
}
