import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpRequest, Logger, Route } from '@attestel/core';
import type { NodeHandler } from './http-server.ts';
import { answer, DEFAULT_BODY_BYTES, joinHeaders, signalOf } from './mount-routes.ts';

type Handled = IncomingMessage & { readonly url: string };

/**
 * GET routes of a literal prefix and a rest, such as resolution, and POST routes that are declared so, such as OCSP: they
 * need no router, and Express would be a sixth of their cost and more. False: not one of them, or a request that Express
 * shall refuse as it does any other.
 */
export function directRoutes(
  routes: readonly Route[],
  origin: string,
  logger: Logger,
  crashed: (error: unknown, res: ServerResponse) => void,
): (...call: Parameters<NodeHandler>) => boolean {
  const direct = routes.flatMap((route) => {
    const [, prefix, name] = /^(\/[^:*]*\/)\*(\w+)$/.exec(route.path) ?? [];
    return route.method === 'GET' && prefix && name ? [{ route, prefix, name }] : [];
  });
  const posts = new Map(
    routes
      .filter(({ method, path, isDirect }) => isDirect && method === 'POST' && !/[:*]/.test(path))
      .map((route) => [route.path, route]),
  );
  const begin = (
    { route, params }: { readonly route: Route; readonly params: HttpRequest['params'] },
    [req, res]: Parameters<NodeHandler>,
    body: Uint8Array,
  ): void => {
    (res as { locals?: object }).locals = { route: route.path };
    const request = toRequest(req as Handled, res, { origin, params, body });
    void answer(route, request, res, logger).catch((error: unknown) => crashed(error, res));
  };
  const post = (req: IncomingMessage, res: ServerResponse): boolean => {
    const route = posts.get(req.url ?? '');
    const length =
      route && plainLength(req, Math.min(route.maxBodyBytes ?? DEFAULT_BODY_BYTES, MAX_DIRECT_BYTES));
    if (!route || length === undefined) return false;
    // Node ends a request that brings less than it said, and takes no more.
    collect(req, length, (body) => begin({ route, params: {} }, [req, res], body));
    return true;
  };
  return (req, res) => {
    const { url = '', method } = req;
    if (method === 'POST') return post(req, res);
    const found = method === 'GET' ? direct.find(({ prefix }) => url.startsWith(prefix)) : undefined;
    if (!found) return false;
    const rest = decoded(url.slice(found.prefix.length));
    if (!rest) return false;
    const { route, name } = found;
    begin({ route, params: { [name]: rest } }, [req, res], NO_BODY);
    return true;
  };
}

const NO_BODY = new Uint8Array();
/** Set aside as soon as a request says so; what is larger is not asked for so often. */
const MAX_DIRECT_BYTES = 65_536;

/** Of a body that comes as it is and within its bound; undefined for every other one. */
function plainLength({ headers }: IncomingMessage, limit: number): number | undefined {
  const { 'content-length': text = '', 'content-encoding': encoding, 'transfer-encoding': chunked } = headers;
  if (encoding !== undefined || chunked !== undefined || !/^[0-9]{1,9}$/.test(text)) return undefined;
  const length = Number(text);
  return length <= limit ? length : undefined;
}

/** Not called where the client goes away before the end. An iterator over the request would cost more than the answer. */
function collect(req: IncomingMessage, length: number, done: (body: Uint8Array) => void): void {
  let body: Uint8Array | undefined;
  let at = 0;
  req.on('data', (chunk: Buffer) => {
    if (at === 0 && chunk.length === length) body = new Uint8Array(chunk.buffer, chunk.byteOffset, length);
    else {
      body ??= new Uint8Array(length);
      body.set(chunk, at);
    }
    at += chunk.length;
  });
  req.on('end', () => {
    if (at === length) done(body ?? NO_BODY);
  });
  req.on('error', () => {});
}

/** Undefined for what is no path of one segment or more, or is not percent-encoded rightly. */
function decoded(tail: string): string | undefined {
  const [path = ''] = tail.split(/[?#]/, 1);
  if (path === '' || path.endsWith('/')) return undefined;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function toRequest(
  req: Handled,
  res: ServerResponse,
  { origin, params, body }: { readonly origin: string } & Pick<HttpRequest, 'params' | 'body'>,
): HttpRequest {
  let signal: AbortSignal | undefined;
  let url: URL | undefined;
  let headers: HttpRequest['headers'] | undefined;
  return {
    method: req.method ?? '',
    // Made when asked for, as the rest: those who are asked thousands of times a second look at the body only.
    get url() {
      url ??= new URL(`${origin}${req.url}`);
      return url;
    },
    params,
    get headers() {
      headers ??= joinHeaders(req);
      return headers;
    },
    body,
    get signal() {
      signal ??= signalOf(res);
      return signal;
    },
    raw: { req, res },
  };
}
