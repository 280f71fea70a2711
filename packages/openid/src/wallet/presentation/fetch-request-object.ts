import { isAppError, type Random, toBase64url } from '@attestel/core';
import { fail } from '../errors.ts';
import { type Fetch, transportFailure } from '../guarded-fetch.ts';
import type { RequestLink } from './request-link.ts';

const REQUEST_OBJECT_TYPE = 'application/oauth-authz-req+jwt';
const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** What the wallet can do, for verifiers that ask by POST (OpenID4VP 1.0 §10.1). */
const WALLET_METADATA = {
  vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] } },
  client_id_prefixes_supported: ['decentralized_identifier'],
  request_object_signing_alg_values_supported: ['ES256', 'EdDSA'],
  response_modes_supported: ['direct_post.jwt'],
  authorization_encryption_alg_values_supported: ['ECDH-ES'],
  authorization_encryption_enc_values_supported: ['A128GCM', 'A256GCM'],
};

export interface FetchedRequest {
  readonly jws: string;
  /** Must stand in the request object when it was sent. */
  readonly walletNonce: string | null;
}

/** The nonce for a request, where its link asks for POST. */
export const newWalletNonce = (link: RequestLink, random: Random): string | null =>
  link.method === 'post' ? toBase64url(random.bytes(32)) : null;

/** Fetches the request object (RFC 9101 §5.2.3; by POST with a wallet nonce: OpenID4VP 1.0 §5.10). */
export async function fetchRequestObject(
  link: RequestLink,
  walletNonce: string | null,
  fetch: Fetch,
): Promise<FetchedRequest> {
  const response = await send(link, walletNonce, fetch);
  if (response.status === 404 || response.status === 410) throw fail('request_gone');
  if (response.status === 409) throw fail('request_taken');
  if (!response.ok) throw fail('request_unavailable');
  const jws = (await response.text()).trim();
  if (!COMPACT_JWS.test(jws)) throw fail('request_unsigned');
  return { jws, walletNonce };
}

async function send(link: RequestLink, walletNonce: string | null, fetch: Fetch): Promise<Response> {
  const headers = { accept: REQUEST_OBJECT_TYPE };
  try {
    if (walletNonce === null) return await fetch(link.requestUri, { headers });
    return await fetch(link.requestUri, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        wallet_metadata: JSON.stringify(WALLET_METADATA),
        wallet_nonce: walletNonce,
      }).toString(),
    });
  } catch (cause) {
    const transport = transportFailure(cause);
    if (isAppError(transport) && transport.code !== 'unreachable') throw transport;
    throw fail('request_unavailable', { cause });
  }
}
