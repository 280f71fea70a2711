import { type Bytes, type Clock, fromUtf8, isAppError, type PublicJwk, unixSeconds } from '@attestel/core';
import { z } from 'zod';
import { fail } from '../../errors.ts';
import type { JsonObject } from '../../module/module.ts';
import type { Exchange } from '../ports.ts';
import {
  CLOCK_SKEW_SECONDS,
  type ExchangeParty,
  KEY_PATH,
  MAX_KEY_SECONDS,
  PARCELS_PATH,
  SEALED_MEDIA_TYPE,
} from './exchange-party.ts';
import { findPeer, type PeerOptions } from './find-peer.ts';
import { parseParcelJson } from './parcel-json.ts';
import { sealParcel } from './sealed-parcel.ts';
import { KEY_TYP, verifyMessage } from './signed-message.ts';

/** The platform's fetch, or a stand-in. */
export type ExchangeFetch = (
  url: string,
  init: {
    readonly method: 'GET' | 'POST';
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly redirect: 'error';
    readonly signal: AbortSignal;
  },
) => Promise<Response>;

export interface HttpExchangeOptions extends PeerOptions {
  readonly party: ExchangeParty;
  readonly clock: Clock;
  readonly fetch?: ExchangeFetch;
  /** For one request. Default 30 s. */
  readonly timeoutMs?: number;
}

interface PeerKey {
  readonly jwk: PublicJwk;
  /** Unix seconds. */
  readonly until: number;
}

const MAX_ANSWER_BYTES = 16_384;
/** A key that is about to end is not worth a parcel. */
const KEY_MARGIN_SECONDS = 60;
const KEPT_KEYS = 1_024;

const KEY_CLAIMS = z.strictObject({
  iss: z.string(),
  iat: z.int(),
  exp: z.int(),
  jwk: z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() }),
});

/** Delivers parcels to other parties' nodes over HTTP: signed by the sender, encrypted to a key of the receiver. */
export function createHttpExchange(options: HttpExchangeOptions): Exchange {
  const { party, clock } = options;
  const keys = new Map<string, PeerKey>();
  async function keyOf(to: string, base: string): Promise<PublicJwk> {
    const known = keys.get(to);
    if (known && unixSeconds(clock) + KEY_MARGIN_SECONDS < known.until) return known.jwk;
    const fresh = await fetchKey(options, to, base);
    if (keys.size >= KEPT_KEYS) keys.delete(keys.keys().next().value as string);
    keys.set(to, fresh);
    return fresh.jwk;
  }
  async function send(to: string, base: string, content: JsonObject): Promise<Answer> {
    const body = await sealParcel({ from: party, to, content, clock }, await keyOf(to, base));
    const headers = { 'content-type': SEALED_MEDIA_TYPE };
    return request(options, `${base}${PARCELS_PATH}`, { method: 'POST', headers, body });
  }
  return {
    async deliver(to, content) {
      const base = await findPeer(options, to);
      let answer = await send(to, base, content);
      // It was started anew since, and its keys live in memory.
      if (answer.code === 'exchange_key_unknown') {
        keys.delete(to);
        answer = await send(to, base, content);
      }
      if (answer.status !== 202) throw refusal(answer);
    },
  };
}

function refusal({ status, code }: Answer): Error {
  const detail = `status ${status} ${code ?? ''}`.trim();
  const isPassing = status >= 500 || status === 429 || status === 408;
  return fail(isPassing ? 'exchange_unreachable' : 'exchange_refused', { detail });
}

/** The present key of a party, by the word of its DID. @throws AppError exchange_unreachable, peer_untrusted */
async function fetchKey(options: HttpExchangeOptions, to: string, base: string): Promise<PeerKey> {
  const { resolver, clock } = options;
  const answer = await request(options, `${base}${KEY_PATH}`, { method: 'GET', headers: {} });
  if (answer.status !== 200) throw refusal(answer);
  const expected = { typ: KEY_TYP, relationship: 'assertionMethod', resolver } as const;
  try {
    const { did, payload } = await verifyMessage(answer.text, expected);
    const { iss, iat, exp, jwk } = KEY_CLAIMS.parse(parseParcelJson(payload));
    const now = unixSeconds(clock);
    const inForce = exp > now && iat <= now + CLOCK_SKEW_SECONDS && exp - iat <= MAX_KEY_SECONDS;
    if (did !== to || iss !== to || !inForce) throw fail('peer_untrusted');
    return { jwk, until: exp };
  } catch (cause) {
    if (isAppError(cause) && cause.kind === 'unavailable') throw cause;
    throw fail('peer_untrusted', { cause });
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
  /** Error code of the answer's problem document. */
  readonly code?: string;
}

async function request(
  { fetch: doFetch = fetch as ExchangeFetch, timeoutMs = 30_000 }: HttpExchangeOptions,
  url: string,
  init: { readonly method: 'GET' | 'POST'; readonly headers: Record<string, string>; readonly body?: string },
): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await doFetch(url, { ...init, redirect: 'error', signal });
    const text = fromUtf8(await readBounded(response));
    const code = codeOf(text);
    return { status: response.status, text, ...(code === undefined ? {} : { code }) };
  } catch (cause) {
    throw fail('exchange_unreachable', { cause });
  }
}

const PROBLEM = z.object({ code: z.string().regex(/^[a-z_]{1,64}$/) });

function codeOf(text: string): string | undefined {
  try {
    return PROBLEM.parse(JSON.parse(text)).code;
  } catch {
    return undefined;
  }
}

async function readBounded(response: Response): Promise<Bytes> {
  const chunks: Bytes[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw fail('exchange_unreachable', { detail: 'answer too large' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
