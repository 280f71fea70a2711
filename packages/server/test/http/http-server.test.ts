import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { request, type Server } from 'node:http';
import { AppError, json, type Logger, type Route, silentLogger, systemRandom } from '@attestel/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpServer, type NodeHandler, startHttpServer } from '../../src/http/http-server.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import type { Throttled } from '../../src/http/throttle.ts';
import { createTokenBuckets } from '../../src/http/token-buckets.ts';

const open: HttpServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(
  routes: readonly Route[],
  options: { logger?: Logger; fallback?: NodeHandler; throttled?: readonly Throttled[] } = {},
): Promise<string> {
  const origin = 'http://id.example';
  const common = {
    logger: silentLogger,
    ...options,
    metrics: createMetrics('test'),
    random: systemRandom,
    ready: () => true,
  };
  const server = await startHttpServer({ origin, host: '127.0.0.1', port: 0, routes, ...common });
  open.push(server);
  return `http://127.0.0.1:${server.port}`;
}

const route = (part: Partial<Route>): Route => ({
  method: 'GET',
  path: '/x',
  summary: 'x',
  errors: 'problem',
  handle: () => json({}),
  ...part,
});

describe('limits by client address', () => {
  it('count what a POST is about to send, before it is read, on the path named only', async () => {
    let handled = 0;
    const handle = () => {
      handled += 1;
      return json({});
    };
    const url = await serve(
      [
        route({ method: 'POST', path: '/costly', handle }),
        route({ method: 'POST', path: '/other', handle }),
        route({ path: '/costly', handle }),
      ],
      {
        throttled: [
          { path: '/costly', buckets: createTokenBuckets({ perSecond: 1, burst: 3 }, { now: () => 0 }) },
        ],
      },
    );
    const post = (path: string, bytes: number) =>
      fetch(`${url}${path}`, { method: 'POST', body: new Uint8Array(bytes) });
    expect((await post('/costly', 1500)).status).toBe(200);
    const refused = await post('/costly', 1500);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(await refused.json()).toMatchObject({ code: 'too_many_requests', status: 429 });
    expect(handled).toBe(1);
    expect((await post('/costly', 1)).status).toBe(200);
    expect((await post('/costly', 0)).status).toBe(429);
    expect((await post('/other', 9000)).status).toBe(200);
    expect((await fetch(`${url}/costly`)).status).toBe(200);
  });
});

