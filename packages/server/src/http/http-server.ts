import { constants } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json, type Logger, originForm, type Random, type Route } from '@attestel/core';
import express, { type Express } from 'express';
import { fail } from '../errors.ts';
import { directRoutes } from './direct-routes.ts';
import type { NodeMetrics } from './metrics.ts';
import { mountRoutes } from './mount-routes.ts';
import { isLocalRequest } from './peer.ts';
import { limitRequests, type Throttled, throttle } from './throttle.ts';
import type { TokenBuckets } from './token-buckets.ts';

export type NodeHandler = (req: IncomingMessage, res: ServerResponse) => void;

export interface HttpServerOptions {
  /** Public origin, such as `https://bridge.example`; what clients see, not where we listen. */
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Asks clients for a certificate in the handshake and takes any, or none: whoever reads it decides. */
  readonly asksForCertificates?: boolean | undefined;
  readonly routes: readonly Route[];
  /** Paths whose POST requests are limited by client address. */
  readonly throttled?: readonly Throttled[];
  /** Limits requests on the paths of sign-in and issuing by client address. */
  readonly requests?: TokenBuckets;
  /** Whether others than this machine may read `/metrics`. */
  readonly publicMetrics?: boolean;
  /** Takes what no route matches (oidc-provider). */
  readonly fallback?: NodeHandler | undefined;
  readonly logger: Logger;
  readonly metrics: NodeMetrics;
  readonly random: Random;
  readonly ready: () => boolean;
}

export interface HttpServer {
  readonly origin: string;
  /** Where it listens; the system's choice when the configured port was 0. */
  readonly port: number;
  close(): Promise<void>;
}

const HEADERS_MS = 10_000;
/** How often Node looks who has had that long; its 30 s would be what counts. */
const PATIENCE = { connectionsCheckingInterval: 2_000 };

/** The one outer handler of a node: limits, timeouts, headers, correlator, metrics; then the routes. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').set('query parser', 'simple');
  if (!options.publicMetrics)
    app.get('/metrics', (req, res, next) => (isLocalRequest(req) ? next() : notFound(res)));
  for (const limited of options.throttled ?? []) app.post(limited.path, throttle(limited));
  const routes = [...operational(options), ...options.routes];
  mountRoutes(app, routes, options.origin, options.logger);
  finish(app, options);
  const handle = createHandler(options, app, routes);
  const server = options.tls
    ? createTlsServer(
        { ...options.tls, ...PATIENCE, ...peers(options), handshakeTimeout: HEADERS_MS },
        handle,
      )
    : createServer(PATIENCE, handle);
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 15_000;
  // Who takes nothing of an answer must not keep megabytes of it in memory. Event streams speak more often.
  server.timeout = 120_000;
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  return { origin: options.origin, port, close: () => shut(server) };
}

/** Without tickets each connection shows its certificates itself; a ticket would bring the first one only. */
const peers = ({ asksForCertificates = false }: HttpServerOptions) =>
  asksForCertificates
    ? { requestCert: true, rejectUnauthorized: false, secureOptions: constants.SSL_OP_NO_TICKET }
    : {};

/** What no route can match goes to the fallback straight: Express would try every route on it first. */
function createHandler(options: HttpServerOptions, app: Express, routes: readonly Route[]): NodeHandler {
  const { fallback } = options;
  const mayMatch = firstSegments([...routes, ...(options.throttled ?? [])].map(({ path }) => path));
  const limit = options.requests && limitRequests(options.requests);
  const correlator = createCorrelators(options.random);
  const direct = directRoutes(routes, options.origin, options.logger, (error, res) =>
    crashed(error, res, options.logger),
  );
  return (req, res) => {
    req.url = originForm(req.url);
    observe(options, req, res, correlator);
    if (limit && !limit(req, res)) return;
    if (direct(req, res)) return;
    if (!fallback || mayMatch(req.url)) return void app(req, res);
    try {
      fallback(req, res);
    } catch (error) {
      crashed(error, res, options.logger);
    }
  };
}

