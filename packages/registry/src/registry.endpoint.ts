import { type HttpRequest, json, type Route } from '@attestel/core';
import { fail } from './errors.ts';
import type { Registry } from './types.ts';

/**
 * What the ledger says, as JSON of the types, suspended records included. Public, without cookies, and
 * never kept by caches: a suspension must show at once.
 */
export function registryRoutes(registry: Registry): Route[] {
  return [
    ...routesOf('members', 'member', registry.members, registry.member),
    ...routesOf('issuers', 'issuer', registry.issuers, registry.issuer),
    ...routesOf('bridges', 'bridge', registry.bridges, registry.bridge),
    ...routesOf('apps', 'app', registry.apps, registry.app),
  ];
}

function routesOf(
  plural: string,
  singular: string,
  list: () => readonly object[],
  find: (id: string) => object | undefined,
): Route[] {
  const route = (path: string, summary: string, handle: Route['handle']): Route => ({
    method: 'GET',
    path: `/v1/registry/${path}`,
    summary,
    errors: 'problem',
    cors: true,
    handle,
  });
  return [
    route(plural, `All ${plural}`, () => answer(list())),
    route(`${plural}/:id`, `One ${singular}`, (request: HttpRequest) => {
      const record = find(request.params.id ?? '');
      if (!record) throw fail('registry_unknown');
      return answer(record);
    }),
  ];
}

const answer = (value: object) => json(value, 200, { 'cache-control': 'no-cache' });
