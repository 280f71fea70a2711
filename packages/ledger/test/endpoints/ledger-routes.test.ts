import {
  type Bytes,
  encodeCbor,
  errorResponse,
  fromBase64url,
  type HttpRequest,
  type HttpResponse,
  type Route,
  toBase64url,
  toHex,
  utf8,
} from '@attestel/core';
import { decodeReceipt } from '@attestel/proof';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeOperation, type Ledger, ledgerRoutes } from '../../src/index.ts';
import { ANN, addition, BOB, openTestLedger } from '../fixtures/open-test-ledger.ts';

let ledger: Ledger;
let routes: Route[];
beforeEach(async () => {
  ledger = await openTestLedger();
  routes = ledgerRoutes(ledger);
});

interface Call {
  readonly query?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: Bytes;
  readonly type?: string;
}

async function call(path: string, { query = '', params = {}, body = new Uint8Array(), type }: Call = {}) {
  const route = routes.find((each) => each.path === path) as Route;
  const request: HttpRequest = {
    method: route.method,
    url: new URL(`https://node.example${path}${query}`),
    params,
    headers: type === undefined ? {} : { 'content-type': type },
    body,
    signal: new AbortController().signal,
  };
  const answer: HttpResponse = await (async () => route.handle(request))().catch((error: unknown) =>
    errorResponse(route, error, request),
  );
  return { status: answer.status, headers: answer.headers, text: String(answer.body) };
}
const post = async (body: Bytes, type = 'application/cbor') => {
  const { status, text } = await call('/v1/ledger/operations', { body, type });
  return { status, value: JSON.parse(text) };
};

