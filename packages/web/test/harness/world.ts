import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json, type Route } from '@attestel/core';
import { resolverRoutes } from '@attestel/did';
import { type Browser, chromium, type Page } from 'playwright-core';
import { setup } from '../../../openid/test/wallet/fakes/setup.ts';
import { buildWallet, walletRoutes } from '../../src/index.ts';
import { serveHandler, serveRoutes, startServer } from './serve.ts';

export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** The machine's network is closed: without these flags Chromium keeps trying to leave it. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The built wallet at an origin of its own, beside an operator, a bridge and a node made by hand. */
export async function startWorld() {
  const outDir = await mkdtemp(join(tmpdir(), 'attestel-wallet-'));
  const distDir = await buildWallet({ outDir: join(outDir, 'dist') });
  const servers = await Promise.all(Array.from({ length: 4 }, startServer));
  const [issuer, bridge, node, web] = servers as [Server, Server, Server, Server];
  const clock = {
    now: () => Date.now(),
    seconds: () => Math.floor(Date.now() / 1000),
    advance: () => undefined,
  };
  const parties = setup({ issuerOrigin: issuer.origin, bridgeOrigin: bridge.origin, clock });
  issuer.handle(serveHandler(issuer.origin, parties.issuer.handler));
  bridge.handle(serveHandler(bridge.origin, withDonePage(parties.verifier.handler)));
  node.handle(
    serveRoutes(node.origin, [...resolverRoutes(parties.resolver), ...registryRoutes(parties.registry)]),
  );
  const addUrl = `${issuer.origin}/my`;
  const operators = [{ did: parties.operator.did, name: { 'zh-CN': '中联', en: 'Zhonglian' }, addUrl }];
  web.handle(
    serveRoutes(web.origin, walletRoutes({ distDir, config: { endpoint: node.origin, operators } })),
  );
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
  return {
    ...parties,
    origin: web.origin,
    browser,
    person: (options: PersonOptions = {}) => newPerson(browser, options),
    /** The link with which an app opens this wallet. */
    here: (link: string, path: '/add' | '/present') => `${web.origin}${path}${new URL(link).search}`,
    async close() {
      await browser.close();
      await Promise.all(servers.map((server) => server.close()));
      await rm(outDir, { recursive: true, force: true });
    },
  };
}

type Server = Awaited<ReturnType<typeof startServer>>;
type Parties = ReturnType<typeof setup>;

/** The page the bridge sends the browser back to, and the operator's page. */
const withDonePage =
  (inner: Parties['verifier']['handler']): Parties['verifier']['handler'] =>
  (request) =>
    request.url.pathname === '/done'
      ? new Response('<!doctype html><title>done</title><h1 id="done">Back at the bridge</h1>', {
          headers: { 'content-type': 'text/html' },
        })
      : inner(request);

function registryRoutes(registry: Parties['registry']): Route[] {
  const one = (kind: 'issuer' | 'bridge' | 'app' | 'member'): Route => ({
    method: 'GET',
    path: `/v1/registry/${kind}s/:id`,
    summary: kind,
    errors: 'problem',
    cors: true,
    handle: async ({ params }) => {
      const found = await registry[kind](params.id ?? '');
      return found === undefined ? json({}, 404) : json(found);
    },
  });
  const issuers: Route = {
    method: 'GET',
    path: '/v1/registry/issuers',
    summary: 'issuers',
    errors: 'problem',
    cors: true,
    handle: async () => json(await registry.issuers()),
  };
  return [issuers, one('issuer'), one('bridge'), one('app'), one('member')];
}

export interface PersonOptions {
  readonly locale?: 'en-US' | 'zh-CN';
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
}

/** A browser profile of its own, with everything written down that should not happen. */
async function newPerson(browser: Browser, options: PersonOptions) {
  const context = await browser.newContext({
    locale: options.locale ?? 'en-US',
    colorScheme: options.dark ? 'dark' : 'light',
    viewport: { width: options.width ?? 390, height: options.height ?? 844 },
  });
  context.setDefaultTimeout(60_000);
  const page: Page = await context.newPage();
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => {
    // A 400 with a DPoP nonce is part of the protocol; policy violations and script errors are not.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) wrong.push(message.text());
  });
  return { page, context, wrong };
}
