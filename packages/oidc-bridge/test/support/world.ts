import {
  type Clock,
  createMemoryStore,
  type LogFields,
  type Logger,
  type Store,
  systemRandom,
} from '@attestel/core';
import { type Bridge, type ConsentStore, createBridge } from '@attestel/oidc-bridge';
import { createVerifier, type Verifier } from '@attestel/openid/verifier';
import type { App } from '@attestel/registry';
import * as openid from 'openid-client';
import {
  type Card,
  type Consortium,
  createConsortium,
  createTestClock,
  type Party,
} from '../../../openid/test/verifier/support/consortium.ts';
import { serve, type TestServer } from '../../../openid/test/verifier/support/serve.ts';
import { present, type Tampering } from '../../../openid/test/verifier/support/wallet.ts';
import { type Browser, createBrowser, type Page, qrLink, togglesOn, walletLink } from './browser.ts';

export interface World {
  readonly consortium: Consortium;
  readonly server: TestServer;
  readonly platform: Party;
  readonly operator: Party;
  readonly store: Store;
  readonly logs: string[];
  readonly bridge: Bridge;
  readonly verifier: Verifier;
  readonly clock: Clock;
  registerApp(app: Partial<App> & { clientId: string }): App;
  /** The process ends and starts again: same store, same keys, nothing else. */
  restart(options?: { readonly subjectVersion?: number }): Promise<void>;
  relyingParty(clientId: string): Promise<RelyingParty>;
  close(): Promise<void>;
}

/** @param consents in place of the bridge's own */
export async function createWorld(consents?: ConsentStore): Promise<World> {
  const server = await serve();
  const clock = createTestClock();
  const consortium = await createConsortium(clock);
  const platform = await consortium.addParty('Platform', 'platform');
  const operator = await consortium.addParty('Alpha', 'operator');
  consortium.bridges.set(platform.did, {
    did: platform.did,
    url: server.origin,
    member: platform.did,
    name: { en: 'Test Bridge', 'zh-CN': '测试登录' },
    status: 'active',
  });
  const store = createMemoryStore();
  const logs: string[] = [];
  const start = async (subjectVersion = 1) => {
    const parts = { server, consortium, platform, store, logs, subjectVersion, consents };
    const started = await startBridge(parts);
    server.mount(started.bridge.routes, started.bridge.handler);
    return started;
  };
  let running = await start();
  const world: World = {
    consortium,
    server,
    platform,
    operator,
    store,
    logs,
    clock,
    get bridge() {
      return running.bridge;
    },
    get verifier() {
      return running.verifier;
    },
    registerApp(given) {
      const app: App = {
        member: operator.did,
        name: { en: 'Corner Shop', 'zh-CN': '小店' },
        purpose: { en: 'To deliver your order', 'zh-CN': '用于送货' },
        redirectUris: [`https://${given.clientId}.example/cb`],
        postLogoutRedirectUris: [`https://${given.clientId}.example/bye`],
        claims: [],
        authentication: 'client_secret_basic',
        jwks: null,
        secretVersion: 1,
        status: 'active',
        ...given,
      };
      consortium.apps.set(app.clientId, app);
      return app;
    },
    async restart({ subjectVersion } = {}) {
      await running.bridge.close();
      running = await start(subjectVersion);
    },
    relyingParty: (clientId) => createRelyingParty(world, clientId),
    close: () => server.close(),
  };
  return world;
}

async function startBridge(parts: {
  server: TestServer;
  consortium: Consortium;
  platform: Party;
  store: Store;
  logs: string[];
  subjectVersion: number;
  consents: ConsentStore | undefined;
}): Promise<{ bridge: Bridge; verifier: Verifier }> {
  const { server, consortium, platform, store, logs } = parts;
  const shared = {
    keyStore: platform.keyStore,
    store,
    registry: consortium.registry,
    status: consortium.status,
    clock: consortium.clock,
    random: systemRandom,
    logger: recordingLogger(logs),
  };
  const verifier = createVerifier({
    ...shared,
    clientId: `decentralized_identifier:${platform.did}`,
    kid: platform.kid,
    signer: platform.signer,
    baseUrl: server.origin,
    issuerKeys: consortium.issuerKeys,
    resolver: consortium.resolver,
  });
  const bridge = await createBridge({
    ...shared,
    verifier,
    url: server.origin,
    instance: 'test',
    party: { did: platform.did, kid: platform.kid, name: { en: 'Platform', 'zh-CN': '平台' } },
    walletUrl: 'https://wallet.example',
    subjectVersion: parts.subjectVersion,
    ...(parts.consents ? { consents: parts.consents } : {}),
  });
  return { bridge, verifier };
}

