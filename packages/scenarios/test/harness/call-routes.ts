import { errorResponse, type HttpRequest, type Route, utf8 } from '@attestel/core';

export interface Called {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: { readonly [field: string]: unknown };
  readonly text: string;
}

export interface CallOptions {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
  /** In place of the JSON of `body`. */
  readonly text?: string;
}

/** Calls routes as a server that mounts them in their order. */
export function callRoutes(routes: readonly Route[], origin = 'https://node.example') {
  return async (line: string, options: CallOptions = {}): Promise<Called> => {
    const [method = '', path = ''] = line.split(' ');
    const url = new URL(path, origin);
    for (const route of routes) {
      const params = route.method === method ? match(route.path, url.pathname) : undefined;
      if (params) return answerOf(route, { ...requestOf(options), method, url, params });
    }
    return { status: 404, headers: {}, body: {}, text: '' };
  };
}

function requestOf({
  token,
  body,
  text,
  headers: more = {},
}: CallOptions): Pick<HttpRequest, 'headers' | 'body' | 'signal'> {
  const sent = text ?? (body === undefined ? '' : JSON.stringify(body));
  const headers = { ...more, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  return { headers, body: utf8(sent), signal: new AbortController().signal };
}

async function answerOf(route: Route, request: HttpRequest): Promise<Called> {
  const answer = await Promise.resolve()
    .then(() => route.handle(request))
    .catch((error: unknown) => errorResponse(route, error, request));
  const text = String(answer.body ?? '');
  const body = text === '' ? {} : (JSON.parse(text) as Called['body']);
  return { status: answer.status, headers: answer.headers ?? {}, body, text };
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const names = Array.from(pattern.matchAll(/:([A-Za-z]+)/g), ([, name = '']) => name);
  const found = new RegExp(`^${pattern.replace(/:[A-Za-z]+/g, '([^/]+)')}$`).exec(path);
  if (!found) return undefined;
  return Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(found[i + 1] as string)]));
}
