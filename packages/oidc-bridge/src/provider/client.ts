import type { App } from '@attestel/registry';
import type { AdapterPayload, ClientMetadata } from 'oidc-provider';
import { scopesOf } from '../claims/requested-claims.ts';
import type { BridgeContext } from '../options.ts';

/** Clients as oidc-provider wants them, from the registry; unknown and suspended look the same. */
export function createClientFinder(context: Pick<BridgeContext, 'activeApp' | 'keys'>) {
  const secrets = new Map<string, Promise<string>>();
  const secretOf = (app: App): Promise<string> => {
    const name = `${app.clientId}\0${app.secretVersion}`;
    const secret = secrets.get(name) ?? context.keys.clientSecret(app.clientId, app.secretVersion);
    secrets.set(name, secret);
    return secret;
  };
  return async (clientId: string): Promise<AdapterPayload | undefined> => {
    const app = context.activeApp(clientId);
    if (!app) return undefined;
    const withSecret = app.authentication.startsWith('client_secret');
    return { ...metadataOf(app), ...(withSecret ? { client_secret: await secretOf(app) } : {}) };
  };
}

function metadataOf(app: App): ClientMetadata {
  return {
    client_id: app.clientId,
    client_name: app.name.en,
    application_type: 'web',
    redirect_uris: [...app.redirectUris],
    post_logout_redirect_uris: [...app.postLogoutRedirectUris],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    subject_type: 'pairwise',
    // OIDC Core §8.1 wants one with several hosts. Ours is never fetched: the registry vouches for the list.
    sector_identifier_uri: `https://sector.invalid/${app.clientId}`,
    token_endpoint_auth_method: app.authentication,
    scope: scopesOf(app).join(' '),
    ...(app.authentication === 'private_key_jwt' && app.jwks !== null ? { jwks: JSON.parse(app.jwks) } : {}),
  };
}
