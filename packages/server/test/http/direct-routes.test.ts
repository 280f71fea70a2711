import { AppError, json, type Route, silentLogger, systemRandom } from '@attestel/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpServer, startHttpServer } from '../../src/http/http-server.ts';
import { createMetrics } from '../../src/http/metrics.ts';

const metrics = createMetrics('test');
let server: HttpServer;
let url: string;

const route = (path: string): Route => ({
  method: 'GET',
  path,
  summary: 'x',
  errors: 'problem',
  cors: true,
  handle({ params, url: asked, headers, raw }) {
    if (params.rest === 'wrong') throw new AppError('wrong', { kind: 'conflict', message: 'is wrong' });
    if (params.rest === 'broken') throw new Error('secret');
    const express = (raw?.req as { app?: unknown } | undefined)?.app !== undefined;
    return json({ params, search: asked.search, accept: headers.accept, express });
  },
});

beforeAll(async () => {
  server = await startHttpServer({
    origin: 'http://id.example',
    host: '127.0.0.1',
    port: 0,
    routes: [route('/direct/*rest'), route('/routed/:rest')],
    logger: silentLogger,
    metrics,
    random: systemRandom,
    ready: () => true,
  });
  url = `http://127.0.0.1:${server.port}`;
});
afterAll(() => server.close());

describe('a GET route of a prefix and a rest', () => {
  it('answers without Express as one with it does', async () => {
    const ask = async (path: string) => {
      const response = await fetch(`${url}${path}`, { headers: { accept: 'text/x' } });
      const { express, ...body } = (await response.json()) as { express: boolean };
      const names = [...response.headers.keys()].filter((name) => !['date', 'content-length'].includes(name));
      return { express, body, names, status: response.status };
    };
    const direct = await ask('/direct/did%3Amno%3Ax?a=%26');
    expect(direct).toEqual({ ...(await ask('/routed/did%3Amno%3Ax?a=%26')), express: false });
    expect(direct.body).toEqual({ params: { rest: 'did:mno:x' }, search: '?a=%26', accept: 'text/x' });
    expect(direct.names).toContain('x-correlator');
  });

  it('takes all that is left of the path', async () => {
    expect(await (await fetch(`${url}/direct/a/b%2Fc`)).json()).toMatchObject({ params: { rest: 'a/b/c' } });
  });

  it.each([
    ['/direct/wrong', 409, 'wrong'],
    ['/direct/broken', 500, 'internal'],
  ])('turns errors into its own: %s', async (path, status, code) => {
    const response = await fetch(`${url}${path}`);
    const text = await response.text();
    expect({ status: response.status, code: JSON.parse(text).code }).toEqual({ status, code });
    expect(text).not.toContain('secret');
  });

  it('refuses what is not percent-encoded rightly, and leaves an empty rest to nobody', async () => {
    expect((await fetch(`${url}/direct/%E0%A4%A`)).status).toBe(400);
    expect((await fetch(`${url}/direct/`)).status).toBe(404);
  });

  it('answers HEAD and preflights as before, and counts under its own path', async () => {
    expect((await fetch(`${url}/direct/x`, { method: 'HEAD' })).status).toBe(200);
    const preflight = await fetch(`${url}/direct/x`, { method: 'OPTIONS' });
    expect(preflight.headers.get('access-control-expose-headers')).toContain('attestel-receipt');
    expect(await metrics.registry.metrics()).toContain('route="/direct/*rest"');
  });
});
