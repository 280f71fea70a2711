import type { Bytes } from './bytes.ts';
import { type AppError, isAppError } from './errors.ts';
import { type Html, html } from './html.ts';

/** A request as endpoints see it: parsed, bounded, independent of the server that took it. */
export interface HttpRequest {
  readonly method: string;
  /** Absolute URL as the client addressed it: configured origin, path and query. */
  readonly url: URL;
  /** Path parameters of the route, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Lower-case names; repeated headers are joined by the server as RFC 9110 §5.3 says. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** At most the route's `maxBodyBytes`; empty where there is no body. */
  readonly body: Bytes;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** Node's own request and response, for libraries that insist on them. */
  readonly raw?: { readonly req: unknown; readonly res: unknown };
}

export type HttpBody = string | Bytes | Html | AsyncIterable<string> | null;

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. Several `set-cookie` values as a list. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: HttpBody;
}

/** How errors of a route are written: `{error, error_description}`, RFC 9457, or a page. */
export type ErrorFormat = 'oauth' | 'problem' | 'html';

/** A route is data: the same table mounts it and documents it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path with `:name` parameters; a last `*name` takes the rest. */
  readonly path: string;
  readonly summary: string;
  readonly errors: ErrorFormat;
  /** Media types the endpoint accepts as body; absent where it takes none. */
  readonly accepts?: readonly string[];
  /** Default 64 KiB. */
  readonly maxBodyBytes?: number;
  /** A POST of a literal path that is asked much and needs no router: a server may answer it without one. */
  readonly isDirect?: boolean;
  /** Browsers on other origins may call it (public, cookie-less answers only). */
  readonly cors?: boolean;
  /** Renders errors for `errors: 'html'`; absent: a plain page. */
  readonly errorPage?: (error: AppError | undefined, request: HttpRequest) => HttpResponse;
  readonly handle: (request: HttpRequest) => Promise<HttpResponse> | HttpResponse;
}

export const json = (value: unknown, status = 200, headers: HttpResponse['headers'] = {}): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

export const page = (body: Html, status = 200, headers: HttpResponse['headers'] = {}): HttpResponse => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers },
  body,
});

export const redirect = (location: string, headers: HttpResponse['headers'] = {}): HttpResponse => ({
  status: 303,
  headers: { location, 'cache-control': 'no-store', ...headers },
  body: null,
});

/** The one place where errors become answers. Unknown errors say nothing about themselves. */
export function errorResponse(
  route: Pick<Route, 'errors' | 'errorPage'>,
  error: unknown,
  request: HttpRequest,
): HttpResponse {
  const known = isAppError(error) ? error : undefined;
  const status = known?.status ?? 500;
  const headers = { 'cache-control': 'no-store' };
  if (route.errors === 'html') return route.errorPage?.(known, request) ?? plainPage(known, status);
  if (route.errors === 'oauth') {
    const wire = known
      ? (known.wire ?? (status >= 500 ? 'server_error' : 'invalid_request'))
      : 'server_error';
    return json({ ...known?.extra, error: wire, error_description: describe(known) }, status, headers);
  }
  return json(
    {
      ...known?.extra,
      type: 'about:blank',
      title: known?.message ?? 'internal error',
      status,
      code: known?.code ?? 'internal',
      ...(known?.field === undefined ? {} : { field: known.field }),
    },
    status,
    { ...headers, 'content-type': 'application/problem+json' },
  );
}

/** RFC 6749 §5.2 allows printable ASCII without quotation mark and backslash. */
const describe = (error: AppError | undefined): string =>
  (error?.message ?? 'internal error').replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "'");

/** Loads nothing and is shown in no frame: whatever a message holds, it stays text on a page of its own. */
const PLAIN_PAGE_POLICY = "default-src 'none'; frame-ancestors 'none'";

const plainPage = (error: AppError | undefined, status: number): HttpResponse =>
  page(
    html`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${status}</title><main><h1>${status}</h1><p>${error?.message ?? 'Internal error'}</p></main></html>`,
    status,
    { 'content-security-policy': PLAIN_PAGE_POLICY },
  );
