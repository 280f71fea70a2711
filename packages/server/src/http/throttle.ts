import type { RequestHandler } from 'express';
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
