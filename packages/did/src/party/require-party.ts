import { errorResponse, type HttpRequest, type HttpResponse, isAppError, type Route } from '@attestel/core';
import type { AuthenticatedParty, PartyAuthenticator } from './create-party-authenticator.ts';

/**
 * Puts authentication in front of an endpoint; refusals carry the challenge of RFC 6750 §3.
 */
export const requireParty =
  (
    authenticate: PartyAuthenticator,
    errors: Route['errors'],
    handle: (request: HttpRequest, party: AuthenticatedParty) => Promise<HttpResponse> | HttpResponse,
  ): Route['handle'] =>
  async (request) => {
    let party: AuthenticatedParty;
    try {
      party = await authenticate(request);
    } catch (error) {
      const challenge = partyChallenge(error);
      if (challenge === undefined) throw error;
      const response = errorResponse({ errors }, error, request);
      return { ...response, headers: { ...response.headers, 'www-authenticate': challenge } };
    }
    return handle(request, party);
  };

/** `WWW-Authenticate` of a refusal by the authenticator; undefined for any other error. */
export function partyChallenge(error: unknown): string | undefined {
  if (!isAppError(error)) return undefined;
  if (error.code === 'token_missing') return 'Bearer realm="attestel"'; // §3.1: no error code without a token
  const codes = ['token_invalid', 'token_expired', 'party_inactive'];
  if (!codes.includes(error.code)) return undefined;
  return `Bearer realm="attestel", error="${error.wire}", error_description="${error.message}"`;
}