function recordingLogger(lines: string[]): Logger {
  const write = (event: string, fields?: LogFields): void =>
    void lines.push(JSON.stringify({ event, ...fields }));
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  return logger;
}

export interface RelyingParty {
  readonly config: openid.Configuration;
  readonly callback: string;
  /** Begins a sign-in in a browser and returns the page the person sees. */
  begin(parameters?: Record<string, string>, browser?: Browser): Promise<Started>;
}

export interface Started {
  readonly browser: Browser;
  readonly page: Page;
  /** What the app does with the answer; throws what its library throws. */
  finish(answer: Page): Promise<{
    claims: openid.IDToken;
    idToken: string;
    userinfo: openid.UserInfoResponse;
    accessToken: string;
  }>;
}

async function createRelyingParty(world: World, clientId: string): Promise<RelyingParty> {
  const app = world.consortium.apps.get(clientId);
  const callback = app?.redirectUris[0] ?? '';
  const secret = await world.bridge.clientSecret(clientId);
  const config = await openid.discovery(
    new URL(world.server.origin),
    clientId,
    secret,
    app?.authentication === 'none' ? openid.None() : openid.ClientSecretBasic(secret),
    { execute: [openid.allowInsecureRequests] },
  );
  return {
    config,
    callback,
    async begin(parameters = {}, browser = createBrowser('https://')) {
      const verifier = openid.randomPKCECodeVerifier();
      const [state, nonce] = [openid.randomState(), openid.randomNonce()];
      const url = openid.buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope: 'openid phone',
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
        ...parameters,
      });
      return {
        browser,
        page: await browser.get(url.href),
        async finish(answer) {
          const tokens = await openid.authorizationCodeGrant(config, new URL(answer.url), {
            pkceCodeVerifier: verifier,
            expectedState: state,
            expectedNonce: nonce,
          });
          const claims = tokens.claims();
          if (!claims) throw new TypeError('no id token');
          const userinfo = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
          return { claims, idToken: tokens.id_token ?? '', userinfo, accessToken: tokens.access_token };
        },
      };
    },
  };
}

/** The wallet of this device answers, and the same browser comes back. */
export async function answerHere(
  world: World,
  started: Started,
  card: Card,
  tampering: Tampering = {},
): Promise<Page> {
  const answer = await present(walletLink(started.page), card, world.consortium.resolver, tampering);
  if (!answer.body.redirect_uri) throw new Error(`wallet was refused: ${JSON.stringify(answer.body)}`);
  return started.browser.get(answer.body.redirect_uri);
}

export const answerThere = (world: World, started: Started, card: Card, tampering: Tampering = {}) =>
  present(qrLink(started.page), card, world.consortium.resolver, tampering);

/** What a consent page says that it said, in its form. */
export const shownOn = ({ text }: Page): string => /name="shown" value="([^"]+)"/.exec(text)?.[1] ?? '';

/** Presses a button of the consent page, leaving the toggles as they are unless told otherwise. */
export function decide(
  started: Started,
  consentPage: Page,
  decision: 'share' | 'nothing' | 'cancel',
  options: { readonly claims?: readonly string[]; readonly remember?: boolean } = {},
): Promise<Page> {
  const action = /action="([^"]+\/consent)"/.exec(consentPage.text)?.[1] ?? '';
  const claims = options.claims ?? togglesOn(consentPage);
  return started.browser.submit(new URL(action, consentPage.url).href, [
    ['decision', decision],
    ['shown', shownOn(consentPage)],
    ...claims.map((claim) => ['claim', claim] as const),
    ...(options.remember ? [['remember', '1'] as const] : []),
  ]);
}
