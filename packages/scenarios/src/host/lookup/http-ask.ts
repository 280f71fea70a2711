import { type Clock, fromUtf8, isAppError, parseStrictJson } from '@attestel/core';
import { createPartyToken } from '@attestel/did';
import { fail } from '../../errors.ts';
import { JSON_LIMITS } from '../../module/json-limits.ts';
import type { ExchangeParty } from '../exchange/exchange-party.ts';
import { findPeer, type PeerOptions } from '../exchange/find-peer.ts';
import type { ExchangeFetch } from '../exchange/http-exchange.ts';
import type { AskParty } from './collect-answer.ts';

export interface HttpAskOptions extends PeerOptions {
  readonly party: ExchangeParty;
  readonly clock: Clock;
  readonly fetch?: ExchangeFetch;
  /** For one question. Default 30 s. */
  readonly timeoutMs?: number;
}

/** Where a node answers what it has of a person. */
export const ANSWERS_PATH = '/v1/lookups/answers';
/** One part: 4 MiB of lines, the last of which may be a payload of 16 MiB. */
const MAX_ANSWER_BYTES = 25_165_824;

/** Asks other parties' nodes over HTTP, in the party's own name. */
export function createHttpAsk(options: HttpAskOptions): AskParty {
  const { party, clock, fetch: get = fetch as ExchangeFetch, timeoutMs = 30_000 } = options;
  return async (to, question) => {
    const base = await findPeer(options, to);
    const token = await createPartyToken({ ...party, audience: new URL(base).origin, clock });
    try {
      const response = await get(`${base}${ANSWERS_PATH}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(question),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.status === 401 || response.status === 403) throw fail('exchange_denied');
      if (!response.ok) throw fail('exchange_refused');
      return parseStrictJson(fromUtf8(await bytesOf(response)), JSON_LIMITS);
    } catch (cause) {
      if (isAppError(cause)) throw cause;
      throw fail('exchange_unreachable', { cause });
    }
  };
}

/** @throws TypeError for more than is read */
async function bytesOf(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > MAX_ANSWER_BYTES) throw new TypeError('lookup: the answer is too long');
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
