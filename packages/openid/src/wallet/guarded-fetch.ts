import { type AppError, concatBytes, isAppError } from '@attestel/core';
import { fail } from './errors.ts';

export type Fetch = (input: string | URL, init?: RequestInit) => Promise<Response>;

const TIMEOUT_MS = 15_000;
const MAX_BODY_BYTES = 1 << 20;
const LOOPBACK = /^(?:localhost|[a-z0-9-]+\.localhost|127\.0\.0\.1|\[::1\])$/;
/** Statuses that carry no body (Fetch standard, "null body status"). */
const NULL_BODY = new Set([101, 103, 204, 205, 304]);

/**
 * The only addresses a wallet talks to: https, and http on this machine for development.
 * @throws url_refused
 */
export function parseWebUrl(text: string, field?: string): URL {
  const options = field === undefined ? {} : { field };
  if (!URL.canParse(text)) throw fail('url_refused', options);
  const url = new URL(text);
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (!secure || url.username !== '' || url.password !== '') throw fail('url_refused', options);
  return url;
}

/**
 * Wraps fetch for addresses that strangers put into links: scheme checked, no redirect, no cookie, no
 * referrer, bounded time, bounded body.
 */
export function createGuardedFetch(fetch: Fetch): Fetch {
  return async (input, init = {}) => {
    const url = parseWebUrl(String(input));
    try {
      const response = await fetch(url, {
        ...init,
        redirect: 'error',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        cache: 'no-store',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (NULL_BODY.has(response.status)) return response;
      const body = await readBounded(response);
      return new Response(Uint8Array.from(body), { status: response.status, headers: response.headers });
    } catch (cause) {
      throw fail('unreachable', { cause });
    }
  };
}

/** The transport's own failure inside an error of a library that wrapped it, if it was that. */
export function transportFailure(error: unknown): AppError | undefined {
  for (let at = error, depth = 0; depth < 4 && at instanceof Error; at = at.cause, depth++) {
    if (isAppError(at)) return at;
  }
  return undefined;
}

async function readBounded(response: Response): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = response.body.getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    size += chunk.value.length;
    if (size > MAX_BODY_BYTES) {
      await reader.cancel();
      throw new TypeError('fetch: answer larger than the wallet reads');
    }
    parts.push(chunk.value);
  }
  return concatBytes(...parts);
}
