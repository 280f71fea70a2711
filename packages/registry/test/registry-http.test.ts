import { errorResponse, type HttpRequest, type Route } from '@attestel/core';
import { createRegistry, registryRoutes } from '@attestel/registry';
import { createRegistryClient } from '@attestel/registry/client';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  A,
  appBody,
  B,
  bridgeBody,
  C,
  type FakeLedger,
  foundedLedger,
  genesisBody,
  issuerBody,
  P,
  STRANGER,
  timeAt,
} from './fake-ledger.ts';

const ENDPOINT = 'https://node.example/base';
let ledger: FakeLedger;
let routes: Route[];

beforeEach(() => {
  ledger = foundedLedger();
  ledger.submit({ kind: 'issuer.accredit', body: issuerBody(A), by: [A, B] });
  ledger.submit({ kind: 'issuer.accredit', body: issuerBody(B), by: [A, B] });
  ledger.submit({ kind: 'bridge.accredit', body: bridgeBody(P), by: [A, P] });
  ledger.submit({ kind: 'app.register', body: appBody('shop'), by: [P] });
  routes = registryRoutes(createRegistry(ledger));
});

/** What the server does: finds the route, decodes the parameter, writes errors. */
async function serve(path: string) {
  const [, kind, id] = /^\/v1\/registry\/(\w+)(?:\/([^/]+))?$/.exec(path) ?? [];
  const route = routes.find((r) => r.path === `/v1/registry/${kind}${id === undefined ? '' : '/:id'}`);
  if (!route) throw new Error(`no route for ${path}`);
  const request = {
    url: new URL(path, ENDPOINT),
    params: id === undefined ? {} : { id: decodeURIComponent(id) },
  } as unknown as HttpRequest;
  try {
    return await route.handle(request);
  } catch (error) {
    return errorResponse(route, error, request);
  }
}

const served: typeof fetch = async (input) => {
  const { status, body } = await serve(String(input).slice(ENDPOINT.length));
  return new Response(body as string, { status });
};
const client = (answer: typeof fetch = served) =>
  createRegistryClient({ endpoint: `${ENDPOINT}/`, fetch: answer });

describe('registry routes', () => {
  it('are public, cookie-less reads that caches do not keep', async () => {
    expect(routes.map((r) => r.path).sort()).toEqual(
      ['members', 'issuers', 'bridges', 'apps']
        .flatMap((k) => [`/v1/registry/${k}`, `/v1/registry/${k}/:id`])
        .sort(),
    );
    expect(routes.every((r) => r.method === 'GET' && r.cors)).toBe(true);
    expect((await serve('/v1/registry/members')).headers).toMatchObject({ 'cache-control': 'no-cache' });
  });

  it('answer with the records of the ledger', async () => {
    const body = async (path: string) => JSON.parse((await serve(path)).body as string);
    expect(await body('/v1/registry/members')).toHaveLength(5);
    expect(await body(`/v1/registry/issuers/${encodeURIComponent(A)}`)).toEqual({
      ...issuerBody(A),
      status: 'active',
    });
    expect(await body(`/v1/registry/members/${encodeURIComponent(P)}`)).toEqual({
      ...genesisBody.founders[4],
      status: 'active',
      statusSince: timeAt(1),
    });
    expect(await body('/v1/registry/apps')).toEqual([{ ...appBody('shop'), status: 'active' }]);
  });

  it('say 404 for what is not registered', async () => {
    for (const kind of ['members', 'issuers', 'bridges', 'apps']) {
      const response = await serve(`/v1/registry/${kind}/${STRANGER}`);
      expect(response.status).toBe(404);
      expect(JSON.parse(response.body as string)).toMatchObject({ code: 'registry_unknown' });
    }
  });
});

describe('registry client', () => {
  it('reads every kind of record', async () => {
    expect(await client().member(C)).toEqual({
      ...genesisBody.founders[2],
      status: 'active',
      statusSince: timeAt(1),
    });
    expect(await client().issuer(A)).toEqual({ ...issuerBody(A), status: 'active' });
    expect(await client().bridge(P)).toEqual({ ...bridgeBody(P), status: 'active' });
    expect(await client().app('shop')).toEqual({ ...appBody('shop'), status: 'active' });
    expect((await client().issuers()).map((i) => i.did)).toEqual([A, B]);
  });

  it('shows suspended and unknown alike', async () => {
    ledger.submit({ kind: 'issuer.suspend', body: { did: A }, by: [A, B] });
    ledger.submit({ kind: 'member.suspend', body: { did: P }, by: [A, B, C] });
    for (const absent of [
      client().issuer(A),
      client().bridge(P),
      client().app('shop'),
      client().member(P),
      client().issuer(STRANGER),
      client().app('nothing-there'),
    ]) {
      expect(await absent).toBeUndefined();
    }
    expect((await client().issuers()).map((i) => i.did)).toEqual([B]);
  });

  it('does not let an id change the path it asks', async () => {
    const asked: string[] = [];
    const spy: typeof fetch = async (input) => {
      asked.push(String(input));
      return new Response('', { status: 404 });
    };
    await client(spy).app('../members?x=#');
    expect(asked).toEqual([`${ENDPOINT}/v1/registry/apps/..%2Fmembers%3Fx%3D%23`]);
  });

  it.each<[string, () => Response]>([
    ['another record', () => Response.json({ ...issuerBody(B), status: 'active' })],
    ['a record in another form', () => Response.json({ did: A })],
    ['an unknown status', () => Response.json({ ...issuerBody(A), status: 'fine' })],
    [
      'a URL of another scheme',
      () => Response.json({ ...issuerBody(A, { issuerUrl: 'javascript:0' }), status: 'active' }),
    ],
    ['no JSON', () => new Response('<html>')],
    ['an error', () => new Response('', { status: 500 })],
  ])('refuses an answer with %s', async (_, answer) => {
    await expect(client(async () => answer()).issuer(A)).rejects.toMatchObject({
      code: 'registry_unavailable',
    });
  });

  it('reads no more of an endless answer than it takes', async () => {
    let sent = 0;
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      sent += 10_000;
      if (sent > 10_000_000) controller.error(new Error('read on and on'));
      else controller.enqueue(new Uint8Array(10_000).fill(0x20));
    };
    const endless = client(async () => new Response(new ReadableStream({ pull })));
    await expect(endless.issuer(A)).rejects.toMatchObject({ code: 'registry_unavailable' });
    expect(sent).toBeLessThan(1_100_000);
  });

  it('says unavailable when nothing answers, and follows no redirect', async () => {
    let options: RequestInit | undefined;
    const down: typeof fetch = async (_, init) => {
      options = init;
      throw new TypeError('fetch failed');
    };
    await expect(client(down).issuers()).rejects.toMatchObject({ code: 'registry_unavailable' });
    expect(options?.redirect).toBe('error');
    expect(options?.signal).toBeInstanceOf(AbortSignal);
  });

  it('ignores members of records that it does not know', async () => {
    const newer = { ...issuerBody(A), status: 'active', since: 'tomorrow' };
    expect(await client(async () => Response.json(newer)).issuer(A)).toEqual({
      ...issuerBody(A),
      status: 'active',
    });
  });
});
