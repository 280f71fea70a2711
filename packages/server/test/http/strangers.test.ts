import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { json, silentLogger, systemRandom } from '@attestel/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpServer, type HttpServerOptions, startHttpServer } from '../../src/http/http-server.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { createTokenBuckets } from '../../src/http/token-buckets.ts';

/** Where requests seem to come from; undefined leaves them where they are from, which is loopback. */
let peer: string | undefined;
const open: HttpServer[] = [];

/** Runs before the server's own handler sees the request. */
const disguise = (message: unknown): void => {
  const { socket } = message as { socket: object };
  if (peer) Object.defineProperty(socket, 'remoteAddress', { value: peer, configurable: true });
};

beforeEach(() => {
  peer = undefined;
  subscribe('http.server.request.start', disguise);
});
afterEach(async () => {
  unsubscribe('http.server.request.start', disguise);
  for (const server of open.splice(0)) await server.close();
});

async function serve(options: Partial<HttpServerOptions> = {}) {
  const route = { summary: 'x', errors: 'oauth', cors: true, handle: () => json({}) } as const;
  const server = await startHttpServer({
    origin: 'http://id.example',
    host: '127.0.0.1',
    port: 0,
    routes: [
      { ...route, method: 'POST', path: '/nonce' },
      { ...route, method: 'GET', path: '/openid4vp/requests/:id' },
      { ...route, method: 'GET', path: '/credential-offers' },
    ],
    fallback: (_req, res) => void res.end('provider'),
    logger: silentLogger,
    metrics: createMetrics('test'),
    random: systemRandom,
    ready: () => true,
    ...options,
  });
  open.push(server);
  return (path: string, init: RequestInit = {}) =>
    // A connection each, so that each has the address of its time.
    fetch(`http://127.0.0.1:${server.port}${path}`, {
      ...init,
      headers: { connection: 'close', ...init.headers },
    });
}

const two = () => createTokenBuckets({ perSecond: 0.1, burst: 2 }, { now: () => 0 });

describe('requests of one address for sign-in and issuing', () => {
  it('are counted together, in any spelling that a path is taken in, and then refused', async () => {
    const get = await serve({ requests: two() });
    peer = '203.0.113.7';
    expect((await get('/AUTH?client_id=x')).status).toBe(200);
    expect((await get('/nonce', { method: 'POST' })).status).toBe(200);
    const paths = [
      '/auth',
      '/auth/resume',
      '/request',
      '/token',
      '/token/revocation',
      '/openid4vp/requests/1',
      '/session/end',
      '/interaction/abc?again=1',
      '/interaction/abc/?elsewhere',
    ];
    for (const path of [...paths, '/nonce', '/credential', '/Token?x=1']) {
      expect([path, (await get(path, { method: 'POST' })).status]).toEqual([path, 429]);
    }
    peer = '203.0.113.8';
    expect((await get('/auth')).status).toBe(200);
  });

  it('get an OAuth error that says when to come again, readable to wallets', async () => {
    const get = await serve({ requests: two() });
    peer = '203.0.113.7';
    await get('/token');
    await get('/token');
    const refused = await get('/token');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(refused.headers.get('content-type')).toContain('application/json');
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    expect(await refused.json()).toMatchObject({ error: 'temporarily_unavailable' });
  });

  it('leave other paths and preflights alone', async () => {
    const get = await serve({ requests: two() });
    peer = '203.0.113.7';
    for (let count = 0; count < 4; count++) await get('/token');
    for (const path of [
      '/credential-offers',
      '/tokens',
      '/healthz',
      '/interaction/auth',
      '/interaction/a/state?x',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 200]);
    }
    expect((await get('/nonce', { method: 'OPTIONS' })).status).toBe(204);
  });

  it('are not limited on this machine, nor where the limit is 0', async () => {
    const here = await serve({ requests: two() });
    for (let count = 0; count < 4; count++) expect((await here('/token')).status).toBe(200);
    const off = await serve({ requests: createTokenBuckets({ perSecond: 0, burst: 1 }, { now: () => 0 }) });
    peer = '203.0.113.7';
    for (let count = 0; count < 4; count++) expect((await off('/token')).status).toBe(200);
  });
});

describe('metrics', () => {
  it('are for this machine, and to others a path that does not exist', async () => {
    const get = await serve();
    expect((await get('/metrics')).status).toBe(200);
    expect((await get('/metrics', { headers: { 'x-forwarded-for': '203.0.113.7' } })).status).toBe(404);
    peer = '203.0.113.7';
    const refused = await get('/metrics', { headers: { 'x-forwarded-for': '127.0.0.1' } });
    expect(refused.status).toBe(404);
    expect(await refused.json()).toMatchObject({ code: 'path_unknown' });
    expect((await get('/metrics', { method: 'HEAD' })).status).toBe(404);
    expect((await get('/metrics/')).status).toBe(404);
    expect((await get('/healthz')).status).toBe(200);
  });

  it('are for everybody where the configuration says so', async () => {
    const get = await serve({ publicMetrics: true });
    peer = '203.0.113.7';
    expect(await (await get('/metrics')).text()).toContain('attestel_http_requests_total');
  });
});
