import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import {
  AppError,
  errorResponse,
  Html,
  type HttpRequest,
  type HttpResponse,
  type Logger,
  type Route,
} from '@attestel/core';
import { type Express, type Request, type Response, raw } from 'express';

export const DEFAULT_BODY_BYTES = 64 * 1024;

/** Mounts a route table on an Express app: bounded body, plain request, one error handler. */
export function mountRoutes(app: Express, routes: readonly Route[], origin: string, logger: Logger): void {
  for (const route of routes) {
    const path = route.path.replace(/\*(\w+)$/, '*$1');
    const limit = route.maxBodyBytes ?? DEFAULT_BODY_BYTES;
    const readBody = raw({ type: () => true, limit, inflate: false });
    const method = route.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete';
    if (route.cors) app.options(path, (_req, res) => preflight(res, route));
    app[method](path, (req, res, next) => {
      res.locals.route = route.path;
      const proceed = async (error: unknown): Promise<void> => {
        const request = toRequest(req, res, origin);
        if (error === undefined) await answer(route, request, res, logger);
        else await write(res, errorResponse(route, bodyError(error), request), route);
      };
      const refusal = endEarly(req, res, limit, () => void proceed(TOO_LARGE).catch(next));
      if (!refusal.isNow)
        readBody(req, res, (error?: unknown) => refusal.isDue || void proceed(error).catch(next));
    });
  }
}

const TOO_LARGE = { type: 'entity.too.large' };
/** How long somebody who is told to stop may go on, so that the answer is read before the connection ends. */
const LINGER_MS = 2_000;

/**
 * Who says or sends more than the route takes is refused then and there: the body reader answers only when all of it has
 * come. What still comes is thrown away, and the connection ends.
 */
function endEarly(
  req: Request,
  res: Response,
  limit: number,
  refuse: () => void,
): { readonly isNow: boolean; readonly isDue: boolean } {
  const state = { isNow: Number(req.headers['content-length'] ?? 0) > limit, isDue: false };
  let taken = 0;
  const end = (): void => {
    if (state.isDue) return;
    state.isDue = true;
    res.setHeader('connection', 'close');
    res.once('finish', () => void setTimeout(() => req.destroy(), LINGER_MS).unref());
    refuse();
  };
  if (state.isNow) {
    req.resume();
    end();
  } else {
    req.on('data', ({ length }: Buffer) => {
      taken += length;
      if (taken > limit) end();
    });
  }
  return state;
}

/** Lets the route answer; what it throws becomes its kind of error. */
export async function answer(
  route: Route,
  request: HttpRequest,
  res: ServerResponse,
  logger: Logger,
): Promise<void> {
  let response: HttpResponse;
  try {
    assertMediaType(route, request);
    response = await route.handle(request);
  } catch (error) {
    logFailure(route, error, request, logger);
    response = errorResponse(route, error, request);
  }
  await write(res, response, route);
}

function assertMediaType(route: Route, request: HttpRequest): void {
  if (request.body.length === 0 || !route.accepts) return;
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!route.accepts.includes(type)) {
    throw new AppError(
      'media_type_unsupported',
      { kind: 'bad-input', message: `expected ${route.accepts.join(' or ')}` },
      { field: 'content-type' },
    );
  }
}

function logFailure(route: Route, error: unknown, request: HttpRequest, logger: Logger): void {
  const correlator = request.headers['x-correlator'];
  if (!(error instanceof AppError)) {
    logger.error('request.failed', {
      route: route.path,
      correlator,
      cause: error instanceof Error ? (error.stack ?? error.message) : 'unknown',
    });
  } else if (error.status >= 500 || error.detail !== undefined) {
    logger.warn('request.refused', { route: route.path, correlator, code: error.code, detail: error.detail });
  }
}

/** What the body reader refuses, in our own terms. */
function bodyError(error: unknown): AppError {
  const tooLarge = (error as { type?: string }).type === 'entity.too.large';
  return tooLarge
    ? new AppError('body_too_large', {
        kind: 'too-large',
        message: 'body is larger than this endpoint takes',
      })
    : new AppError('body_unreadable', { kind: 'bad-input', message: 'body could not be read' });
}

function toRequest(req: Request, res: Response, origin: string): HttpRequest {
  let signal: AbortSignal | undefined;
  return {
    method: req.method,
    // Put together as text: resolved, a path that begins with two slashes would name another host.
    url: new URL(`${origin}${req.originalUrl}`),
    params: flatten(req.params),
    headers: joinHeaders(req),
    body: req.body instanceof Uint8Array ? req.body : new Uint8Array(),
    // Made when asked for: only event streams want it, and every request would pay.
    get signal() {
      signal ??= signalOf(res);
      return signal;
    },
    raw: { req, res },
  };
}

const CLIENT_GONE = new Error('the client has gone away');

export function signalOf(res: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (res.closed) gone.abort(CLIENT_GONE);
  else res.once('close', () => gone.abort(CLIENT_GONE));
  return gone.signal;
}

/** Wildcard parameters come as lists of segments. */
const flatten = (params: Record<string, string | string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([k, v]) => [k, Array.isArray(v) ? v.join('/') : v]));

/** Node has joined all but one, which clients do not send. */
export const joinHeaders = ({ headers }: IncomingMessage): Record<string, string | undefined> =>
  ({
    ...headers,
    ...('set-cookie' in headers && { 'set-cookie': headers['set-cookie']?.join(', ') }),
  }) as Record<string, string | undefined>;

const CORS = { 'access-control-allow-origin': '*' };
const EXPOSED = 'attestel-receipt, dpop-nonce, www-authenticate, x-correlator';

function preflight(res: ServerResponse, route: Route): void {
  res.writeHead(204, {
    ...CORS,
    'access-control-allow-methods': route.method,
    'access-control-allow-headers': 'authorization, content-type, dpop, x-correlator',
    'access-control-expose-headers': EXPOSED,
    'access-control-max-age': '600',
  });
  res.end();
}

async function write(res: ServerResponse, response: HttpResponse, route: Route): Promise<void> {
  const headers: Record<string, string | readonly string[]> = { ...response.headers };
  if (route.cors)
    Object.assign(headers, CORS, {
      'access-control-expose-headers': EXPOSED,
    });
  const body = response.body ?? null;
  // Set one by one: libraries that got the raw response may already have put cookies on it.
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'set-cookie') for (const cookie of [value].flat()) res.appendHeader(name, cookie);
    else res.setHeader(name, value as string | string[]);
  }
  res.statusCode = response.status;
  if (body === null) return void res.end();
  if (typeof body === 'string' || body instanceof Uint8Array) return void res.end(body);
  if (body instanceof Html) return void res.end(body.markup);
  await writeStream(res, body);
}

async function writeStream(res: ServerResponse, body: AsyncIterable<string>): Promise<void> {
  res.flushHeaders();
  // Nothing that is written would go anywhere, nor ever be too much: an endless stream would never end.
  if (res.req.method === 'HEAD') return void res.end();
  for await (const chunk of body) {
    if (res.destroyed) break;
    if (!res.write(chunk)) await new Promise<void>((go) => void res.once('drain', go).once('close', go));
    // A source that always has the next chunk must leave room for other requests.
    else await setImmediate();
  }
  res.end();
}
