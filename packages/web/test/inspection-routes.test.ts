import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpRequest, Route } from '@attestel/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectionRoutes } from '../src/index.ts';

const CONFIG = {
  ...{ audience: 'https://node.example', channel: 'zhonglian/gd', module: 'device.inspection@1' },
  member: { 'zh-CN': '中联', en: 'Zhonglian' },
};

describe('routes of the inspector’s page', () => {
  let distDir = '';
  beforeAll(async () => {
    distDir = await mkdtemp(join(tmpdir(), 'attestel-dist-'));
    await mkdir(join(distDir, 'assets'));
    await writeFile(join(distDir, 'index.html'), '<!doctype html>');
    for (const name of ['icon.svg', 'inspection.webmanifest', 'worker.js'])
      await writeFile(join(distDir, name), 'x');
  });
  afterAll(() => rm(distDir, { recursive: true, force: true }));

  const call = async (path: string) => {
    const routes = inspectionRoutes({ distDir, config: CONFIG });
    return (routes.find((one) => one.path === path) as Route).handle({
      params: {},
    } as unknown as HttpRequest);
  };

  it('let the page ask its own node alone, use camera and position, and show photos of its own', async () => {
    const { headers = {} } = await call('/inspect');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).toContain("img-src 'self' blob:;");
    expect(policy).toContain('trusted-types inspect');
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers['permissions-policy']).toBe('camera=(self), microphone=(), geolocation=(self)');
  });

  it('let the worker keep the page, and serve what the page needs to know', async () => {
    expect((await call('/inspect/worker.js')).headers).toMatchObject({
      'service-worker-allowed': '/inspect',
    });
    expect(JSON.parse(String((await call('/inspect/config.json')).body))).toEqual(CONFIG);
  });
});
