import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, type HttpResponse, type JsonValue, json, type Route } from '@attestel/core';
import { fileAnswer, getRoute, readAssets } from './files.ts';

interface Text {
  readonly 'zh-CN': string;
  readonly en: string;
}

type Schema = { readonly [keyword: string]: JsonValue };

/** What the console shows of a module: as it declares itself. */
export interface ConsoleModule {
  /** `name@version`. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** `chaincodeID`, hex. */
  readonly digest: string;
  readonly summary: Text;
  readonly commands: {
    readonly [name: string]: {
      readonly summary: Text;
      /** JSON Schema 2020-12. */
      readonly schema: Schema;
      readonly on: 'new' | 'existing' | 'either';
    };
  };
  readonly events: { readonly [type: string]: Schema };
  readonly queries: readonly string[];
}

/** What the console reads from `/console/config.json`: nothing of it is secret. */
export interface ConsoleConfig {
  /** Whose cosignatures make the ledger's checkpoints count (C2SP tlog-policy): the page holds its node to it. */
  readonly policy: string;
  /** Member whose node this is. */
  readonly name: Text;
  readonly modules: readonly ConsoleModule[];
}

const PAGES: readonly (readonly [path: string, summary: string])[] = [
  ['/console', 'Console: modules'],
  ['/console/modules/:module', 'Console: objects of a module'],
  ['/console/objects/:module/:id', 'Console: one object, its history and receipts'],
  ['/console/boards/:board', 'Console: a board of a scenario'],
];

/** Pages and files of the console for staff. All files are read here, so that a later build cannot mix with this one. */
export function consoleRoutes(options: { distDir: string; config: ConsoleConfig }): Route[] {
  const { distDir, config } = options;
  const index = readFileSync(join(distDir, 'index.html'));
  const icon = readFileSync(join(distDir, 'icon.svg'));
  const assets = readAssets(join(distDir, 'assets'));
  const page = (): HttpResponse => ({
    status: 200,
    headers: { ...PAGE_HEADERS, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
    body: index,
  });
  return [
    ...PAGES.map(([path, summary]) => getRoute(path, summary, page)),
    getRoute('/console/config.json', 'Configuration of the console', () =>
      json(config, 200, { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' }),
    ),
    getRoute('/console/icon.svg', 'Asset of the console', () =>
      fileAnswer('icon.svg', icon, 'public, max-age=3600'),
    ),
    getRoute('/console/assets/:file', 'Assets of the console', ({ params }) => {
      const body = assets.get(params.file ?? '');
      if (!body) throw new AppError('asset_not_found', { kind: 'not-found', message: 'no such file' });
      return fileAnswer(params.file ?? '', body, 'public, max-age=31536000, immutable');
    }),
  ];
}

/** The page loads its own files and asks its own node, and uses nothing of the device. */
const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};
