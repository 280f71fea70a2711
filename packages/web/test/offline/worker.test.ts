import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';

const WORKER = readFileSync(new URL('../../src/offline/worker.js', import.meta.url), 'utf8');
const ORIGIN = 'http://localhost:4104';
const html = (name: string): string => `<script src="/inspect/assets/${name}.js"></script>`;

type Listener = (event: object) => void;

/** The worker of `/inspect`, its cache, and a node that answers as `served` says; a path that is not there: no network. */
function phone() {
  const served = new Map<string, Response>();
  const kept = new Map<string, Response>();
  const listeners = new Map<string, Listener>();
  const pathOf = (request: string | { url: string }): string =>
    new URL(typeof request === 'string' ? request : request.url, ORIGIN).pathname;
  const fetch = async (request: string | { url: string }): Promise<Response> => {
    const answer = served.get(pathOf(request));
    if (!answer) throw new TypeError('no network');
    return answer.clone();
  };
  const cache = {
    match: async (request: string | { url: string }) => kept.get(pathOf(request))?.clone(),
    put: async (request: string | { url: string }, answer: Response) =>
      void kept.set(pathOf(request), answer),
    async addAll(paths: readonly string[]) {
      const answers = await Promise.all(paths.map(fetch));
      for (const [i, path] of paths.entries()) kept.set(path, answers[i] as Response);
    },
  };
  const self = {
    location: { href: `${ORIGIN}/inspect/worker.js`, origin: ORIGIN },
    addEventListener: (name: string, listener: Listener) => void listeners.set(name, listener),
    skipWaiting: async () => undefined,
    clients: { claim: async () => undefined },
  };
  runInContext(
    WORKER,
    createContext({
      self,
      fetch,
      caches: { open: async () => cache },
      URL,
      AbortSignal,
      TypeError,
      Promise,
      Set,
    }),
  );
  const begun: Promise<unknown>[] = [];
  const dispatch = (name: string, event: object): void =>
    listeners.get(name)?.({ ...event, waitUntil: (work: Promise<unknown>) => void begun.push(work) });
  return {
    served,
    async install() {
      dispatch('install', {});
      await Promise.all(begun);
    },
    async open(path: string): Promise<string> {
      let answer: Promise<Response> | undefined;
      const respondWith = (given: Promise<Response>) => {
        answer = given;
      };
      dispatch('fetch', { request: { url: ORIGIN + path, method: 'GET' }, respondWith });
      const text = await (await (answer as unknown as Promise<Response>)).text();
      await Promise.allSettled(begun);
      return text;
    },
  };
}

function serve(served: Map<string, Response>, name: string): void {
  served.clear();
  served.set('/inspect', new Response(html(name)));
  served.set('/inspect/config.json', new Response('{}'));
  served.set(`/inspect/assets/${name}.js`, new Response(name));
}

describe('a page that opens without a network', () => {
  it('opens with what it loads, and with a newer one as soon as that is here whole', async () => {
    const { served, install, open } = phone();
    serve(served, 'one');
    await install();
    served.clear();
    expect([await open('/inspect'), await open('/inspect/assets/one.js')]).toEqual([html('one'), 'one']);
    serve(served, 'two');
    expect(await open('/inspect')).toBe(html('two'));
    served.clear();
    expect([await open('/inspect'), await open('/inspect/assets/two.js')]).toEqual([html('two'), 'two']);
  });

  it('stays the one of before where the network goes in the middle of a newer one', async () => {
    const { served, install, open } = phone();
    serve(served, 'one');
    await install();
    serve(served, 'two');
    served.delete('/inspect/assets/two.js');
    expect(await open('/inspect')).toBe(html('two'));
    served.clear();
    expect([await open('/inspect'), await open('/inspect/assets/one.js')]).toEqual([html('one'), 'one']);
  });

  it('opens while its node is being started anew', async () => {
    const { served, install, open } = phone();
    serve(served, 'one');
    await install();
    served.set('/inspect', new Response('Bad gateway', { status: 502 }));
    served.set('/inspect/config.json', new Response('Bad gateway', { status: 502 }));
    expect([await open('/inspect'), await open('/inspect/config.json')]).toEqual([html('one'), '{}']);
  });
});
