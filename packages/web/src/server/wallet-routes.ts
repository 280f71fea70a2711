import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpResponse, Route } from '@attestel/core';
import { fileAnswer, getRoute } from './files.ts';
import { assetsRoute, configRoute, pageHeaders } from './page-parts.ts';

/** An operator's page where its customers get their card. */
export interface WalletOperator {
  readonly did: string;
  readonly name: { readonly 'zh-CN': string; readonly en: string };
  readonly addUrl: string;
}

/** What the browser wallet reads from `/config.json`. */
export interface WalletConfig {
  /** URL of the node whose resolver and registry the wallet believes. */
  readonly endpoint: string;
  readonly operators: readonly WalletOperator[];
  readonly network?: string;
  /** Whose cosignatures make the ledger's checkpoints count (C2SP tlog-policy): the wallet holds the node to it. */
  readonly policy?: string | undefined;
}

const PAGES: readonly (readonly [path: string, summary: string])[] = [
  ['/', 'Browser wallet: cards'],
  ['/add', 'Browser wallet: accept a credential offer'],
  ['/present', 'Browser wallet: answer a presentation request'],
  ['/cards/:id', 'Browser wallet: one card'],
  ['/history', 'Browser wallet: history'],
  ['/about', 'Browser wallet: what a browser can lose and how to restore it'],
];

/**
 * Routes of the browser wallet, to be mounted at an origin of its own. All files are read here, so that a
 * later build cannot mix with this one.
 */
export function walletRoutes(options: { distDir: string; config: WalletConfig }): Route[] {
  const { distDir, config } = options;
  const index = readFileSync(join(distDir, 'index.html'));
  const headers = headersFor(config.endpoint);
  const page = (): HttpResponse => ({
    status: 200,
    headers: { ...headers, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
    body: index,
  });
  return [
    ...PAGES.map(([path, summary]) => getRoute(path, summary, page)),
    configRoute('', 'the browser wallet', config),
    assetsRoute('', 'the browser wallet', distDir),
    ...['favicon.svg', 'wallet.webmanifest'].map((name) => {
      const body = readFileSync(join(distDir, name));
      return getRoute(`/${name}`, 'Asset of the browser wallet', () =>
        fileAnswer(name, body, 'public, max-age=3600'),
      );
    }),
  ];
}

/**
 * The page may load only its own files and talk to https servers (and, where the node itself is on plain
 * http, to this machine): operators and bridges are not known beforehand, and the engine checks each
 * against the registry.
 */
const headersFor = (endpoint: string): Readonly<Record<string, string>> =>
  pageHeaders({
    directives: ["manifest-src 'self'"],
    connects: [
      'https:',
      ...(endpoint.startsWith('http:') ? ['http://localhost:*', 'http://127.0.0.1:*'] : []),
    ],
    permissions: 'camera=(), microphone=(), geolocation=()',
  });
