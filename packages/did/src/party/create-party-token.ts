import { type Clock, type Signer, toBase64url, unixSeconds, utf8 } from '@attestel/core';
import { createJWT } from 'did-jwt';

/** Longest life of a party token, seconds: it bounds how long a stolen one can be replayed. */
export const MAX_TOKEN_SECONDS = 300;

export interface PartyTokenRequest {
  readonly did: string;
  /** DID URL of a key under `authentication`. */
  readonly kid: string;
  readonly signer: Signer;
  /** Base URL of the node that is called. */
  readonly audience: string;
  readonly clock: Clock;
  /** Default 120, at most {@link MAX_TOKEN_SECONDS}. */
  readonly ttlSeconds?: number;
}

/** A short-lived JWT by which a party shows to a node's API which DID it acts for. */
export async function createPartyToken(request: PartyTokenRequest): Promise<string> {
  const { did, kid, signer, audience, clock, ttlSeconds = 120 } = request;
  if (!(ttlSeconds > 0 && ttlSeconds <= MAX_TOKEN_SECONDS)) throw new TypeError('party token: bad lifetime');
  const iat = unixSeconds(clock);
  return createJWT(
    { aud: audience, iat, exp: iat + Math.floor(ttlSeconds) },
    { issuer: did, signer: async (data) => toBase64url(await signer.sign(toBytes(data))) },
    { alg: signer.algorithm, typ: 'JWT', kid },
  );
}

const toBytes = (data: string | Uint8Array): Uint8Array => (typeof data === 'string' ? utf8(data) : data);
