import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpResponse, JsonValue, Route } from '@attestel/core';
import { fileAnswer, getRoute } from './files.ts';
import { assetsRoute, configRoute, pageHeaders } from './page-parts.ts';

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
  /** Organisation whose node this is: the registry knows members by name, and no branch of one. */
  readonly did: string;
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
  const page = (): HttpResponse => ({
    status: 200,
    headers: { ...PAGE_HEADERS, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
    body: index,
  });
  return [
    ...PAGES.map(([path, summary]) => getRoute(path, summary, page)),
    configRoute('/console', 'the console', config),
    getRoute('/console/icon.svg', 'Asset of the console', () =>
      fileAnswer('icon.svg', icon, 'public, max-age=3600'),
    ),
    assetsRoute('/console', 'the console', distDir),
  ];
}

/** It uses nothing of the device. */
const PAGE_HEADERS = pageHeaders({ permissions: 'camera=(), microphone=(), geolocation=()' });
