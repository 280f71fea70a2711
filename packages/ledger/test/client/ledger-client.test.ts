import { errorResponse, type HttpRequest, isAppError, type Route } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { createLedgerClient, type Ledger, ledgerRoutes } from '../../src/index.ts';
import { ANN, addition, BOB, openTestLedger } from '../fixtures/open-test-ledger.ts';

/** The route table of a ledger as a fetch function. */
function fetchOf(ledger: Ledger): typeof fetch {
  const routes = ledgerRoutes(ledger);
  return async (input, init) => {
    const url = new URL(String(input));
    const [, params] = /^\/v1\/ledger\/sequences\/([^/]+)\/([^/]+)$/.exec(url.pathname) ?? [];
    const sequence =
      params === undefined ? undefined : url.pathname.split('/').slice(-2).map(decodeURIComponent);
    const route = routes.find(({ path }) =>
      sequence ? path.startsWith('/v1/ledger/sequences/') : path === url.pathname,
    ) as Route;
    const request: HttpRequest = {
      method: init?.method ?? 'GET',
      url,
      params: sequence ? { module: sequence[0] as string, actor: sequence[1] as string } : {},
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: new Uint8Array((init?.body as Uint8Array | undefined) ?? []),
      signal: new AbortController().signal,
    };
    const answer = await (async () => route.handle(request))().catch((error: unknown) =>
      errorResponse(route, error, request),
    );
    return new Response(String(answer.body), { status: answer.status });
  };
}
const clientOf = (ledger: Ledger) =>
  createLedgerClient({ url: 'https://node.example/', fetch: fetchOf(ledger) });
const answering = (text: string, status = 200) =>
  createLedgerClient({ url: 'https://node.example', fetch: async () => new Response(text, { status }) });

describe('ledger client', () => {
  it('submits, and gives results as the ledger itself does', async () => {
    const ledger = await openTestLedger();
    const client = clientOf(ledger);
    const [good, late] = [await addition(ANN, 0), await addition(BOB, 2)];
    const [first, second] = await client.submit([good, late]);
    expect(first).toEqual({ ok: true, id: good.id, index: 0, height: 1 });
    if (second?.ok !== false) throw new Error('expected a refusal');
    expect(isAppError(second.error)).toBe(true);
    expect(second.error).toMatchObject({
      code: 'sequence_conflict',
      kind: 'conflict',
      field: '/payload/sequence',
      message: '/payload/sequence: not the next operation of this actor',
      extra: { expected: 0 },
    });
  });

  it('reads checkpoint, entries and sequences', async () => {
    const ledger = await openTestLedger();
    const client = clientOf(ledger);
    await client.submit([await addition(ANN, 0)]);
    expect(await client.checkpoint()).toBe(ledger.head().checkpoint);
    expect(await client.entries(0)).toEqual({ size: 2, entries: [...ledger.entries(0, 10)] });
    expect((await client.entries(1, 1)).entries).toHaveLength(1);
    expect(await client.sequence('counter', ANN)).toBe(1);
  });

  it('throws the error of a refused request with its kind, field and extra', async () => {
    const client = clientOf(await openTestLedger());
    await expect(client.entries(0, 5000)).rejects.toMatchObject({
      code: 'query_invalid',
      kind: 'bad-input',
      field: 'limit',
      extra: { max: 1000 },
    });
    await expect(client.sequence('nothing', ANN)).rejects.toMatchObject({ code: 'unknown_module' });
  });

  it('takes the kind of a problem document from its status', async () => {
    const problem = JSON.stringify({ title: 'slow down', status: 429, code: 'busy' });
    await expect(answering(problem, 429).checkpoint()).rejects.toMatchObject({
      kind: 'too-many',
      code: 'busy',
    });
    await expect(answering(problem, 500).checkpoint()).rejects.toMatchObject({ kind: 'internal' });
  });

  it.each([
    ['no JSON', '<html>'],
    ['no results', '{}'],
    ['a result too few', '{"results":[]}'],
    ['a result that is nothing', '{"results":[null]}'],
    ['a result without id', '{"results":[{"ok":true,"index":0,"height":1}]}'],
    ['a fraction as index', '{"results":[{"ok":true,"id":"AA","index":0.5,"height":1}]}'],
    ['an error without a kind', '{"results":[{"ok":false,"id":"AA","error":{"code":"a","message":"b"}}]}'],
    [
      'an inherited kind',
      '{"results":[{"ok":false,"id":"AA","error":{"code":"a","message":"b","kind":"toString"}}]}',
    ],
  ])('does not believe an answer with %s', async (_, text) => {
    const operation = await addition(ANN, 0);
    await expect(answering(text).submit([operation])).rejects.toMatchObject({ code: 'answer_invalid' });
  });

  it.each([
    ['{"size":-1,"entries":[]}'],
    ['{"size":1,"entries":[1]}'],
    ['{"size":1,"entries":[{"index":0,"entry":"="}]}'],
  ])('does not believe entries like %s', async (text) => {
    await expect(answering(text).entries(0)).rejects.toMatchObject({ code: 'answer_invalid' });
  });

  it('cuts off an endless answer and names a dead node', async () => {
    const endless = answering('x'.repeat(16_000_001));
    await expect(endless.checkpoint()).rejects.toMatchObject({ code: 'answer_invalid' });
    const dead = createLedgerClient({
      url: 'https://node.example',
      fetch: () => Promise.reject(new TypeError('refused')),
    });
    await expect(dead.checkpoint()).rejects.toMatchObject({
      code: 'ledger_unreachable',
      kind: 'unavailable',
    });
  });
});
