import type { Clock, Logger } from '@attestel/core';
import { createPartyToken } from '@attestel/did';
import type { Party } from './open-party.ts';

const FORBIDDEN = 403;
/** To one who showed a token: it is not taken (a clock, a DID unknown there), or not enough. */
const REFUSALS = [401, FORBIDDEN];

export interface FetchAsPartyPorts {
  readonly fetch: typeof fetch;
  readonly party: Pick<Party, 'identity' | 'keyStore'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'error'>;
}

/**
 * Asks as nobody in particular, and as the party where that is not enough: a log with channels that are not public is
 * whole for members only. Which servers want it is remembered; a token is for one server and one request. A server that
 * does not give to the party either is told once, until it does: nothing else would say why a node stays behind.
 */
export function fetchAsParty({ fetch: get, party, clock, logger }: FetchAsPartyPorts): typeof fetch {
  const wanting = new Set<string>();
  const refusing = new Set<string>();
  const ask = async (url: URL, init: RequestInit | undefined): Promise<Response> => {
    const identity = party.identity();
    if (!identity) return get(url, init);
    const { did, kid, assertionKey } = identity;
    const signer = await party.keyStore.signer(assertionKey);
    const token = await createPartyToken({ did, kid, signer, audience: url.origin, clock });
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    return get(url, { ...init, headers });
  };
  const asParty = async (url: URL, init: RequestInit | undefined): Promise<Response> => {
    const answer = await ask(url, init);
    const { status, ok } = answer;
    if (ok) refusing.delete(url.origin);
    if (!REFUSALS.includes(status) || refusing.has(url.origin)) return answer;
    refusing.add(url.origin);
    logger.error('log_withheld', { node: url.origin, status, party: party.identity()?.did ?? 'has no DID' });
    return answer;
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
