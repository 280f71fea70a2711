import { type Clock, isAppError } from '@attestel/core';
import { Openid4vpClient } from '@openid4vc/openid4vp';
import { z } from 'zod';
import { presentCopy } from '../credential-view.ts';
import { fail } from '../errors.ts';
import { type Fetch, transportFailure } from '../guarded-fetch.ts';
import type { WalletKeys } from '../keys/wallet-keys.ts';
import { createProtocolCallbacks, type ProtocolPorts } from '../protocol-callbacks.ts';
import type { StoredCopy } from '../storage/wallet-storage.ts';
import type { PresentationResult } from '../types.ts';
import type { Answer } from './match-cards.ts';
import type { VerifiedRequest } from './verify-request-object.ts';

const answerSchema = z.looseObject({ redirect_uri: z.string().max(4_096).optional() });

/** Presentations for each query: selected disclosures and a fresh key-binding JWT (RFC 9901 §4.3). */
export async function buildVpToken(
  verified: VerifiedRequest,
  answers: readonly { readonly answer: Answer; readonly copy: StoredCopy }[],
  ports: { keys: WalletKeys; clock: Clock },
): Promise<Record<string, [string]>> {
  const token: Record<string, [string]> = {};
  for (const { answer, copy } of answers) {
    const presentation = await presentCopy({
      copy,
      disclose: answer.disclose,
      audience: verified.request.client_id,
      nonce: verified.request.nonce,
      ...ports,
    });
    token[answer.queryId] = [presentation];
  }
  return token;
}

/** Encrypts the answer to the request's one-time key and posts it (OpenID4VP 1.0 §8.2, §8.3.1). */
export async function sendVpToken(
  verified: VerifiedRequest,
  vpToken: Record<string, [string]>,
  ports: ProtocolPorts,
): Promise<PresentationResult> {
  const client = new Openid4vpClient({ callbacks: createProtocolCallbacks(ports, new Map()) });
  const authorizationRequestPayload = parseByLibrary(client, verified);
  const { jarm } = await client.createOpenid4vpAuthorizationResponse({
    authorizationRequestPayload,
    authorizationResponsePayload: { vp_token: vpToken },
    jarm: {
      encryption: { nonce: '', jwk: verified.encryption.key },
      serverMetadata: {
        authorization_signing_alg_values_supported: [],
        authorization_encryption_alg_values_supported: ['ECDH-ES'],
        authorization_encryption_enc_values_supported: [verified.encryption.enc],
      },
    },
  });
  if (jarm === undefined) throw new TypeError('wallet: the answer was not encrypted');
  return post(verified, { response: jarm.responseJwt }, ports.fetch);
}

/** The person said no: `access_denied`, encrypted like any answer (§8.5, §8.3.1). */
export async function sendRefusal(
  verified: VerifiedRequest,
  ports: ProtocolPorts,
): Promise<PresentationResult> {
  const { state } = verified.request;
  const error = { error: 'access_denied', ...(state === undefined ? {} : { state }) };
  const { encryptJwe } = createProtocolCallbacks(ports, new Map());
  const { key, enc } = verified.encryption;
  const encryptor = { method: 'jwk', publicJwk: key, alg: key.alg, enc } as const;
  const { jwe } = await encryptJwe(encryptor, JSON.stringify(error));
  return post(verified, { response: jwe }, ports.fetch);
}

function parseByLibrary(client: Openid4vpClient, verified: VerifiedRequest) {
  const parsed = client.parseOpenid4vpAuthorizationRequest({
    authorizationRequest: verified.request as never,
  });
  if (parsed.type !== 'openid4vp') throw fail('request_malformed');
  return parsed.params;
}

async function post(
  verified: VerifiedRequest,
  form: Record<string, string>,
  fetch: Fetch,
): Promise<PresentationResult> {
  let response: Response;
  try {
    response = await fetch(verified.responseUri, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams(form).toString(),
    });
  } catch (cause) {
    const transport = transportFailure(cause);
    if (isAppError(transport) && transport.code !== 'unreachable') throw transport;
    throw fail('response_undelivered', { cause });
  }
  if (response.status >= 500) throw fail('response_undelivered');
  if (!response.ok) throw fail('response_refused');
  return { redirectUri: redirectOf(await response.text(), verified.responseUri) };
}

/**
 * Where to go on (§8.2). Only to the origin that took the answer: a verifier cannot use the wallet to
 * send the person elsewhere.
 */
function redirectOf(body: string, responseUri: URL): string | null {
  try {
    const { redirect_uri: target } = answerSchema.parse(JSON.parse(body));
    if (target === undefined || !URL.canParse(target)) return null;
    const url = new URL(target);
    return url.origin === responseUri.origin ? url.href : null;
  } catch {
    return null;
  }
}