describe('HTTP server', () => {
  it('hands paths that no route can match to the fallback, with headers and body untouched', async () => {
    const seen: (string | undefined)[] = [];
    const fallback: NodeHandler = (req, res) => {
      seen.push(req.url);
      res.end('fallback');
    };
    const url = await serve([route({ path: '/ids/:id' }), route({ path: '/x' })], { fallback });
    for (const path of ['/auth?x=1', '/', '/xx', '/ids', '/ids/a/b', '/X', '/%69ds/a']) {
      const response = await fetch(`${url}${path}`);
      expect([path, await response.text()]).toEqual([path, 'fallback']);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('x-correlator')).toMatch(/^[0-9a-f]{24}$/);
    }
    expect(seen[0]).toBe('/auth?x=1');
    for (const path of ['/x', '/x/', '/x?y', '/ids/a'])
      expect([path, await (await fetch(`${url}${path}`)).text()]).toEqual([path, '{}']);
  });

  it('tries every route where one leaves the first segment open', async () => {
    const fallback: NodeHandler = (_req, res) => void res.end('fallback');
    const url = await serve([route({ path: '/:any' })], { fallback });
    expect(await (await fetch(`${url}/auth`)).text()).toBe('{}');
  });

  it('answers 500 when the fallback throws, and says nothing about it', async () => {
    const fallback: NodeHandler = () => {
      throw new Error('secret text');
    };
    const response = await fetch(`${await serve([], { fallback })}/auth`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });

  it('says that a port is taken, and which [port_in_use]', async () => {
    await serve([]);
    const taken = open.at(-1)?.port as number;
    const common = {
      logger: silentLogger,
      metrics: createMetrics('test'),
      random: systemRandom,
      ready: () => true,
    };
    const second = startHttpServer({
      origin: 'http://id.example',
      host: '127.0.0.1',
      port: taken,
      routes: [],
      ...common,
    });
    await expect(second).rejects.toMatchObject({
      code: 'port_in_use',
      field: `127.0.0.1:${taken}`,
      exitCode: 4,
    });
  });

  it('gives path parameters, wildcards and the configured origin to the endpoint', async () => {
    const url = await serve([
      route({ path: '/ids/:kind/*rest', handle: (r) => json({ ...r.params, url: r.url.href }) }),
    ]);
    const answer = await (await fetch(`${url}/ids/did/a%3Ab/c?x=1`)).json();
    expect(answer).toEqual({ kind: 'did', rest: 'a:b/c', url: 'http://id.example/ids/did/a%3Ab/c?x=1' });
  });

  it('answers an error of the endpoint as a problem document with its status', async () => {
    const thrown = new AppError(
      'thing_missing',
      { kind: 'not-found', message: 'no such thing' },
      { field: '/id' },
    );
    const url = await serve([route({ handle: () => Promise.reject(thrown) })]);
    const response = await fetch(`${url}/x`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'thing_missing', field: '/id' });
  });

  it('says nothing about an unexpected error', async () => {
    const url = await serve([
      route({ errors: 'oauth', handle: () => Promise.reject(new Error('secret text')) }),
    ]);
    const response = await fetch(`${url}/x`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });

  it('refuses a body larger than the route takes, before the endpoint runs', async () => {
    let ran = false;
    const handle = () => {
      ran = true;
      return json({});
    };
    const url = await serve([route({ method: 'POST', maxBodyBytes: 10, handle })]);
    const response = await fetch(`${url}/x`, { method: 'POST', body: 'x'.repeat(11) });
    expect(response.status).toBe(413);
    expect(ran).toBe(false);
  });

  it('refuses a body that is too large before it has come: by what it says, and by what has come of it', async () => {
    const url = await serve([route({ method: 'POST', maxBodyBytes: 1000 })]);
    /** Status of a request that never ends. */
    const statusOf = (headers: Record<string, string>, bytes: number): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const sending = request(`${url}/x`, { method: 'POST', headers }, (res) => {
          resolve(res.statusCode);
          res.resume();
          sending.destroy();
        });
        sending.on('error', reject);
        sending.flushHeaders();
        if (bytes > 0) sending.write(new Uint8Array(bytes));
      });
    expect(await statusOf({ 'content-length': '1000000000' }, 0)).toBe(413);
    expect(await statusOf({ 'transfer-encoding': 'chunked' }, 1001)).toBe(413);
  });

  it('refuses a media type the route does not take', async () => {
    const url = await serve([route({ method: 'POST', accepts: ['application/json'] })]);
    const response = await fetch(`${url}/x`, {
      method: 'POST',
      body: 'x',
      headers: { 'content-type': 'text/plain' },
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ field: 'content-type' });
  });

  it('refuses malformed percent-encoding with 400 and logs nothing of it', async () => {
    const errors: string[] = [];
    const logger = { ...silentLogger, error: (event: string) => void errors.push(event) };
    const url = await serve([route({ path: '/ids/:id' })], { logger });
    expect((await fetch(`${url}/ids/%E0%A4%A`)).status).toBe(400);
    expect(errors).toEqual([]);
  });

  it('takes the host of a URL from its configuration, whatever Host or an absolute target says', async () => {
    const fallback: NodeHandler = (req, res) => void res.end(req.url);
    const url = await serve([route({ handle: (r) => json({ url: r.url.href }) })], { fallback });
    const target = 'http://other.example/x?y=1';
    expect(await send(url, target)).toBe('{"url":"http://id.example/x?y=1"}');
    expect(await send(url, 'http://other.example/elsewhere?y=1')).toBe('/elsewhere?y=1');
  });

  it('looks every few seconds for who takes too long over a request, and waits for nobody to read', async () => {
    let server: Server | undefined;
    const seen = (message: unknown) => {
      ({ server } = message as { server: Server });
    };
    subscribe('http.server.request.start', seen);
    await fetch(`${await serve([])}/healthz`);
    unsubscribe('http.server.request.start', seen);
    expect(server).toMatchObject({
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      connectionsCheckingInterval: 2_000,
      timeout: 120_000,
    });
  });

  it('returns the caller’s correlator and makes one where none is given or it is malformed', async () => {
    const url = await serve([route({})]);
    const given = await fetch(`${url}/x`, { headers: { 'x-correlator': 'abc-1' } });
    expect(given.headers.get('x-correlator')).toBe('abc-1');
    const made = await fetch(`${url}/x`, { headers: { 'x-correlator': 'a b' } });
    expect(made.headers.get('x-correlator')).toMatch(/^[0-9a-f]{24}$/);
  });

  it('streams chunks as they come and stops when the client leaves', async () => {
    let left = false;
    const handle: Route['handle'] = (request) => ({
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: ticks(request.signal, () => (left = true)),
    });
    const url = await serve([route({ handle })]);
    const abort = new AbortController();
    const reader = (await fetch(`${url}/x`, { signal: abort.signal })).body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: tick\n\n');
    abort.abort();
    await expect.poll(() => left).toBe(true);
  });

  it('makes no stream for who asks for its headers only', async () => {
    let chunks = 0;
    const handle: Route['handle'] = () => ({
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: (async function* () {
        for (; chunks < 1000; chunks++) yield 'data: of a long log\n\n';
      })(),
    });
    const url = await serve([route({ handle })]);
    const head = await fetch(`${url}/x`, { method: 'HEAD' });
    expect(head.headers.get('content-type')).toBe('text/event-stream');
    expect(chunks).toBe(0);
  });

  it.each(['/x', '/under/a'])('ends the connection when a stream breaks off: %s', async (path) => {
    const handle: Route['handle'] = () => ({
      status: 200,
      body: (async function* () {
        yield 'data: one\n\n';
        throw new Error('the source is gone');
      })(),
    });
    const url = await serve([route({ handle }), route({ path: '/under/*rest', handle })]);
    await expect((await fetch(`${url}${path}`)).text()).rejects.toThrow('terminated');
  });

  it('does other work between the chunks of a stream that is always ready', async () => {
    let between = 0;
    const handle: Route['handle'] = () => ({
      status: 200,
      body: (async function* () {
        const counting = setInterval(() => between++, 0);
        for (let i = 0; i < 100; i++) yield 'x';
        clearInterval(counting);
        const chunksBefore = between;
        yield String(chunksBefore > 0);
      })(),
    });
    const url = await serve([route({ handle })]);
    expect(await (await fetch(`${url}/x`)).text()).toMatch(/true$/);
  });

  it('lets other origins call public routes only', async () => {
    const url = await serve([route({ path: '/public', cors: true }), route({ path: '/private' })]);
    expect((await fetch(`${url}/public`)).headers.get('access-control-allow-origin')).toBe('*');
    expect((await fetch(`${url}/private`)).headers.get('access-control-allow-origin')).toBeNull();
    expect((await fetch(`${url}/public`, { method: 'OPTIONS' })).status).toBe(204);
  });

  it('counts requests by route, not by path', async () => {
    const url = await serve([route({ path: '/ids/:id' })]);
    await fetch(`${url}/ids/1`);
    await fetch(`${url}/ids/2`);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain(
      'attestel_http_requests_total{route="/ids/:id",method="GET",status="200",instance="test"} 2',
    );
  });
});

/** With the request target as given, which fetch would not send. */
const send = (url: string, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(url);
    request({ host: '127.0.0.1', port, path, headers: { host: 'other.example' } }, async (response) => {
      resolve(Buffer.concat(await response.toArray()).toString('utf8'));
    })
      .once('error', reject)
      .end();
  });

async function* ticks(signal: AbortSignal, onEnd: () => void): AsyncGenerator<string> {
  try {
    while (!signal.aborted) {
      yield 'data: tick\n\n';
      await new Promise((go) => setTimeout(go, 20));
    }
  } finally {
    onEnd();
  }
}
