import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { isLoopback } from './peer.ts';
import type { TokenBuckets } from './token-buckets.ts';

/** A path on which strangers can make the node work, with what they may ask for, in kilobytes of body. */
export interface Throttled {
  readonly path: string;
  readonly buckets: TokenBuckets;
}

const KILOBYTE = 1000;

/**
 * Counts before the body is read. By size, because the work is in proportion to it: signatures, keys and
 * documents all have to be sent. The address is the connection's: what a header says, anybody can write.
 */
export const throttle =
  ({ buckets }: Throttled): RequestHandler =>
  (req, res, next) => {
    const length = Number(req.headers['content-length'] ?? Number.POSITIVE_INFINITY); // sent in chunks
    const cost = Math.max(1, Math.ceil(length / KILOBYTE));
    const taken = buckets.take(req.socket.remoteAddress ?? '', cost);
    if (taken.ok) return next();
    res
      .status(429)
      .set('retry-after', String(taken.retry))
      .type('application/problem+json')
      .send('{"type":"about:blank","title":"too many operations","status":429,"code":"too_many_requests"}');
  };

/**
 * What strangers ask of a bridge or issuer and what costs it signatures, keys or records; with all paths below
 * these. Signing out makes a session where there was none. A sign-in page costs when it is asked for again or
 * for more (`?again`, `?elsewhere`): that makes requests for a wallet. Compared without case, as oidc-provider
 * takes its paths in any.
 */
const LIMITED =
  /^\/(?:(?:auth|request|token|session|openid4vp|nonce|credential)(?=[/?]|$)|interaction\/[^/?]+\/?\?)/i;

const TOO_MANY =
  '{"error":"temporarily_unavailable","error_description":"too many requests from this address"}';

/**
 * Counts requests by address. This machine's own are free: apps, tests and benchmarks of a demo are here, and
 * behind a proxy on it all clients would share one bucket. Preflights are free, too: they cost nothing, and
 * the request that follows counts. False when it has answered instead.
 */
export const limitRequests =
  (buckets: TokenBuckets) =>
  (req: IncomingMessage, res: ServerResponse): boolean => {
    const { remoteAddress } = req.socket;
    if (req.method === 'OPTIONS' || !LIMITED.test(req.url ?? '') || isLoopback(remoteAddress)) return true;
    const taken = buckets.take(remoteAddress ?? '', 1);
    if (taken.ok) return true;
    res
      .writeHead(429, {
        'content-type': 'application/json; charset=utf-8',
        'retry-after': String(taken.retry),
        'cache-control': 'no-store',
        // Wallets are on other origins; they shall learn what happened, not that "the network failed".
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'retry-after, x-correlator',
      })
      .end(TOO_MANY);
    return false;
  };
