import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export interface PlainProvider {
  readonly issuer: string;
  /** What the next sign-ins end in: a subject with claims, or an OAuth error. */
  answer: { sub: string; claims: Record<string, unknown> } | { error: string };
  /** Parameters of the last authorization request. */
  lastRequest: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

/**
 * An OpenID provider that has nothing of ours: the examples must work with it as they do with the bridge.
 * It answers sign-ins by itself, as `answer` says.
 */
export async function startPlainProvider(
  clients: readonly { id: string; secret: string; baseUrl: string }[],
): Promise<PlainProvider> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const state: PlainProvider = {
    issuer,
    answer: { error: 'access_denied' },
    lastRequest: {},
    close: () => closeServer(server),
  };
  const provider = new Provider(issuer, {
    clients: clients.map(({ id, secret, baseUrl }) => ({
      client_id: id,
      client_secret: secret,
      redirect_uris: [`${baseUrl}/callback`],
      post_logout_redirect_uris: [baseUrl],
    })),
    claims: {
      openid: ['sub'],
      phone: ['phone_number', 'phone_number_verified'],
      line: ['sim_unchanged_30d', 'binding_changed_at', 'binding_pending'],
    },
    cookies: { keys: ['only for this test'] },
    ttl: { AccessToken: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
    features: { devInteractions: { enabled: false } },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({ sub, ...('claims' in state.answer ? state.answer.claims : {}) }),
    }),
  });
  const callback = provider.callback();
  server.on('request', (req, res) => {
    if (!req.url?.startsWith('/interaction/')) return void callback(req, res);
    void (async () => {
      const { params, session } = await provider.interactionDetails(req, res);
      state.lastRequest = params;
      if ('error' in state.answer)
        return provider.interactionFinished(req, res, { error: state.answer.error });
      const { sub } = state.answer;
      if (session?.accountId !== sub) {
        return provider.interactionFinished(req, res, { login: { accountId: sub } });
      }
      const grant = new provider.Grant({ accountId: sub, clientId: params.client_id as string });
      grant.addOIDCScope(params.scope as string);
      return provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } });
    })();
  });
  return state;
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
