import { connect } from 'node:net';
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

const posted = (name: 'direct' | 'routed'): Route => ({
  ...{ method: 'POST', path: `/post/${name}`, summary: 'x', errors: 'problem', isDirect: name === 'direct' },
  ...{ accepts: ['application/x'], maxBodyBytes: 8 },
  handle({ body, raw }) {
    const express = (raw?.req as { app?: unknown } | undefined)?.app !== undefined;
    return json({ text: Buffer.from(body).toString(), express });
  },
});

beforeAll(async () => {
  server = await startHttpServer({
    origin: 'http://id.example',
    host: '127.0.0.1',
    port: 0,
    routes: [route('/direct/*rest'), route('/routed/:rest'), posted('direct'), posted('routed')],
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

describe('a POST route that is declared direct', () => {
  const post = async (path: string, body: BodyInit, headers: Record<string, string> = {}) => {
    const init = { method: 'POST', body, headers: { 'content-type': 'application/x', ...headers } };
    const response = await fetch(`${url}${path}`, { ...init, duplex: 'half' } as RequestInit);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it('answers without Express as one with it does', async () => {
    const direct = await post('/post/direct', 'hello');
    expect(direct).toEqual({ status: 200, body: { text: 'hello', express: false } });
    expect(await post('/post/routed', 'hello')).toEqual({
      status: 200,
      body: { text: 'hello', express: true },
    });
  });

  it.each([
    ['a body that is too large', '123456789', {}, 413],
    ['another media type', 'hello', { 'content-type': 'text/plain' }, 400],
  ])('refuses %s as any other', async (_, body, headers, status) => {
    const direct = await post('/post/direct', body, headers);
    expect(direct.status).toBe(status);
    expect(direct).toEqual(await post('/post/routed', body, headers));
  });

  it('leaves a body of unknown length to Express', async () => {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('hello'));
        controller.close();
      },
    });
    expect(await post('/post/direct', stream)).toMatchObject({ body: { text: 'hello', express: true } });
  });

  it('takes an empty body', async () => {
    expect(await post('/post/direct', '')).toMatchObject({ body: { text: '', express: false } });
  });

  it('answers nobody whose body never comes whole, and goes on', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write('POST /post/direct HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhe');
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await post('/post/direct', 'hello')).status).toBe(200);
  });
});
