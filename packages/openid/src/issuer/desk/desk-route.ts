import type { HttpRequest, HttpResponse, Route } from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { fail } from '../errors.ts';

/** Who acts at the desk. */
export interface DeskParty {
  readonly did: string;
}

/**
 * A route of the desk API: party authentication first, then the configuration's list of parties, then the
 * endpoint. Nothing of it is for browsers.
 */
export function deskRoute(
  issuer: IssuerContext,
  route: Pick<Route, 'method' | 'path' | 'summary'>,
  handle: (request: HttpRequest, party: DeskParty) => Promise<HttpResponse>,
): Route {
  return {
    ...route,
    path: `${issuer.basePath}/v1/desk${route.path}`,
    errors: 'problem',
    ...(route.method === 'POST' ? { accepts: ['application/json'] } : {}),
    async handle(request) {
      const { did } = await issuer.desk.authenticate(request);
      if (!issuer.desk.allowed.has(did)) throw fail('desk_denied');
      const response = await handle(request, { did });
      return { ...response, headers: { ...response.headers, 'cache-control': 'no-store' } };
    },
  };
}
