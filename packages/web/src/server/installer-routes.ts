import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, type HttpResponse, json, type Route } from '@attestel/core';
import { fileAnswer, getRoute, readAssets } from './files.ts';

/** What the installer's page reads from `/installer/config.json`. */
export interface InstallerConfig {
  /** Whose cosignatures make the ledger's checkpoints count (C2SP tlog-policy): the page holds every node to it. */
  readonly policy: string;
}

/**
 * Routes of the page on which an installer checks a device, at a node that serves proofs of certificates. All files are
 * read here, so that a later build cannot mix with this one.
 */
export function installerRoutes(options: { distDir: string; config: InstallerConfig }): Route[] {
  const { distDir, config } = options;
  const index = readFileSync(join(distDir, 'index.html'));
  const assets = readAssets(join(distDir, 'assets'));
  const page = (): HttpResponse => ({
    status: 200,
    headers: { ...PAGE_HEADERS, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
    body: index,
  });
  const one = (name: string, cacheControl: string, headers: Readonly<Record<string, string>> = {}): Route => {
    const answer = fileAnswer(name, readFileSync(join(distDir, name)), cacheControl);
    return getRoute(`/installer/${name}`, 'Asset of the installer’s page', () => ({
      ...answer,
      headers: { ...answer.headers, ...headers },
    }));
  };
  return [
    getRoute('/installer', 'Page on which an installer checks a device', page),
    getRoute('/installer/config.json', 'Configuration of the installer’s page', () =>
      json(config, 200, { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' }),
    ),
    getRoute('/installer/assets/:file', 'Assets of the installer’s page', ({ params }) => {
      const body = assets.get(params.file ?? '');
      if (!body) throw new AppError('asset_not_found', { kind: 'not-found', message: 'no such file' });
      return fileAnswer(params.file ?? '', body, 'public, max-age=31536000, immutable');
    }),
    // Above its own folder: the page's address has no slash at its end.
    one('worker.js', 'no-cache', { 'service-worker-allowed': '/installer' }),
    one('icon.svg', 'public, max-age=3600'),
    one('installer.webmanifest', 'public, max-age=3600'),
  ];
}

/** The page loads its own files and asks its own node; of the device it may use the camera alone. */
const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "manifest-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types installer',
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
};
