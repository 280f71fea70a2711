import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorResponse, type HttpRequest, type HttpResponse, type Route } from '@attestel/core';

/** As much of a node's HTTP server as readers need. */
export async function serveRoutes(
  routes: readonly Route[],
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((req, res) => void answer(routes, req, res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(routes: readonly Route[], req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://127.0.0.1');
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  for (const route of routes.filter(({ method }) => method === req.method)) {
    const params = paramsOf(route.path, url.pathname);
    if (!params) continue;
    const request = {
      ...{ method: route.method, url, params, headers: {}, body: new Uint8Array(), signal: gone.signal },
      raw: { req, res },
    };
    await write(res, await handled(route, request));
    return;
  }
  res.writeHead(404).end();
}

async function handled(route: Route, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await route.handle(request);
  } catch (error) {
    return errorResponse(route, error, request);
  }
}

async function write(res: ServerResponse, { status, headers, body = null }: HttpResponse): Promise<void> {
  res.writeHead(status, headers as Record<string, string>).flushHeaders();
  if (typeof body === 'string' || body instanceof Uint8Array) res.write(body);
  else if (body !== null && Symbol.asyncIterator in body) for await (const part of body) res.write(part);
  res.end();
}

function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const found = decodeURIComponent(given[i] ?? '');
    if (part.startsWith(':')) params[part.slice(1)] = found;
    else if (part !== found) return undefined;
  }
  return params;
}
