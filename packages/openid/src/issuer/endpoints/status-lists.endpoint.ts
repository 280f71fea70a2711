import { json, type Route } from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { STATUS_TTL_SECONDS } from '../status/status-publisher.ts';

/** Status list aggregation (Token Status List §9.3): every list, also the one not yet in use. */
export const statusListsEndpoint = (issuer: IssuerContext): Route => ({
  method: 'GET',
  path: `${issuer.basePath}/status-lists`,
  summary: 'All status lists of this issuer',
  errors: 'problem',
  cors: true,
  handle: () =>
    json({ status_lists: issuer.statuses.uris() }, 200, {
      'cache-control': `public, max-age=${STATUS_TTL_SECONDS}`,
    }),
});
