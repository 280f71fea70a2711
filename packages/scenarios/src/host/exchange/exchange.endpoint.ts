import {
  type Clock,
  errorResponse,
  fromUtf8,
  type HttpRequest,
  isAppError,
  json,
  type Route,
} from '@attestel/core';
import type { DidResolver } from '@attestel/did';
import { fail } from '../../errors.ts';
import type { JsonObject } from '../../module/module.ts';
import { createEphemeralKeys } from './ephemeral-keys.ts';
import {
  type ExchangeParty,
  KEY_PATH,
  MAX_SEALED_BYTES,
  PARCELS_PATH,
  SEALED_MEDIA_TYPE,
} from './exchange-party.ts';
import { openParcel } from './sealed-parcel.ts';

export interface ExchangeRoutesOptions {
  readonly party: ExchangeParty;
  readonly resolver: DidResolver;
  readonly clock: Clock;
  /**
   * Takes a parcel; resolves once it is durable. An AppError of kind `unavailable` asks the sender to come again, such
   * as where this node does not have the line yet.
   */
  receive(from: string, content: JsonObject): Promise<void>;
  /** Whether that party may send at all. */
  readonly isActive?: (did: string) => boolean;
}

const RETRY_AFTER_SECONDS = '5';

/** The receiving end of the exchange between parties' nodes. */
export function exchangeRoutes(options: ExchangeRoutesOptions): readonly Route[] {
  const { party, clock, receive, isActive = () => true } = options;
  const keys = createEphemeralKeys(party, clock);
  const take = async ({ body }: HttpRequest): Promise<void> => {
    const { from, content } = await openParcel(textOf(body), { ...options, did: party.did, keys });
    if (!isActive(from)) throw fail('exchange_denied');
    await receive(from, content);
  };
  return [
    {
      method: 'GET',
      path: KEY_PATH,
      summary: 'The key that parcels to this party are encrypted to, signed by the party',
      errors: 'problem',
      handle: async () => ({
        status: 200,
        headers: { 'content-type': 'application/jwt', 'cache-control': 'no-store' },
        body: await keys.statement(),
      }),
    },
    {
      method: 'POST',
      path: PARCELS_PATH,
      summary: 'Takes a payload from another party, as a JWE of its JWS; 202 once it is durable',
      errors: 'problem',
      accepts: [SEALED_MEDIA_TYPE],
      maxBodyBytes: MAX_SEALED_BYTES,
      handle: async (request) => {
        try {
          await take(request);
          return json({ stored: true }, 202, { 'cache-control': 'no-store' });
        } catch (error) {
          if (!isAppError(error) || error.kind !== 'unavailable') throw error;
          const response = errorResponse({ errors: 'problem' }, error, request);
          return { ...response, headers: { ...response.headers, 'retry-after': RETRY_AFTER_SECONDS } };
        }
      },
    },
  ];
}

function textOf(body: HttpRequest['body']): string {
  try {
    return fromUtf8(body);
  } catch {
    throw fail('exchange_malformed');
  }
}