describe('POST /v1/ledger/operations', () => {
  it('takes a CBOR batch and answers per operation, refusals included', async () => {
    const good = await addition(ANN, 0);
    const late = await addition(BOB, 3);
    const { status, value } = await post(encodeCbor([encodeOperation(good), encodeOperation(late)]));
    expect(status).toBe(200);
    expect(value.results).toEqual([
      { ok: true, id: toBase64url(good.id), index: 0, height: 1 },
      {
        ok: false,
        id: toBase64url(late.id),
        error: {
          code: 'sequence_conflict',
          kind: 'conflict',
          message: '/payload/sequence: not the next operation of this actor',
          field: '/payload/sequence',
          extra: { expected: 0 },
        },
      },
    ]);
  });

  it('takes a JSON batch', async () => {
    const operations = [toBase64url(encodeOperation(await addition(ANN, 0)))];
    const { value } = await post(utf8(JSON.stringify({ operations })), 'application/json; charset=utf-8');
    expect(value.results).toMatchObject([{ ok: true, index: 0 }]);
  });

  it('submits nothing of a batch with a malformed operation, and names it', async () => {
    const good = encodeOperation(await addition(ANN, 0));
    const { status, value } = await post(encodeCbor([good, encodeCbor([1, 2, 3])]));
    expect(status).toBe(400);
    expect(value).toMatchObject({
      code: 'operation_invalid',
      field: '/operations/1/payload',
      title: '/operations/1/payload: must be bytes',
    });
    expect(ledger.head().height).toBe(0);
  });

  it.each([
    ['no body', new Uint8Array(), 'application/cbor'],
    ['no CBOR', utf8('hello'), 'application/cbor'],
    ['an empty list', encodeCbor([]), 'application/cbor'],
    ['a map', encodeCbor({ operations: [] }), 'application/cbor'],
    ['a list of numbers', encodeCbor([1]), 'application/cbor'],
    ['more than 1000', encodeCbor(Array(1001).fill(new Uint8Array(1))), 'application/cbor'],
    ['no JSON', utf8('{'), 'application/json'],
    ['null', utf8('null'), 'application/json'],
    ['an unknown member', utf8('{"operations":["AA"],"more":1}'), 'application/json'],
    ['padded base64', utf8('{"operations":["AA=="]}'), 'application/json'],
    ['numbers', utf8('{"operations":[1]}'), 'application/json'],
    ['broken UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'application/json'],
  ])('refuses %s', async (_, body, type) => {
    expect(await post(body, type)).toMatchObject({ status: 400, value: { code: 'batch_invalid' } });
  });

  it('refuses more than 1 MB', async () => {
    const route = routes.find(({ method }) => method === 'POST');
    expect(route?.maxBodyBytes).toBe(1_000_000);
    expect(await post(new Uint8Array(1_000_001))).toMatchObject({ status: 413 });
  });
});

describe('GET /v1/ledger/checkpoint', () => {
  it('gives the signed checkpoint as text', async () => {
    await ledger.submit([await addition(ANN, 0)]);
    const answer = await call('/v1/ledger/checkpoint');
    expect(answer.text).toBe(ledger.head().checkpoint);
    expect(answer.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8' });
  });
});

describe('GET /v1/ledger/entries', () => {
  const page = async (query: string) => {
    const { status, text } = await call('/v1/ledger/entries', { query });
    return { status, value: JSON.parse(text) };
  };

  it('gives exact leaf bytes from an index on, and the size of the log', async () => {
    await ledger.submit([await addition(ANN, 0), await addition(BOB, 0)]);
    const { value } = await page('?from=1&limit=1');
    expect(value.size).toBe(3);
    const [entry] = ledger.entries(1, 1);
    expect(value.entries).toEqual([{ index: 1, entry: toBase64url(entry?.bytes ?? new Uint8Array()) }]);
    expect((await page('')).value.entries).toHaveLength(3);
    expect((await page('?from=3')).value.entries).toEqual([]);
    expect((await page('?from=9007199254739000')).value.entries).toEqual([]);
  });

  it('gives less than asked when the answer grows large, but always an entry', async () => {
    const large = { ...ledger, head: () => ({ ...ledger.head(), size: 7 }) };
    large.entries = function* (from) {
      for (let index = from; index < 7; index++) {
        yield { index, bytes: new Uint8Array(index === 6 ? 5_000_000 : 900_000) };
      }
    };
    routes = ledgerRoutes(large);
    const { value } = await page('?limit=1000');
    expect(value.size).toBe(7);
    expect(value.entries).toHaveLength(4);
    expect((await page('?from=6')).value.entries).toHaveLength(1);
  });

  it.each([
    ['?from=-1', 'from'],
    ['?from=01', 'from'],
    ['?from=1.5', 'from'],
    ['?from=', 'from'],
    ['?from=9007199254740993', 'from'],
    ['?limit=0', 'limit'],
    ['?limit=1001', 'limit'],
    ['?limit=1&limit=2', 'limit'],
    ['?start=1', 'query'],
  ])('refuses %s', async (query, field) => {
    expect(await page(query)).toMatchObject({ status: 400, value: { code: 'query_invalid', field } });
  });
});

describe('GET /v1/ledger/sequences/:module/:actor', () => {
  const path = '/v1/ledger/sequences/:module/:actor';

  it('gives the next sequence of an actor', async () => {
    await ledger.submit([await addition(ANN, 0)]);
    expect(JSON.parse((await call(path, { params: { module: 'counter', actor: ANN } })).text)).toEqual({
      sequence: 1,
    });
    expect(JSON.parse((await call(path, { params: { module: 'counter', actor: BOB } })).text)).toEqual({
      sequence: 0,
    });
  });

  it('refuses a module that does not order by actor', async () => {
    expect((await call(path, { params: { module: 'register', actor: ANN } })).status).toBe(400);
    expect((await call(path, { params: { module: 'host', actor: ANN } })).status).toBe(400);
  });
});

it('refuses unknown query parameters on every route', async () => {
  for (const { path } of routes) {
    expect(await call(path, { query: '?x=1' })).toMatchObject({ status: 400 });
  }
});

describe('receipts over HTTP', () => {
  const checkpoints = '/v1/ledger/checkpoints/:hash';
  const states = '/v1/ledger/state/:module/*key';
  const receipts = '/v1/ledger/entries/:index/receipt';

  it('come with the value that the checkpoint proves, or null', async () => {
    await ledger.submit([await addition(ANN, 0)]);
    for (const [key, value] of [
      ['all', toBase64url(encodeCbor(1))],
      ['nothing/here', null],
    ]) {
      const { status, text } = await call(states, { params: { module: 'counter', key: key as string } });
      const answer = JSON.parse(text);
      expect([status, answer.value]).toEqual([200, value]);
      expect(decodeReceipt(fromBase64url(answer.receipt))).toMatchObject({ module: 'counter', key });
    }
  });

  it('refer to a checkpoint that is served by its hash', async () => {
    await ledger.submit([await addition(ANN, 0)]);
    const { text } = await call(receipts, { params: { index: '0' } });
    const { checkpoint } = decodeReceipt(fromBase64url(JSON.parse(text).receipt));
    const hash = checkpoint.form === 'reference' ? toHex(checkpoint.hash) : '';
    const found = await call(checkpoints, { params: { hash } });
    expect(found).toMatchObject({ status: 200, text: ledger.head().checkpoint });
    expect((await call(checkpoints, { params: { hash: '0'.repeat(64) } })).status).toBe(404);
    expect((await call(checkpoints, { params: { hash: 'ABC' } })).status).toBe(400);
  });

  it('are refused for entries that do not exist, and unknown forms', async () => {
    await ledger.submit([await addition(ANN, 0)]);
    expect((await call(receipts, { params: { index: '9' } })).status).toBe(503);
    expect((await call(receipts, { params: { index: '-1' } })).status).toBe(400);
    expect((await call(receipts, { params: { index: '0' }, query: '?receipt=short' })).status).toBe(400);
    const full = await call(states, { params: { module: 'counter', key: 'all' }, query: '?receipt=full' });
    expect(full.status).toBe(503); // nobody cosigned: there is nothing to staple
  });

  it('go with the policy that the node is configured with', async () => {
    expect(routes.some(({ path }) => path === '/v1/ledger/policy')).toBe(false);
    routes = ledgerRoutes(ledger, { policy: 'quorum none\n' });
    expect(await call('/v1/ledger/policy')).toMatchObject({ status: 200, text: 'quorum none\n' });
  });

  it('go with the signed links by which older policies lead to it', async () => {
    const links = Array.from({ length: 102 }, (_, i) => `link ${i + 1}`);
    routes = ledgerRoutes(ledger, { policy: 'newest\n', policyChain: { first: 'oldest\n', links } });
    const pageAfter = async (query: string) =>
      JSON.parse((await call('/v1/ledger/policies', { query })).text);
    expect(await pageAfter('')).toEqual({ first: 'oldest\n', sequence: 102, links: links.slice(0, 100) });
    expect((await pageAfter('?after=100')).links).toEqual(['link 101', 'link 102']);
    expect((await pageAfter('?after=500')).links).toEqual([]);
    expect((await call('/v1/ledger/policies', { query: '?after=-1' })).status).toBe(400);
  });
});
