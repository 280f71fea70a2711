import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpRequest, Logger, Route } from '@attestel/core';
import type { NodeHandler } from './http-server.ts';
import { answer, joinHeaders, signalOf } from './mount-routes.ts';

type Handled = IncomingMessage & { readonly url: string };

/**
 * GET routes of a literal prefix and a rest, such as resolution: they need no router and no body, and Express would be
 * a sixth of their cost. False: not one of them, or an address that Express shall refuse as it does any other.
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
  return (req, res) => {
    const { url = '', method } = req;
    const found = method === 'GET' ? direct.find(({ prefix }) => url.startsWith(prefix)) : undefined;
    if (!found) return false;
    const rest = decoded(url.slice(found.prefix.length));
    if (!rest) return false;
    const { route, name } = found;
    (res as { locals?: object }).locals = { route: route.path };
    const request = toRequest(req as Handled, res, { origin, params: { [name]: rest } });
    void answer(route, request, res, logger).catch((error: unknown) => crashed(error, res));
    return true;
  };
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
  { origin, params }: { readonly origin: string; readonly params: HttpRequest['params'] },
): HttpRequest {
  let signal: AbortSignal | undefined;
  return {
    method: 'GET',
    url: new URL(`${origin}${req.url}`),
    params,
    headers: joinHeaders(req),
    body: new Uint8Array(),
    get signal() {
      signal ??= signalOf(res);
      return signal;
    },
    raw: { req, res },
  };
}
