import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, type HttpResponse, json, type Route } from '@attestel/core';
import { fileAnswer, getRoute, readAssets } from './files.ts';

export interface OfflinePage {
  readonly distDir: string;
  /** Path of the page, such as `/installer`; its files are below it. */
  readonly path: `/${string}`;
  /** Of what: in summaries of routes. */
  readonly of: string;
  readonly config: object;
  readonly manifest: string;
  /** Sources of images beside the page's own files. */
  readonly images?: readonly string[];
  /** Value of `permissions-policy`: what the page may use of the device. */
  readonly permissions: string;
}

/**
 * Routes of a page that opens without a network, too. All files are read here, so that a later build cannot mix with this
 * one.
 */
export function offlinePageRoutes(page: OfflinePage): Route[] {
  const { distDir, path, of, config, manifest } = page;
  const index = readFileSync(join(distDir, 'index.html'));
  const assets = readAssets(join(distDir, 'assets'));
  const headers = pageHeaders(page);
  const document = (): HttpResponse => ({
    status: 200,
    headers: { ...headers, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
    body: index,
  });
  const one = (name: string, cacheControl: string, more: Readonly<Record<string, string>> = {}): Route => {
    const answer = fileAnswer(name, readFileSync(join(distDir, name)), cacheControl);
    return getRoute(`${path}/${name}`, `Asset of ${of}`, () => ({
      ...answer,
      headers: { ...answer.headers, ...more },
    }));
  };
  return [
    getRoute(path, `Page: ${of}`, document),
    getRoute(`${path}/config.json`, `Configuration of ${of}`, () =>
      json(config, 200, { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' }),
    ),
    getRoute(`${path}/assets/:file`, `Assets of ${of}`, ({ params }) => {
      const body = assets.get(params.file ?? '');
      if (!body) throw new AppError('asset_not_found', { kind: 'not-found', message: 'no such file' });
      return fileAnswer(params.file ?? '', body, 'public, max-age=31536000, immutable');
    }),
    // Above its own folder: the page's address has no slash at its end.
    one('worker.js', 'no-cache', { 'service-worker-allowed': path }),
    one('icon.svg', 'public, max-age=3600'),
    one(manifest, 'public, max-age=3600'),
  ];
}

/** The page loads its own files and asks its own node. */
const pageHeaders = ({ path, images = [], permissions }: OfflinePage): Readonly<Record<string, string>> => ({
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    ["img-src 'self'", ...images].join(' '),
    "manifest-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${path.slice(1)}`,
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': permissions,
});
