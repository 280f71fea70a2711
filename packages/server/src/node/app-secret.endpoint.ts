import { type HttpRequest, json, type Route } from '@attestel/core';
import type { Registry } from '@attestel/registry';
import { fail } from '../errors.ts';

export interface AppSecretDependencies {
  readonly bridge: { clientSecret(clientId: string): Promise<string> };
  readonly registry: Registry;
  readonly authenticate: (request: HttpRequest) => Promise<{ did: string }>;
}

/** Hands an app's derived secret to the active member that vouches for it, and to nobody else. */
export const appSecretRoutes = ({ bridge, registry, authenticate }: AppSecretDependencies): Route[] => [
  {
    method: 'GET',
    path: '/v1/bridge/apps/:clientId/secret',
    summary: 'Client secret of an app, for the member that vouches for it',
    errors: 'problem',
    handle: async (request) => {
      const { did } = await authenticate(request);
      const app = registry.app(request.params.clientId ?? '');
      if (!app) throw fail('app_unknown');
      if (app.member !== did || registry.member(did)?.status !== 'active') throw fail('app_not_yours');
      return json({ client_id: app.clientId, client_secret: await bridge.clientSecret(app.clientId) }, 200, {
        'cache-control': 'no-store',
      });
    },
  },
];
