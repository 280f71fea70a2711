import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpRequest, HttpResponse, Route } from '@attestel/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walletRoutes } from '../src/index.ts';

describe('routes of the browser wallet', () => {
  let distDir = '';
  beforeAll(async () => {
    distDir = await mkdtemp(join(tmpdir(), 'attestel-dist-'));
    await mkdir(join(distDir, 'assets'));
    await writeFile(join(distDir, 'index.html'), '<!doctype html>');
    await writeFile(join(distDir, 'favicon.svg'), '<svg/>');
    await writeFile(join(distDir, 'wallet.webmanifest'), '{}');
    await writeFile(join(distDir, 'assets', 'index-abc.js'), 'let a');
    await writeFile(join(distDir, '.built-from'), 'secret');
  });
  afterAll(() => rm(distDir, { recursive: true, force: true }));

  const config = { endpoint: 'https://node.example', operators: [] };
  const call = async (
    path: string,
    params: Record<string, string> = {},
    with_ = config,
  ): Promise<HttpResponse> => {
    const route = walletRoutes({ distDir, config: with_ }).find((one) => one.path === path) as Route;
    return route.handle({ params } as unknown as HttpRequest);
  };

  it('serve one page under every address of the wallet', async () => {
    for (const path of ['/', '/add', '/present', '/cards/:id', '/history', '/about']) {
      const { status, headers, body } = await call(path);
      expect(status).toBe(200);
      expect(String(body)).toBe('<!doctype html>');
      expect(headers?.['referrer-policy']).toBe('no-referrer');
    }
  });

  it('forbid inline code, foreign origins, frames and evaluation', async () => {
    const policy = String((await call('/')).headers?.['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('http:');
  });

  it('allow plain http to this machine only where the node itself is on it', async () => {
    const local = await call('/', {}, { endpoint: 'http://localhost:4101', operators: [] });
    expect(local.headers?.['content-security-policy']).toContain(
      "connect-src 'self' https: http://localhost:*",
    );
  });

  it('serve assets to be kept for ever, with their type', async () => {
    const { headers, body } = await call('/assets/:file', { file: 'index-abc.js' });
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(Buffer.from(body as Uint8Array).toString()).toBe('let a');
    expect((await call('/favicon.svg')).headers?.['content-type']).toBe('image/svg+xml');
    expect((await call('/wallet.webmanifest')).headers?.['content-type']).toBe('application/manifest+json');
  });

  it.each(['../index.html', '..%2f.built-from', '.built-from', 'other.js', 'x.html', '', '/etc/passwd'])(
    'serve nothing else: %s',
    async (file) => {
      await expect(call('/assets/:file', { file })).rejects.toMatchObject({
        code: 'asset_not_found',
        status: 404,
      });
    },
  );

  it('serve the configuration', async () => {
    expect(JSON.parse(String((await call('/config.json')).body))).toEqual(config);
  });
});
