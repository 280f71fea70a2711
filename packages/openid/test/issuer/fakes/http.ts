import {
  type Bytes,
  errorResponse,
  Html,
  type HttpRequest,
  type HttpResponse,
  type Route,
  utf8,
} from '@attestel/core';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  json(): Record<string, unknown>;
}

export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Bytes;
}

/** Calls a route table in-process, with the error handling a server would do. */
export async function callRoutes(routes: readonly Route[], call: Call): Promise<Answer> {
  const url = new URL(call.url);
  const match = routes
    .filter((route) => route.method === call.method)
    .map((route) => ({ route, params: matchPath(route.path, url.pathname) }))
    .find(({ params }) => params !== undefined);
  if (match === undefined) return answerOf({ status: 404, body: 'no such route' });
  const body = typeof call.body === 'string' ? utf8(call.body) : (call.body ?? new Uint8Array(0));
  const request: HttpRequest = {
    method: call.method,
    url,
    params: match.params ?? {},
    headers: lowerCased(call.headers ?? {}),
    body,
    signal: new AbortController().signal,
  };
  if (body.length > (match.route.maxBodyBytes ?? 65_536)) return answerOf({ status: 413 });
  try {
    return answerOf(await match.route.handle(request));
  } catch (error) {
    return answerOf(errorResponse(match.route, error, request));
  }
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const value = decodeURIComponent(given[i] as string);
    if (part.startsWith(':')) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}

function answerOf(response: HttpResponse): Answer {
  const { body } = response;
  const text =
    body instanceof Html
      ? body.markup
      : body instanceof Uint8Array
        ? Buffer.from(body).toString()
        : String(body ?? '');
  const headers = Object.fromEntries(
    Object.entries(response.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  return { status: response.status, headers, text, json: () => JSON.parse(text) as Record<string, unknown> };
}

/** A `fetch` for foreign clients that reaches route tables instead of the network. */
export function fetchInto(routesOf: (origin: string) => readonly Route[] | undefined): typeof fetch {
  return async (input, init) => {
    const request = new Request(input as string, init);
    const routes = routesOf(new URL(request.url).origin);
    if (routes === undefined) throw new TypeError('fetch failed');
    const answer = await callRoutes(routes, {
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers.entries()),
      body: new Uint8Array(await request.arrayBuffer()),
    });
    return new Response(answer.status === 204 ? null : answer.text, {
      status: answer.status,
      headers: answer.headers,
    });
  };
}
