import type { IncomingMessage, ServerResponse } from 'node:http';
import { originForm, type Route, toHex } from '@attestel/core';
import { createSealer, writeBehindOf } from '@attestel/openid/verifier';
import { type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { createAccounts } from './accounts/accounts.ts';
import { createAttributeStore } from './accounts/attributes.ts';
import { boundConsents } from './consent/bounded-consents.ts';
import { createRecordConsents } from './consent/consent-store.ts';
import { createGrantTerms } from './consent/grant-terms.ts';
import { noticeRoute } from './consent/notice.ts';
import { fail } from './errors.ts';
import { createBrowserCookie } from './interaction/browser-cookie.ts';
import { consentRoutes } from './interaction/consents.ts';
import { createLoginStates } from './interaction/login-state.ts';
import { interactionRoutes } from './interaction/routes.ts';
import { openBridgeKeys } from './keys/bridge-keys.ts';
import type { BridgeContext, BridgeOptions } from './options.ts';
import { assetRoutes } from './pages/assets.ts';
import { createConfiguration } from './provider/configuration.ts';
import { guardProviderPages, openFormTarget, withdraw } from './provider/provider-pages.ts';
import { createRecords } from './store/records.ts';
import { createUnitOfWork } from './store/unit-of-work.ts';

export interface Bridge {
  /** The OpenID provider: takes every path that no route takes. */
  readonly handler: (req: IncomingMessage, res: ServerResponse) => void;
  /** Sign-in pages, their files, and the verifier's endpoints for wallets. */
  readonly routes: readonly Route[];
  /** Secret of a registered app, for the member that vouches for it. @throws app_unknown */
  clientSecret(clientId: string): Promise<string>;
  /** What waits for the disk is written; requests are over by then. */
  close(): Promise<void>;
}

/** An OpenID Connect provider whose people sign in by showing the phone card in their wallet. */
export async function createBridge(options: BridgeOptions): Promise<Bridge> {
  const context = await createContext(options);
  const provider = new Provider(context.origin, await createConfiguration(context));
  const callback = serve(provider, context);
  const interaction = {
    ...context,
    provider,
    browser: createBrowserCookie(context),
    logins: createLoginStates(context.records),
  };
  return {
    handler: callback,
    routes: [
      ...interactionRoutes(interaction),
      ...consentRoutes(interaction),
      noticeRoute(context),
      ...assetRoutes(),
      ...options.verifier.routes,
    ],
    async clientSecret(clientId) {
      const app = options.registry.app(clientId);
      if (!app) throw fail('app_unknown');
      return context.keys.clientSecret(clientId, app.secretVersion);
    },
    close: () => context.unit.flush(),
  };
}

async function createContext(options: BridgeOptions): Promise<BridgeContext> {
  const url = new URL(options.url);
  if (url.pathname !== '/' || url.search !== '') throw new TypeError('bridge: url must be an origin');
  const keys = await openBridgeKeys(options.keyStore, options.subjectVersion);
  const unit = createUnitOfWork(writeBehindOf(options.store), options.logger);
  const { clock, random, registry } = options;
  const records = createRecords({ unit, sealer: createSealer(await keys.storageKey()), clock });
  return {
    options,
    origin: url.origin,
    secure: url.protocol === 'https:',
    keys,
    unit,
    records,
    accounts: createAccounts({ unit, keys, random, verifier: options.verifier }),
    attributes: createAttributeStore(records, clock),
    consents: boundConsents(options.consents ?? createRecordConsents(records, clock), options.logger),
    grantTerms: createGrantTerms(records, clock),
    activeApp(clientId) {
      const app = registry.app(clientId);
      if (app?.status !== 'active') return undefined;
      return registry.member(app.member)?.status === 'active' ? app : undefined;
    },
  };
}

function serve(provider: Provider, context: BridgeContext): Bridge['handler'] {
  const { origin, unit, options } = context;
  const { host, protocol } = new URL(origin);
  // We are the proxy it trusts: URLs come from our configuration, never from what a client claims.
  provider.proxy = true;
  provider.use(async (ctx, next) => {
    guardProviderPages(ctx as KoaContextWithOIDC);
    try {
      await unit.run(next);
    } catch (error) {
      return withdraw(ctx as KoaContextWithOIDC, error, context);
    }
    openFormTarget(ctx as KoaContextWithOIDC);
  });
  provider.on('server_error', (ctx, error) =>
    options.logger.error('provider.failed', { trace: ctx.get('x-correlator'), cause: error.message }),
  );
  const callback = provider.callback();
  return (req, res) => {
    req.url = originForm(req.url);
    req.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    req.headers['x-forwarded-host'] = host;
    delete req.headers['x-forwarded-for'];
    req.headers['x-correlator'] ??= toHex(options.random.bytes(8));
    void callback(req, res);
  };
}
