import type { HttpRequest } from '@attestel/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { eventsEndpoint } from '../../src/endpoints/events.endpoint.ts';
import { OPEN_TO_ALL } from '../../src/endpoints/read-guard.ts';
import type { Ledger } from '../../src/index.ts';
import { ANN, addition, BOB, openTestLedger } from '../fixtures/open-test-ledger.ts';

let ledger: Ledger;
beforeEach(async () => {
  ledger = await openTestLedger();
  await ledger.submit([await addition(ANN, 0)]);
});

const requestOf = (query = '', headers = {}, signal = new AbortController().signal): HttpRequest => ({
  method: 'GET',
  url: new URL(`https://node.example/v1/ledger/events${query}`),
  params: {},
  headers,
  body: new Uint8Array(),
  signal,
});

async function streamOf(request: HttpRequest, options = {}) {
  const route = eventsEndpoint(ledger, OPEN_TO_ALL, options);
  const { body } = await route.handle(request);
  const parts = (body as AsyncIterable<string>)[Symbol.asyncIterator]();
  await parts.next(); // the comment that opens it
  return { route, parts, next: async () => (await parts.next()).value as string };
}

describe('GET /v1/ledger/events', () => {
  it('gives every entry from the index on, and then those that come', async () => {
    const { next, parts } = await streamOf(requestOf('?from=0'));
    const first = await next();
    expect(first).toMatch(
      /^id: 0\nevent: operation\ndata: \{"index":0,.*"module":"counter","kind":"add".*\}\n\n/,
    );
    expect(first).toContain('id: 1\nevent: block\ndata: {"index":1,"height":1,');
    const later = next();
    await ledger.submit([await addition(BOB, 0)]);
    expect(await later).toMatch(/^id: 2\n/);
    await parts.return?.();
  });

  it('goes on after the last event that a reader has', async () => {
    await ledger.submit([await addition(BOB, 0)]);
    const { next, parts } = await streamOf(requestOf('?from=0', { 'last-event-id': '1' }));
    expect(await next()).toMatch(/^id: 2\n/);
    await parts.return?.();
  });

  it('says that it is still there when nothing happens', async () => {
    const { next, parts } = await streamOf(requestOf('?from=2'), { heartbeatMilliseconds: 1 });
    expect(await next()).toBe(': still here\n\n');
    await parts.return?.();
  });

  it('ends when the reader has gone', async () => {
    const gone = new AbortController();
    const { parts } = await streamOf(requestOf('?from=2', {}, gone.signal));
    const end = parts.next();
    gone.abort();
    expect((await end).done).toBe(true);
  });

  it('refuses malformed cursors', async () => {
    const route = eventsEndpoint(ledger, OPEN_TO_ALL);
    for (const request of [
      requestOf('?from=-1'),
      requestOf('?from=01'),
      requestOf('?x=1'),
      requestOf('', { 'last-event-id': 'x' }),
    ]) {
      await expect(route.handle(request)).rejects.toThrow(/out of range/);
    }
  });

  it('serves a bounded number of readers, and the next one when one leaves', async () => {
    const { route, parts } = await streamOf(requestOf(), { maxStreams: 1 });
    await expect(route.handle(requestOf())).rejects.toThrow('event streams');
    await parts.return?.();
    expect((await route.handle(requestOf())).status).toBe(200);
  });

  it('drops a reader that takes nothing', async () => {
    const dropped = Promise.withResolvers<void>();
    const raw = { req: undefined, res: { destroy: () => dropped.resolve() } };
    const { parts } = await streamOf({ ...requestOf('?from=0'), raw }, { patienceMilliseconds: 1 });
    await parts.next(); // taken from the store, and never asked for more
    await dropped.promise;
    await parts.return?.();
  });

  it('serves one client so many streams and others still; who cannot be told apart is not counted', async () => {
    const clientOf = ({ headers }: HttpRequest) => headers['x-test-client'];
    const route = eventsEndpoint(ledger, OPEN_TO_ALL, { maxStreams: 4, maxStreamsPerClient: 2, clientOf });
    const open = async (client?: string) => {
      const { body } = await route.handle(requestOf('', client ? { 'x-test-client': client } : {}));
      const parts = (body as AsyncIterable<string>)[Symbol.asyncIterator]();
      await parts.next();
      return parts;
    };
    const busy = { code: 'too_many_streams' };
    const [first] = [await open('a'), await open('a')];
    await expect(open('a')).rejects.toMatchObject(busy);
    await first.return?.();
    await open('a');
    await open();
    await open();
    await expect(open('b')).rejects.toMatchObject(busy);
  });
});
