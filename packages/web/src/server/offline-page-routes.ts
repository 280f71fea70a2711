import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpResponse, Route } from '@attestel/core';
import { fileAnswer, getRoute } from './files.ts';
import { assetsRoute, configRoute, pageHeaders } from './page-parts.ts';

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
  const { distDir, path, of, config, manifest, images, permissions } = page;
  const index = readFileSync(join(distDir, 'index.html'));
  const headers = pageHeaders({
    directives: ["worker-src 'self'", "manifest-src 'self'"],
    ...(images ? { images } : {}),
    // Of the worker's address.
    trustedTypes: path.slice(1),
    permissions,
  });
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
    configRoute(path, of, config),
    assetsRoute(path, of, distDir),
    // Above its own folder: the page's address has no slash at its end.
    one('worker.js', 'no-cache', { 'service-worker-allowed': path }),
    one('icon.svg', 'public, max-age=3600'),
    one(manifest, 'public, max-age=3600'),
  ];
}
