import { type Clock, type Signer, unixSeconds } from '@attestel/core';
import { signJwt } from '@attestel/keystore';
import { fail } from './errors.ts';
import type { Flow } from './flow.ts';
import { phoneQuery } from './query.ts';

/** Every fetch may be repeated for a fresh signature; long enough for a phone whose clock is a little off. */
export const REQUEST_OBJECT_SECONDS = 60;

/** Media type of a signed request object (RFC 9101 §9.4). */
export const REQUEST_OBJECT_TYPE = 'application/oauth-authz-req+jwt';

export interface RequestObjectParties {
  readonly clientId: string;
  readonly kid: string;
  readonly signer: Signer;
  readonly responseUri: string;
  readonly vct: string;
  readonly clock: Clock;
}

/**
 * Signed authorization request (OpenID4VP 1.0 §5, RFC 9101). `nonce` and `state` are the flow's and
 * the same at every fetch; only times, and the wallet's own nonce, differ.
 */
export function signRequestObject(flow: Flow, parties: RequestObjectParties): Promise<string> {
  const now = unixSeconds(parties.clock);
  return signJwt(
    { typ: 'oauth-authz-req+jwt', kid: parties.kid },
    {
      client_id: parties.clientId,
      // OpenID4VP 1.0 §5.8: the recipient is not known in advance.
      aud: 'https://self-issued.me/v2',
      iat: now,
      exp: expiryOf(flow, now),
      response_type: 'vp_token',
      response_mode: 'direct_post.jwt',
      response_uri: parties.responseUri,
      nonce: flow.nonce,
      state: flow.state,
      dcql_query: phoneQuery([parties.vct], flow.claims),
      client_metadata: clientMetadata(flow),
      // The wallet sees the bridge as verifier; this names who the person signs in to (§5.11), and
      // where: a link that was passed on must not look like a sign-in on one's own device.
      verifier_info: [
        { format: 'attestel_app', data: flow.appClientId },
        { format: 'attestel_mode', data: flow.mode },
      ],
      ...(flow.walletNonce === null ? {} : { wallet_nonce: flow.walletNonce }),
    },
    parties.signer,
  );
}

/** With a nonce of its own inside, a wallet knows that the object is fresh and need not fetch again. */
function expiryOf(flow: Flow, now: number): number {
  const end = Math.ceil(flow.expiresAt / 1000);
  return flow.walletNonce === null ? Math.min(end, now + REQUEST_OBJECT_SECONDS) : end;
}

function clientMetadata(flow: Flow) {
  if (flow.key === null) throw fail('request_used');
  return {
    jwks: {
      keys: [
        {
          kty: 'EC',
          crv: 'P-256',
          use: 'enc',
          alg: 'ECDH-ES',
          kid: flow.id,
          x: flow.key.x,
          y: flow.key.y,
        },
      ],
    },
    encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
    vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] } },
  };
}
