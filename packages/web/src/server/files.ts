import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpResponse, Route } from '@attestel/core';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  webmanifest: 'application/manifest+json',
};

export const getRoute = (path: string, summary: string, handle: Route['handle']): Route => ({
  method: 'GET',
  path,
  summary,
  errors: 'html',
  handle,
});

/** Files of a folder by name, as far as their kind is one that pages load. */
export function readAssets(folder: string): ReadonlyMap<string, Buffer> {
  const names = readdirSync(folder).filter((name) => MEDIA_TYPES[extensionOf(name)] !== undefined);
  return new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
}

const extensionOf = (name: string): string => name.split('.').at(-1) ?? '';

export const fileAnswer = (name: string, body: Buffer, cacheControl: string): HttpResponse => ({
  status: 200,
  headers: {
    'content-type': MEDIA_TYPES[extensionOf(name)] ?? 'application/octet-stream',
    'cache-control': cacheControl,
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  },
  body,
});
