import type { LogFields, Logger } from '@attestel/core';
import { silentLogger } from '@attestel/core';
import { createStatusCache, createStatusList, setStatus, signStatusListToken } from '@attestel/credentials';
import type { Issuer } from '@attestel/registry';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeRegistry, fakeResolver, NOW, newConsortium, type Operator, testClock } from '../fixtures.ts';

const consortium = await newConsortium(2);
const [operator, other] = consortium.operators as [Operator, Operator];
const URI = `${operator.url}/status-lists/1`;

function setUp() {
  const clock = testClock();
  const registry = fakeRegistry(consortium);
  const answers = new Map<string, () => Response | Promise<Response>>();
  const fetched: string[] = [];
  const warnings: LogFields[] = [];
  const logger: Logger = { ...silentLogger, warn: (_, fields = {}) => void warnings.push(fields) };
  const fetch = async (url: string, init: { signal: AbortSignal }): Promise<Response> => {
    fetched.push(url);
    init.signal.throwIfAborted();
    const answer = answers.get(url);
    if (!answer) throw new TypeError('fetch failed');
    return Promise.race([answer(), aborted(init.signal)]);
  };
  const resolver = fakeResolver(consortium.operators).resolver;
  const cache = createStatusCache({ fetch, registry, resolver, clock, logger, fetchTimeoutMs: 200 });
  const aggregate = (of: Operator, uris: unknown) =>
    answers.set(`${of.url}/status-lists`, () => Response.json({ status_lists: uris }));
  const publish = async (
    by: Operator,
    uri: string,
    options: { iat?: number; ttl?: number; status?: number } = {},
  ) => {
    const { iat = NOW, ttl = 3600, status = 0 } = options;
    const list = createStatusList({ size: 64 });
    setStatus(list, 5, status);
    const token = await signStatusListToken({ ...by, uri, list, iat, ttl, exp: iat + ttl });
    answers.set(uri, () => new Response(token));
  };
  const codes = () => warnings.map(({ code }) => code);
  return { clock, registry, answers, fetched, cache, aggregate, publish, codes };
}

let world: ReturnType<typeof setUp>;
beforeEach(async () => {
  world = setUp();
  world.aggregate(operator, [URI]);
  world.aggregate(other, []);
  await world.publish(operator, URI);
});

describe('status cache', () => {
  test('knows nothing before its first refresh: no login makes it fetch', () => {
    expect(world.cache.status(URI, 5)).toBe('unknown-list');
    expect(world.fetched).toEqual([]);
  });

  test.each([
    [0, 'valid'],
    [1, 'invalid'],
    [2, 'suspended'],
    [3, 'sim-changed'],
  ] as const)('status %i is %s', async (status, name) => {
    await world.publish(operator, URI, { status });
    await world.cache.refreshNow();
    expect(world.cache.status(URI, 5)).toBe(name);
    expect(world.cache.status(URI, 4)).toBe('valid');
  });

  test.each([64, -1, 1.5, Number.NaN])('an index outside the list is invalid: %d', async (idx) => {
    await world.cache.refreshNow();
    expect(world.cache.status(URI, idx)).toBe('invalid');
  });

  test('a status that is not known lets nobody in', async () => {
    const list = createStatusList({ size: 64, bits: 4 });
    setStatus(list, 5, 9);
    const token = await signStatusListToken({
      ...operator,
      uri: URI,
      list,
      iat: NOW,
      ttl: 60,
      exp: NOW + 60,
    });
    world.answers.set(URI, () => new Response(token));
    await world.cache.refreshNow();
    expect(world.cache.status(URI, 5)).toBe('invalid');
  });

  test('sees a change with the next refresh', async () => {
    await world.cache.refreshNow();
    world.clock.advance(30);
    await world.publish(operator, URI, { iat: NOW + 20, status: 2 });
    await world.cache.refreshNow();
    expect(world.cache.status(URI, 5)).toBe('suspended');
  });

  test('asks only the endpoints of active issuers', async () => {
    world.registry.entries.set(other.did, {
      ...(world.registry.issuer(other.did) as Issuer),
      status: 'suspended',
    });
    await world.cache.refreshNow();
    expect(world.fetched).toEqual([`${operator.url}/status-lists`, URI]);
  });
});

