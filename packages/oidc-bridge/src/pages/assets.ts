import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Route } from '@attestel/core';

interface Asset {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

// The same place seen from src/ and from dist/.
const load = (name: string, type: string): Asset => {
  const text = readFileSync(new URL(`../../assets/${name}`, import.meta.url), 'utf8');
  const version = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { path: `/assets/${version}/${name}`, type, text };
};

export const stylesheet = load('bridge.css', 'text/css; charset=utf-8');
export const liveScript = load('live.js', 'text/javascript; charset=utf-8');

/** Files of the pages, under names that change with their content. */
export const assetRoutes = (): Route[] =>
  [stylesheet, liveScript].map((asset) => ({
    method: 'GET',
    path: asset.path,
    summary: 'File of the sign-in pages',
    errors: 'problem',
    handle: () => ({
      status: 200,
      headers: { 'content-type': asset.type, 'cache-control': 'public, max-age=31536000, immutable' },
      body: asset.text,
    }),
  }));
