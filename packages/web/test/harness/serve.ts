import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpResponse, isAppError, type Route } from '@attestel/core';
import type { Handler } from '../../../openid/test/wallet/fakes/world.ts';

/** A server on a free port of this machine; what it answers is decided later, when its origin is known. */
export async function startServer() {
  let answer: (req: IncomingMessage, res: ServerResponse, body: string) => Promise<void> | void = (
    _req,
    res,
  ) => void res.writeHead(503).end();
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    try {
      await answer(req, res, body);
    } catch (error) {
      res.writeHead(isAppError(error) ? error.status : 500).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    handle: (next: typeof answer) => {
      answer = next;
    },
    close: () => new Promise<void>((resolve) => void server.close(() => resolve()).closeAllConnections()),
  };
}

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'authorization, content-type, dpop',
  'access-control-expose-headers': 'dpop-nonce, www-authenticate',
};

/** Serves a fake party to a browser on another origin. */
export const serveHandler =
  (origin: string, handler: Handler) =>
  async (req: IncomingMessage, res: ServerResponse, body: string): Promise<void> => {
    if (req.method === 'OPTIONS') return void res.writeHead(204, CORS).end();
    const response = await handler({
      url: new URL(req.url ?? '/', origin),
      method: req.method ?? 'GET',
      headers: new Headers(req.headers as Record<string, string>),
      body,
    });
    res.writeHead(response.status, { ...Object.fromEntries(response.headers), ...CORS });
    res.end(Buffer.from(await response.arrayBuffer()));
  };

/** Serves a route table, as far as these tests need it. */
export const serveRoutes =
  (origin: string, routes: readonly Route[]) =>
  async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const url = new URL(req.url ?? '/', origin);
    for (const route of routes) {
      const params = route.method === req.method ? match(route.path, url.pathname) : undefined;
      if (params === undefined) continue;
      const headers = req.headers as Record<string, string>;
      const signal = new AbortController().signal;
      const response = await route.handle({
        method: route.method,
        url,
        params,
        headers,
        body: new Uint8Array(),
        signal,
      });
      return send(res, response, route.cors === true);
    }
    res.writeHead(404).end();
  };

function match(pattern: string, path: string): Record<string, string> | undefined {
  const names: string[] = [];
  const expression = pattern.replace(/[:*](\w+)/g, (part, name: string) => {
    names.push(name);
    return part.startsWith('*') ? '(.+)' : '([^/]+)';
  });
  const found = new RegExp(`^${expression}$`).exec(path);
  return found === null
    ? undefined
    : Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(found[i + 1] ?? '')]));
}

function send(res: ServerResponse, response: HttpResponse, cors: boolean): void {
  res.writeHead(response.status, { ...(response.headers as Record<string, string>), ...(cors ? CORS : {}) });
  const { body = null } = response;
  res.end(
    body instanceof Uint8Array || typeof body === 'string' ? body : body === null ? undefined : String(body),
  );
}
