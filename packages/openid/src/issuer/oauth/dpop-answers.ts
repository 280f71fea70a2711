import { errorResponse, type HttpRequest, type HttpResponse, isAppError, type Route } from '@attestel/core';
import type { NonceSource } from './nonce.ts';

/** What browsers on the wallet's origin may read of our answers. */
const EXPOSE = { 'access-control-expose-headers': 'DPoP-Nonce, WWW-Authenticate' };

const UNAUTHORISED = new Set(['invalid_token', 'invalid_dpop_proof', 'use_dpop_nonce']);

/**
 * Wraps an endpoint so that every answer carries a fresh DPoP-Nonce (RFC 9449 §8.2), and errors of a
 * protected resource come as 401 with a challenge (§7.1, §9) instead of the token endpoint's 400.
 * Errors that are not ours go on to the server's handler.
 */
export function withDpopAnswers(
  endpoint: { readonly kind: 'token' | 'resource'; readonly nonces: NonceSource },
  handle: (request: HttpRequest) => Promise<HttpResponse>,
): Route['handle'] {
  return async (request) => {
    const nonce = { 'dpop-nonce': await endpoint.nonces.issue() };
    try {
      const response = await handle(request);
      return { ...response, headers: { ...response.headers, ...EXPOSE, ...nonce } };
    } catch (error) {
      if (!isAppError(error)) throw error;
      const response = errorResponse({ errors: 'oauth' }, error, request);
      const headers = { ...response.headers, ...EXPOSE, ...nonce };
      const isChallenge = endpoint.kind === 'resource' && UNAUTHORISED.has(error.wire ?? '');
      if (!isChallenge) return { ...response, headers };
      return { ...response, status: 401, headers: { ...headers, 'www-authenticate': challenge(error) } };
    }
  };
}

/** Without a token at all the challenge names no error (RFC 6750 §3.1). */
function challenge(error: { code: string; wire: string | undefined }): string {
  const reason = error.code === 'token_missing' ? '' : `error="${error.wire}", `;
  return `DPoP ${reason}algs="ES256"`;
}
