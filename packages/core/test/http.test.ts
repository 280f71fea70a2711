import { describe, expect, test } from 'vitest';
import { errorResponse, errorsOf, type HttpRequest, html, json, page, redirect } from '../src/index.ts';

const fail = errorsOf({
  proof_replayed: { kind: 'bad-input', message: 'the proof was used before', wire: 'invalid_proof' },
  not_here: { kind: 'not-found', message: 'no such thing' },
  broken: { kind: 'unavailable', message: 'try again later' },
  odd: { kind: 'bad-input', message: 'must be "a" or \\ or 号 (§3)' },
});

const request: HttpRequest = {
  method: 'GET',
  url: new URL('https://node.example/x'),
  params: {},
  headers: {},
  body: new Uint8Array(),
  signal: new AbortController().signal,
};

const bodyOf = (format: 'oauth' | 'problem', error: unknown) => {
  const response = errorResponse({ errors: format }, error, request);
  return { ...response, body: JSON.parse(response.body as string) };
};

describe('errors of OAuth routes', () => {
  test("carry the protocol's own code [RFC 6749 §5.2]", () => {
    expect(bodyOf('oauth', fail('proof_replayed'))).toEqual({
      status: 400,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: { error: 'invalid_proof', error_description: 'the proof was used before' },
    });
  });

  test('fall back to invalid_request, or server_error from 500 on', () => {
    expect(bodyOf('oauth', fail('not_here'))).toMatchObject({
      status: 404,
      body: { error: 'invalid_request' },
    });
    expect(bodyOf('oauth', fail('broken'))).toMatchObject({ status: 503, body: { error: 'server_error' } });
  });

  test('describe in printable ASCII without quotation mark and backslash [RFC 6749 §5.2]', () => {
    expect(bodyOf('oauth', fail('odd')).body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  });

  test('extra members cannot replace the error', () => {
    const error = fail('proof_replayed', { extra: { error: 'x', error_description: 'y', c_nonce: 'n' } });
    expect(bodyOf('oauth', error).body).toEqual({
      error: 'invalid_proof',
      error_description: 'the proof was used before',
      c_nonce: 'n',
    });
  });
});

describe('errors of other routes', () => {
  test('are problem details with code and field [RFC 9457 §3]', () => {
    expect(bodyOf('problem', fail('not_here', { field: '/id', extra: { head: 'h', status: 1 } }))).toEqual({
      status: 404,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
      body: {
        type: 'about:blank',
        title: '/id: no such thing',
        status: 404,
        code: 'not_here',
        field: '/id',
        head: 'h',
      },
    });
  });
});

describe('unknown errors', () => {
  test.each(['oauth', 'problem'] as const)('say nothing about themselves (%s)', (format) => {
    const response = bodyOf(format, new Error('password=hunter2'));
    expect(response.status).toBe(500);
    expect(JSON.stringify(response)).not.toContain('hunter2');
  });

  test('also on a page', () => {
    const response = errorResponse({ errors: 'html' }, new Error('password=hunter2'), request);
    expect(response.status).toBe(500);
    expect(String(response.body)).toContain('Internal error');
    expect(String(response.body)).not.toContain('hunter2');
  });
});

describe('errors of pages', () => {
  test("use the route's own page", () => {
    const errorPage = (error: unknown) => page(html`own ${(error as Error).message}`, 404);
    const response = errorResponse({ errors: 'html', errorPage }, fail('not_here'), request);
    expect([response.status, String(response.body)]).toEqual([404, 'own no such thing']);
  });

  test('escape the message on the plain page', () => {
    const response = errorResponse({ errors: 'html' }, fail('not_here', { field: '<b>' }), request);
    expect(String(response.body)).toContain('&lt;b&gt;: no such thing');
  });

  test('forbid the plain page to load anything and others to frame it', () => {
    const response = errorResponse({ errors: 'html' }, fail('not_here'), request);
    expect(response.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
  });
});

describe('answers', () => {
  test('json and page set their media type, pages and redirects are not cached', () => {
    expect(json({ a: 1 }, 201)).toEqual({
      status: 201,
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    expect(page(html`x`).headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    });
  });

  test('redirect answers 303, so that a POST is not repeated at the new place [RFC 9110 §15.4.4]', () => {
    expect(redirect('/next', { 'set-cookie': ['a=1', 'b=2'] })).toEqual({
      status: 303,
      headers: { location: '/next', 'cache-control': 'no-store', 'set-cookie': ['a=1', 'b=2'] },
      body: null,
    });
  });
});
