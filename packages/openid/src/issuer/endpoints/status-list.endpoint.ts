import type { Route } from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { fail } from '../errors.ts';

/** One Token Status List (§8.1, §8.2) as a signed token. */
export const statusListEndpoint = (issuer: IssuerContext): Route => ({
  method: 'GET',
  path: `${issuer.basePath}/status-lists/:id`,
  summary: 'Status list token',
  errors: 'problem',
  cors: true,
  async handle(request) {
    const id = request.params.id ?? '';
    const list = /^[1-9][0-9]{0,8}$/.test(id) ? await issuer.statuses.token(Number(id)) : undefined;
    if (list === undefined) throw fail('status_list_not_found');
    return {
      status: 200,
      headers: {
        'content-type': 'application/statuslist+jwt',
        'cache-control': `public, max-age=${list.maxAge}`,
      },
      body: list.token,
    };
  },
});