describe('fails closed', () => {
  test('what was not confirmed for more than 60 s is stale, and fresh again after a refresh', async () => {
    await world.cache.refreshNow();
    world.clock.advance(60);
    expect(world.cache.status(URI, 5)).toBe('valid');
    world.clock.advance(1);
    expect(world.cache.status(URI, 5)).toBe('stale');
    await world.cache.refreshNow();
    expect(world.cache.status(URI, 5)).toBe('valid');
  });

  test('a list past its own end is stale although it was just fetched', async () => {
    await world.publish(operator, URI, { ttl: 10 });
    world.clock.advance(65);
    await world.cache.refreshNow();
    world.clock.advance(6);
    expect(world.cache.status(URI, 5)).toBe('stale');
  });

  test('a suspended issuer has no lists', async () => {
    await world.cache.refreshNow();
    world.registry.entries.set(operator.did, {
      ...(world.registry.issuer(operator.did) as Issuer),
      status: 'suspended',
    });
    expect(world.cache.status(URI, 5)).toBe('unknown-list');
  });

  test.each([
    ['an error', () => new Response('', { status: 500 }), 'status_fetch_failed'],
    [
      'a redirect',
      () => new Response('', { status: 302, headers: { location: URI } }),
      'status_fetch_failed',
    ],
    ['nothing in time', () => new Promise<Response>(() => {}), 'status_fetch_failed'],
    ['too much', () => new Response(new Uint8Array(3_000_000)), 'status_fetch_failed'],
    ['bytes that are no text', () => new Response(Uint8Array.of(0xff)), 'status_fetch_failed'],
    ['what is no token', () => new Response('hello'), 'jws_malformed'],
  ])('an issuer answering with %s changes nothing', async (_, answer, code) => {
    await world.cache.refreshNow();
    world.answers.set(URI, answer);
    await world.cache.refreshNow();
    expect(world.codes()).toEqual([code]);
    expect(world.cache.status(URI, 5)).toBe('valid');
    world.clock.advance(61);
    expect(world.cache.status(URI, 5)).toBe('stale');
  });

  test('an issuer that is down does not hold up the others', async () => {
    world.aggregate(other, [`${other.url}/status-lists/1`]);
    await world.publish(other, `${other.url}/status-lists/1`);
    world.answers.delete(`${operator.url}/status-lists`);
    await world.cache.refreshNow();
    expect(world.cache.status(`${other.url}/status-lists/1`, 5)).toBe('valid');
    expect(world.cache.status(URI, 5)).toBe('unknown-list');
  });

  test('an issuer slow about one list after the other loses its turn, so that the rest stay fresh', async () => {
    const slow = Array.from({ length: 20 }, (_, i) => `${other.url}/status-lists/${i + 1}`);
    world.aggregate(other, slow);
    for (const uri of slow) world.answers.set(uri, () => new Promise<Response>(() => {}));
    await world.cache.refreshNow();
    expect(world.cache.status(URI, 5)).toBe('valid');
    expect(world.fetched.filter((url) => slow.includes(url)).length).toBeLessThanOrEqual(3);
    expect(new Set(world.codes())).toEqual(new Set(['status_fetch_failed']));
  });

  test('a list that its issuer no longer names is forgotten once it is stale, however long it is valid', async () => {
    const second = `${operator.url}/status-lists/2`;
    await world.publish(operator, URI, { ttl: 10_000_000 });
    await world.publish(operator, second);
    await world.cache.refreshNow();
    world.aggregate(operator, [second]);
    world.clock.advance(30);
    await world.cache.refreshNow();
    expect(world.cache.status(URI, 5)).toBe('valid');
    world.clock.advance(31);
    await world.cache.refreshNow();
    expect(world.cache.status(URI, 5)).toBe('unknown-list');
    expect(world.cache.status(second, 5)).toBe('valid');
  });

  test('one bad list does not hold up the issuer’s others', async () => {
    const second = `${operator.url}/status-lists/2`;
    world.aggregate(operator, [second, URI]);
    await world.cache.refreshNow();
    expect(world.codes()).toEqual(['status_fetch_failed']);
    expect(world.cache.status(URI, 5)).toBe('valid');
  });
});

describe('an issuer may speak for its own lists only', () => {
  test.each([
    ['of another issuer', `${other.url}/status-lists/1`],
    ['elsewhere', 'https://elsewhere.example/1'],
    ['out of its path', `${operator.url}/../x`],
    ['that are no text', 7],
  ])('naming lists %s voids its answer', async (_, uri) => {
    world.aggregate(operator, [URI, uri]);
    await world.cache.refreshNow();
    expect(world.codes()).toEqual(['status_list_not_issuers']);
    expect(world.cache.status(URI, 5)).toBe('unknown-list');
  });

  test.each([
    ['no list of lists', 'x', 'status_list_malformed'],
    ['too many', Array.from({ length: 65 }, (_, i) => `${URI}${i}`), 'status_list_malformed'],
  ])('an aggregation with %s is refused [§9.3]', async (_, uris, code) => {
    world.aggregate(operator, uris);
    await world.cache.refreshNow();
    expect(world.codes()).toEqual([code]);
  });

  test('a list signed by another issuer is refused', async () => {
    await world.publish(other, URI);
    await world.cache.refreshNow();
    expect(world.codes()).toEqual(['status_list_not_issuers']);
    expect(world.cache.status(URI, 5)).toBe('unknown-list');
  });

  test('an older list cannot undo a revocation', async () => {
    await world.publish(operator, URI, { iat: NOW - 10, status: 1 });
    await world.cache.refreshNow();
    await world.publish(operator, URI, { iat: NOW - 11, status: 0 });
    await world.cache.refreshNow();
    expect(world.codes()).toEqual(['status_list_older']);
    expect(world.cache.status(URI, 5)).toBe('invalid');
  });
});

describe('in the background', () => {
  test('refreshes at once and every 30 s until stopped', async () => {
    vi.useFakeTimers();
    try {
      world.cache.start();
      world.cache.start();
      await vi.waitFor(() => expect(world.cache.status(URI, 5)).toBe('valid'), 20_000);
      const rounds = () => world.fetched.filter((url) => url === URI).length;
      expect(rounds()).toBe(1);
      await vi.advanceTimersByTimeAsync(30_000);
      await vi.waitFor(() => expect(rounds()).toBe(2), 20_000);
      world.cache.stop();
      await vi.advanceTimersByTimeAsync(120_000);
      expect(rounds()).toBe(2);
      world.cache.start();
      await vi.waitFor(() => expect(rounds()).toBe(3), 20_000);
      world.cache.stop();
    } finally {
      vi.useRealTimers();
    }
  });

  test('refreshes asked for at the same time are one', async () => {
    await Promise.all([world.cache.refreshNow(), world.cache.refreshNow(), world.cache.refreshNow()]);
    expect(world.fetched.filter((url) => url === URI)).toHaveLength(1);
  });
});

/** Rejects as the platform's fetch does when it is told to give up. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
