import { AppError, type ErrorKind } from '@attestel/core';
import { fail } from './errors.ts';

type Values = Readonly<Record<string, unknown>>;

export const nodeOf = (values: Values): string => originOf(values.node ?? 'http://localhost:4101');
/** Not an operator’s node: it would see from the wallet’s questions which apps the person signs in to. */
export const walletNodeOf = (values: Values): string => originOf(values.node ?? 'http://localhost:4120');
export const bridgeOf = (values: Values): string => originOf(values.bridge ?? 'http://localhost:4110');

export const originOf = (value: unknown): string => String(value).replace(/\/$/, '');

const KINDS: Record<number, ErrorKind> = {
  400: 'bad-input',
  401: 'unauthenticated',
  403: 'denied',
  404: 'not-found',
  409: 'conflict',
  410: 'gone',
  413: 'too-large',
  422: 'proof-failed',
  429: 'too-many',
  503: 'unavailable',
};

/** Calls a node's JSON API. A refusal keeps the node's own code, message and kind. */
export async function callNode(
  url: string,
  request: { method?: 'GET' | 'POST' | 'DELETE'; token?: string; body?: unknown; accept?: string } = {},
): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: request.method ?? 'GET',
      headers: {
        ...(request.accept ? { accept: request.accept } : {}),
        ...(request.token ? { authorization: `Bearer ${request.token}` } : {}),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    text = await response.text();
  } catch (cause) {
    throw fail('not_running', { field: new URL(url).origin, cause });
  }
  const answer = parse(text);
  if (response.ok) return answer ?? text;
  const problem = (typeof answer === 'object' && answer !== null ? answer : {}) as {
    code?: string;
    title?: string;
    error?: string;
    error_description?: string;
  };
  const kind = KINDS[response.status] ?? 'internal';
  const message = problem.title ?? problem.error_description ?? `the node answered ${response.status}`;
  const extra = saidBeside(problem);
  throw new AppError(problem.code ?? problem.error ?? 'request_refused', { kind, message }, { extra });
}

/** Members of every problem document (RFC 9457 §3.1), or OAuth error; what is left says more of this refusal. */
const COMMON = ['type', 'title', 'status', 'detail', 'instance', 'code', 'error', 'error_description'];

function saidBeside(problem: object): Readonly<Record<string, string | number | boolean>> {
  const more = Object.entries(problem).filter(
    ([name, value]) => !COMMON.includes(name) && ['string', 'number', 'boolean'].includes(typeof value),
  );
  return Object.fromEntries(more);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
