import { join } from 'node:path';
import { AppError, json, type Route } from '@attestel/core';
import { fileAnswer, getRoute, readAssets } from './files.ts';

/** What a page may do, beside loading its own files and asking its own node. */
export interface PagePolicy {
  /** Further directives of its content security policy. */
  readonly directives?: readonly string[];
  /** Sources of images, and where it may connect to, beside its own origin. */
  readonly images?: readonly string[];
  readonly connects?: readonly string[];
  /** Name of its policy of trusted types; default: it has none. */
  readonly trustedTypes?: string;
  /** Value of `permissions-policy`: what it may use of the device. */
  readonly permissions: string;
}

const OWN = "'self'";

/** Headers of a page: the strictest that it works under. Addresses can hold secrets, so that nobody is told them. */
export const pageHeaders = (policy: PagePolicy): Readonly<Record<string, string>> => ({
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    ...(policy.directives ?? []),
    ['img-src', OWN, ...(policy.images ?? [])].join(' '),
    ['connect-src', OWN, ...(policy.connects ?? [])].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${policy.trustedTypes ?? "'none'"}`,
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': policy.permissions,
});

/** What a page reads first. @param of whose it is, in summaries of routes */
export const configRoute = (path: string, of: string, config: object): Route =>
  getRoute(`${path}/config.json`, `Configuration of ${of}`, () =>
    json(config, 200, { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' }),
  );

/** Its files, whose names change with their content. No name from an address reaches the file system. */
export function assetsRoute(path: string, of: string, distDir: string): Route {
  const assets = readAssets(join(distDir, 'assets'));
  return getRoute(`${path}/assets/:file`, `Assets of ${of}`, ({ params }) => {
    const { file = '' } = params;
    const body = assets.get(file);
    if (!body) throw new AppError('asset_not_found', { kind: 'not-found', message: 'no such file' });
    return fileAnswer(file, body, 'public, max-age=31536000, immutable');
  });
}
