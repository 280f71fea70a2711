import type { Clock } from '@attestel/core';
import { createPartyToken } from '@attestel/did';
import type { Party } from './open-party.ts';

const FORBIDDEN = 403;

export interface FetchAsPartyPorts {
  readonly fetch: typeof fetch;
  readonly party: Pick<Party, 'identity' | 'keyStore'>;
  readonly clock: Clock;
}

/**
 * Asks as nobody in particular, and as the party where that is not enough: a log with channels that are not public is
 * whole for members only. Which servers want it is remembered; a token is for one server and one request.
 */
export function fetchAsParty({ fetch: get, party, clock }: FetchAsPartyPorts): typeof fetch {
  const wanting = new Set<string>();
  const asParty = async (url: URL, init: RequestInit | undefined): Promise<Response> => {
    const identity = party.identity();
    if (!identity) return get(url, init);
    const { did, kid, assertionKey } = identity;
    const signer = await party.keyStore.signer(assertionKey);
    const token = await createPartyToken({ did, kid, signer, audience: url.origin, clock });
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    return get(url, { ...init, headers });
  };
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (wanting.has(url.origin)) return asParty(url, init);
    const answer = await get(url, init);
    if (answer.status !== FORBIDDEN) return answer;
    await answer.body?.cancel();
    wanting.add(url.origin);
    return asParty(url, init);
  };
}
