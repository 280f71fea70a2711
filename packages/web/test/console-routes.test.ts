import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpRequest, HttpResponse, Route } from '@attestel/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleRoutes } from '../src/index.ts';

const config = { policy: 'quorum own', did: 'did:mno:a', name: { 'zh-CN': '甲', en: 'A' }, modules: [] };

describe('routes of the console', () => {
  let distDir = '';
  beforeAll(async () => {
    distDir = await mkdtemp(join(tmpdir(), 'attestel-dist-'));
    await mkdir(join(distDir, 'assets'));
    await writeFile(join(distDir, 'index.html'), '<!doctype html>');
    for (const name of ['icon.svg', 'assets/index-abc.js']) await writeFile(join(distDir, name), 'x');
  });
  afterAll(() => rm(distDir, { recursive: true, force: true }));

  const call = async (path: string, params: Record<string, string> = {}): Promise<HttpResponse> => {
    const routes = consoleRoutes({ distDir, config });
    return (routes.find((one) => one.path === path) as Route).handle({ params } as unknown as HttpRequest);
  };

  it.each(['/console', '/console/modules/:module', '/console/objects/:module/:id', '/console/boards/:board'])(
    'let the page at %s load and ask its own node alone',
    async (path) => {
      const { headers = {} } = await call(path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("connect-src 'self';");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers['referrer-policy']).toBe('no-referrer');
    },
  );

  it('serve the policy with the page, and files by their name only', async () => {
    expect(JSON.parse(String((await call('/console/config.json')).body))).toEqual(config);
    expect((await call('/console/assets/:file', { file: 'index-abc.js' })).status).toBe(200);
    await expect(call('/console/assets/:file', { file: '../icon.svg' })).rejects.toMatchObject({
      code: 'asset_not_found',
    });
  });
});
