import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpRequest, HttpResponse, Route } from '@attestel/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installerRoutes } from '../src/index.ts';

describe('routes of the installer’s page', () => {
  let distDir = '';
  beforeAll(async () => {
    distDir = await mkdtemp(join(tmpdir(), 'attestel-dist-'));
    await mkdir(join(distDir, 'assets'));
    await writeFile(join(distDir, 'index.html'), '<!doctype html>');
    for (const name of ['icon.svg', 'installer.webmanifest', 'worker.js', 'assets/index-abc.js'])
      await writeFile(join(distDir, name), 'x');
  });
  afterAll(() => rm(distDir, { recursive: true, force: true }));

  const call = async (path: string, params: Record<string, string> = {}): Promise<HttpResponse> => {
    const routes = installerRoutes({ distDir, config: { policy: 'quorum own' } });
    return (routes.find((one) => one.path === path) as Route).handle({ params } as unknown as HttpRequest);
  };

  it('let the page load and ask its own node alone, and use the camera alone', async () => {
    const { headers = {} } = await call('/installer');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers['permissions-policy']).toBe('camera=(self), microphone=(), geolocation=()');
  });

  it('let the worker keep the page, whose address is above its own', async () => {
    expect((await call('/installer/worker.js')).headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'service-worker-allowed': '/installer',
      'cache-control': 'no-cache',
    });
  });

  it('serve the policy with the page, and files by their name only', async () => {
    expect(JSON.parse(String((await call('/installer/config.json')).body))).toEqual({ policy: 'quorum own' });
    expect((await call('/installer/assets/:file', { file: 'index-abc.js' })).status).toBe(200);
    await expect(call('/installer/assets/:file', { file: '../worker.js' })).rejects.toMatchObject({
      code: 'asset_not_found',
    });
  });
});
