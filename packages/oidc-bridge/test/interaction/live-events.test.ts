import type { HttpRequest, HttpResponse } from '@attestel/core';
import type { FlowState } from '@attestel/openid/verifier';
import { describe, expect, test } from 'vitest';
import { liveEvents, liveState } from '../../src/interaction/live-events.ts';
import type { InteractionContext } from '../../src/interaction/visit.ts';

/** Any number of logins under way, all in the same phase. */
function bridge() {
  const world = { phase: 'waiting' as FlowState['phase'], browser: true };
  const context = {
    options: {
      clock: { now: () => 0 },
      verifier: {
        state: () => ({ phase: world.phase, sequence: 1, openBy: 300_000, expiresAt: 300_000 }),
        onChange: () => () => {},
      },
    },
    browser: { matches: () => world.browser },
    logins: { find: (uid: string) => ({ browser: '', done: false, expiresAt: 300_000, there: { id: uid } }) },
  } as unknown as InteractionContext;
  return { world, context };
}

function requestOf(uid: string) {
  const client = new AbortController();
  const request = {
    method: 'GET',
    url: new URL(`https://bridge.example/interaction/${uid}/events`),
    params: { uid },
    headers: {},
    body: new Uint8Array(),
    signal: client.signal,
  } satisfies HttpRequest;
  return { request, leave: () => client.abort() };
}

const open = (uid: string, context: InteractionContext) => {
  const { request, leave } = requestOf(uid);
  return { response: liveEvents(request, context), leave };
};

const eventsOf = (response: HttpResponse): AsyncGenerator<string> => response.body as AsyncGenerator<string>;

const tooMany = expect.objectContaining({ code: 'too_many_streams', status: 429 });

describe('event streams of one login', () => {
  test('are at most four at a time; other logins and other bridges have their own', () => {
    const { context } = bridge();
    for (let count = 0; count < 4; count++) expect(open('a', context).response.status).toBe(200);
    expect(() => open('a', context)).toThrow(tooMany);
    expect(open('b', context).response.status).toBe(200);
    expect(open('a', bridge().context).response.status).toBe(200);
  });

  test('make room when a client leaves, also before its first event', async () => {
    const { context } = bridge();
    const streams = [1, 2, 3, 4].map(() => open('a', context));
    streams[0]?.leave();
    const next = open('a', context);
    expect(() => open('a', context)).toThrow(tooMany);
    const events = eventsOf(next.response);
    expect((await events.next()).value).toContain('waiting');
    next.leave();
    expect((await events.next()).done).toBe(true);
    expect(open('a', context).response.status).toBe(200);
    // The one that left gave one place back, though both its client and its generator ended.
    expect(() => open('a', context)).toThrow(tooMany);
  });

  test('make room when they have told the end', async () => {
    const { world, context } = bridge();
    const streams = [1, 2, 3, 4].map(() => open('a', context));
    world.phase = 'answered';
    for (const { response } of streams) {
      const events = eventsOf(response);
      expect((await events.next()).value).toContain('answered');
      expect((await events.next()).done).toBe(true);
    }
    for (let count = 0; count < 4; count++) expect(open('a', context).response.status).toBe(200);
  });

  test('take no room for a client that is gone already, or for a browser that may not watch', () => {
    const { world, context } = bridge();
    for (let count = 0; count < 6; count++) {
      const { request, leave } = requestOf('a');
      leave();
      liveEvents(request, context);
    }
    world.browser = false;
    for (let count = 0; count < 6; count++) {
      expect(() => open('a', context)).toThrow(expect.objectContaining({ code: 'other_browser' }));
    }
    world.browser = true;
    expect(open('a', context).response.status).toBe(200);
  });

  test('leave polling as it is', () => {
    const { context } = bridge();
    for (let count = 0; count < 4; count++) open('a', context);
    expect(liveState(requestOf('a').request, context).status).toBe(200);
  });
});
