import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AppError,
  errorResponse,
  Html,
  type HttpBody,
  type HttpRequest,
  type HttpResponse,
  type Route,
} from '@attestel/core';

export interface TestServer {
  readonly origin: string;
  /** Routes and fallback may be mounted once the origin, which they need, is known. */
  mount(routes: readonly Route[], fallback?: (req: IncomingMessage, res: ServerResponse) => void): void;
  readonly log: { readonly method: string; readonly url: string }[];
  close(): Promise<void>;
}

/** Smallest server that answers from route tables, for tests over real HTTP. */
export async function serve(): Promise<TestServer> {
  let routes: readonly Route[] = [];
  let fallback: ((req: IncomingMessage, res: ServerResponse) => void) | undefined;
  const log: { method: string; url: string }[] = [];
  const server = createServer((req, res) => {
    log.push({ method: req.method ?? '', url: req.url ?? '' });
    void dispatch(req, res, routes, fallback);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    log,
    mount(table, rest) {
      routes = table;
      fallback = rest;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function dispatch(
  req: IncomingMessage,
  res: ServerResponse,
  routes: readonly Route[],
  fallback?: (req: IncomingMessage, res: ServerResponse) => void,
): Promise<void> {
  const url = new URL(req.url ?? '/', `http://${req.headers.host}`);
  const found = match(routes, req.method ?? '', url.pathname);
  if (!found) {
    if (fallback) return fallback(req, res);
    res.writeHead(404).end();
    return;
  }
  const { route, params } = found;
  const request = await toRequest(req, res, url, params);
  let response: HttpResponse;
  try {
    if (request.body.length > (route.maxBodyBytes ?? 65_536)) {
      throw new AppError('body_too_large', { kind: 'too-large', message: 'body is too large' });
    }
    const type = (req.headers['content-type'] ?? '').split(';')[0] ?? '';
    if (request.body.length > 0 && route.accepts && !route.accepts.includes(type)) {
      throw new AppError('media_type', { kind: 'bad-input', message: 'media type' });
    }
    response = await route.handle(request);
  } catch (error) {
    response = errorResponse(route, error, request);
  }
  await write(res, response);
}

function match(routes: readonly Route[], method: string, pathname: string) {
  for (const route of routes) {
    if (route.method !== method) continue;
    const wanted = route.path.split('/');
    const given = pathname.split('/');
    if (wanted.length !== given.length) continue;
    const params: Record<string, string> = {};
    const fits = wanted.every((part, i) => {
      if (!part.startsWith(':')) return part === given[i];
      params[part.slice(1)] = decodeURIComponent(given[i] ?? '');
      return given[i] !== '';
    });
    if (fits) return { route, params };
  }
  return undefined;
}

async function toRequest(
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
  params: Record<string, string>,
): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  const headers = Object.fromEntries(
    Object.entries(req.headers).map(([k, v]) => [k, Array.isArray(v) ? v.join(', ') : v]),
  );
  const body = Buffer.concat(chunks);
  return { method: req.method ?? '', url, params, headers, body, signal: gone.signal, raw: { req, res } };
}

async function write(res: ServerResponse, response: HttpResponse): Promise<void> {
  for (const [name, value] of Object.entries(response.headers ?? {})) {
    const values = [value].flat() as string[];
    if (name === 'set-cookie') for (const cookie of values) res.appendHeader(name, cookie);
    else res.setHeader(name, values);
  }
  res.statusCode = response.status;
  await writeBody(res, response.body ?? null);
}

async function writeBody(res: ServerResponse, body: HttpBody): Promise<void> {
  if (body === null) res.end();
  else if (typeof body === 'string' || body instanceof Uint8Array) res.end(body);
  else if (body instanceof Html) res.end(body.markup);
  else {
    res.flushHeaders();
    for await (const chunk of body) {
      if (res.destroyed) break;
      res.write(chunk);
    }
    res.end();
  }
}