/** Whether a path may belong to one of these. By the first segment, and any where one leaves that open. */
function firstSegments(paths: readonly string[]): (url: string) => boolean {
  const first = (path: string): string => path.slice(1).split(/[/?#]/, 1)[0] ?? '';
  const segments = new Set(paths.map(first));
  const anything = [...segments].some((segment) => !/^[\w.-]*$/.test(segment));
  return (url) => anything || segments.has(first(url));
}

const CORRELATOR_BYTES = 12;

/** Asking the system for twelve bytes costs as much as for a thousand. */
function createCorrelators(random: Random): () => string {
  let pool: Buffer = Buffer.alloc(0);
  return () => {
    if (pool.length < CORRELATOR_BYTES) pool = Buffer.from(random.bytes(CORRELATOR_BYTES * 85));
    const taken = pool.toString('hex', 0, CORRELATOR_BYTES);
    pool = pool.subarray(CORRELATOR_BYTES);
    return taken;
  };
}

function observe(
  options: HttpServerOptions,
  req: IncomingMessage,
  res: ServerResponse & { locals?: { readonly route?: string } },
  fresh: () => string,
): void {
  const started = process.hrtime.bigint();
  const given = req.headers['x-correlator'];
  const correlator = typeof given === 'string' && /^[\w.-]{1,128}$/.test(given) ? given : fresh();
  req.headers['x-correlator'] = correlator;
  res.setHeader('x-correlator', correlator);
  res.setHeader('x-content-type-options', 'nosniff');
  res.setHeader('referrer-policy', 'no-referrer');
  if (options.origin.startsWith('https:')) res.setHeader('strict-transport-security', 'max-age=31536000');
  res.once('finish', () => {
    const route = res.locals?.route ?? 'other';
    options.metrics.observe(
      route,
      req.method ?? '',
      res.statusCode,
      Number(process.hrtime.bigint() - started) / 1e9,
    );
  });
}

const operational = (options: HttpServerOptions): Route[] => [
  {
    method: 'GET',
    path: '/healthz',
    summary: 'The process answers',
    errors: 'problem',
    handle: () => json({ status: 'ok' }),
  },
  {
    method: 'GET',
    path: '/readyz',
    summary: 'The node can do its work',
    errors: 'problem',
    handle: () => (options.ready() ? json({ status: 'ready' }) : json({ status: 'starting' }, 503)),
  },
  {
    method: 'GET',
    path: '/metrics',
    summary: 'Prometheus metrics',
    errors: 'problem',
    handle: async () => ({
      status: 200,
      headers: { 'content-type': options.metrics.registry.contentType },
      body: await options.metrics.registry.metrics(),
    }),
  },
];

function finish(app: Express, options: HttpServerOptions): void {
  const { fallback } = options;
  if (fallback) app.use((req, res) => fallback(req, res));
  else app.use((_req, res) => notFound(res));
  app.use((error: unknown, _req: express.Request, res: express.Response, _next: express.NextFunction) =>
    crashed(error, res, options.logger),
  );
}

function crashed(error: unknown, res: ServerResponse, logger: Logger): void {
  const status = (error as { status?: number }).status === 400 ? 400 : 500;
  // A malformed request is the client's: nobody shall fill the log with traces of it.
  if (status === 500)
    logger.error('request.crashed', {
      cause: error instanceof Error ? (error.stack ?? error.message) : 'unknown',
    });
  // Half an answer must not look like one that is still coming.
  if (res.headersSent) return void res.destroy();
  const title = status === 400 ? 'malformed request' : 'internal error';
  res
    .writeHead(status, { 'content-type': 'application/problem+json; charset=utf-8' })
    .end(JSON.stringify({ type: 'about:blank', title, status }));
}

function notFound(res: express.Response): void {
  res
    .status(404)
    .type('application/problem+json')
    .send('{"type":"about:blank","title":"no such path","status":404,"code":"path_unknown"}');
}

async function listen(server: Server, options: HttpServerOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? fail('port_in_use', { field: `${options.host}:${options.port}`, cause: error })
          : error,
      ),
    );
    server.listen(options.port, options.host, () => resolve());
  });
}

/** How long answers under way may still take; event streams never end by themselves. */
const GRACE_MS = 2_000;

async function shut(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  server.closeIdleConnections();
  const deadline = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(deadline);
}
