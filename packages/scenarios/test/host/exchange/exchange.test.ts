import {
  AppError,
  errorResponse,
  type HttpRequest,
  type HttpResponse,
  type JsonValue,
  type Route,
  utf8,
} from '@attestel/core';
import { CompactEncrypt, calculateJwkThumbprint, decodeProtectedHeader, importJWK } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { exchangeRoutes } from '../../../src/host/exchange/exchange.endpoint.ts';
import {
  createHttpExchange,
  type ExchangeFetch,
  type HttpExchangeOptions,
} from '../../../src/host/exchange/http-exchange.ts';
import { parseParcelJson } from '../../../src/host/exchange/parcel-json.ts';
import { sealParcel } from '../../../src/host/exchange/sealed-parcel.ts';
import { KEY_TYP, signMessage } from '../../../src/host/exchange/signed-message.ts';
import { NOW, newParty, type Party, resolverOf } from '../credentials/fake-lines.ts';

const [alice, bob, eve] = [await newParty(), await newParty(), await newParty()];
const BOB = 'https://bob.example/node';
const SECRET = 'rate 0.0042';

/** Routes behind a fetch, as a server mounts them. */
function serve(
  routes: () => readonly Route[],
  log: { url: string; body: string; answer: string }[],
): ExchangeFetch {
  return async (url, { method, headers, body = '' }) => {
    const { pathname } = new URL(url);
    const route = routes().find((one) => one.method === method && pathname === `/node${one.path}`);
    if (!route) return new Response('', { status: 404 });
    const request = {
      method,
      url: new URL(url),
      params: {},
      headers,
      body: utf8(body),
      signal: new AbortController().signal,
    };
    const { status, headers: more, body: text } = await answerOf(route, request as HttpRequest);
    log.push({ url, body, answer: String(text) });
    return new Response(text as string, { status, headers: more as Record<string, string> });
  };
}

async function answerOf(route: Route, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await route.handle(request);
  } catch (error) {
    return errorResponse(route, error, request);
  }
}

function setUp() {
  const clock = { seconds: NOW, now: () => clock.seconds * 1000 };
  const documents = new Map([alice, bob, eve].map(({ did, document }) => [did, document]));
  const service = [{ id: `${bob.did}#contracts`, type: 'AttestelContracts', serviceEndpoint: BOB }];
  documents.set(bob.did, { ...bob.document, service });
  const resolver = resolverOf(documents);
  const received: { from: string; content: JsonValue }[] = [];
  const state = { refuse: undefined as Error | undefined, routes: [] as readonly Route[], active: true };
  const start = (party: Party = bob) => {
    state.routes = exchangeRoutes({
      ...{ party, resolver, clock, isActive: () => state.active },
      async receive(from, content) {
        if (state.refuse) throw state.refuse;
        received.push({ from, content });
      },
    });
  };
  start();
  const log: { url: string; body: string; answer: string }[] = [];
  const fetch = serve(() => state.routes, log);
  const options: HttpExchangeOptions = { party: alice, resolver, clock, fetch };
  const exchange = createHttpExchange(options);
  const post = (body: string) =>
    fetch(`${BOB}/v1/exchange/payloads`, {
      method: 'POST',
      headers: {},
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(9_000),
    });
  const key = async () => {
    const answer = await fetch(`${BOB}/v1/exchange/key`, {
      method: 'GET',
      headers: {},
      redirect: 'error',
      signal: AbortSignal.timeout(9_000),
    });
    const [, claims = ''] = (await answer.text()).split('.');
    return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { jwk: Record<string, string> }).jwk;
  };
  return { clock, documents, received, state, start, log, exchange, options, post, key, resolver };
}

let w: ReturnType<typeof setUp>;
beforeEach(() => {
  w = setUp();
});

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'delivered',
    (error: { code?: string }) => error.code ?? String(error),
  );
const PARCEL = { line: 'ab', payload: { text: SECRET, deep: [[1, '{"']] } };

describe('between two nodes', () => {
  test('a parcel arrives with its sender; nobody on the way reads it', async () => {
    await w.exchange.deliver(bob.did, PARCEL);
    expect(w.received).toEqual([{ from: alice.did, content: PARCEL }]);
    expect(JSON.stringify(w.log)).not.toContain(SECRET);
    expect(
      w.log
        .flatMap(({ body }) => body.split('.').map((part) => Buffer.from(part, 'base64url').toString()))
        .join(),
    ).not.toContain(alice.did);
  });

  test('configured peers go before DID documents, with or without a slash at the end', async () => {
    w.documents.set(bob.did, bob.document);
    expect(await codeOf(w.exchange.deliver(bob.did, PARCEL))).toBe('peer_unknown');
    const configured = createHttpExchange({ ...w.options, peers: { [bob.did]: `${BOB}/` } });
    expect(await codeOf(configured.deliver(bob.did, PARCEL))).toBe('delivered');
  });

  test.each([
    'http://bob.example',
    'https://user:x@bob.example',
    'ftp://bob.example',
    'https://bob.example/?x=1',
    'rubbish',
  ])('a DID document leads to https and nowhere else: %s', async (serviceEndpoint) => {
    w.documents.set(bob.did, {
      ...bob.document,
      service: [{ id: `${bob.did}#c`, type: 'AttestelContracts', serviceEndpoint }],
    });
    expect(await codeOf(w.exchange.deliver(bob.did, PARCEL))).toBe('peer_unknown');
  });

  test('one key serves many parcels; one that is about to end is asked for anew', async () => {
    const keys = () => w.log.filter(({ url }) => url.endsWith('/key')).length;
    await w.exchange.deliver(bob.did, PARCEL);
    await w.exchange.deliver(bob.did, PARCEL);
    expect(keys()).toBe(1);
    w.clock.seconds += 541;
    await w.exchange.deliver(bob.did, PARCEL);
    expect(keys()).toBe(2);
    expect(w.received).toHaveLength(3);
  });

  test('a receiver that was started anew has other keys: asked for again, once', async () => {
    await w.exchange.deliver(bob.did, PARCEL);
    w.start();
    await w.exchange.deliver(bob.did, PARCEL);
    expect(w.received).toHaveLength(2);
  });

  test('what answers in the name of the receiver must be the receiver', async () => {
    w.start(eve);
    expect(await codeOf(w.exchange.deliver(bob.did, PARCEL))).toBe('peer_untrusted');
    expect(w.received).toEqual([]);
  });

  test.each([
    ['a line that is not there yet', 'unavailable', 'exchange_unreachable', 503],
    ['a wrong digest', 'proof-failed', 'exchange_refused', 422],
    ['a sender that is no party', 'denied', 'exchange_refused', 403],
  ] as const)('%s is said so', async (_, kind, code, status) => {
    w.state.refuse = new AppError('test_refusal', { kind, message: 'no' });
    expect(await codeOf(w.exchange.deliver(bob.did, PARCEL))).toBe(code);
    const sealed = await sealParcel(
      { from: alice, to: bob.did, content: PARCEL, clock: w.clock },
      await w.key(),
    );
    const answer = await w.post(sealed);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, status === 503 ? '5' : null]);
  });

  test('202 only once it is durable', async () => {
    w.state.refuse = new Error('disk full');
    const sealed = await sealParcel(
      { from: alice, to: bob.did, content: PARCEL, clock: w.clock },
      await w.key(),
    );
    expect((await w.post(sealed)).status).toBe(500);
    w.state.refuse = undefined;
    const answer = await w.post(sealed);
    expect([answer.status, await answer.json()]).toEqual([202, { stored: true }]);
  });

  test('a node that is down, or answers without end, cannot be reached', async () => {
    const down = createHttpExchange({
      ...w.options,
      fetch: async () => Promise.reject(new Error('ECONNREFUSED')),
    });
    expect(await codeOf(down.deliver(bob.did, PARCEL))).toBe('exchange_unreachable');
    const endless = createHttpExchange({ ...w.options, fetch: async () => new Response('x'.repeat(20_000)) });
    expect(await codeOf(endless.deliver(bob.did, PARCEL))).toBe('exchange_unreachable');
  });
});

describe('the receiver', () => {
  const statusOf = async (body: string) => {
    const answer = await w.post(body);
    return `${answer.status} ${((await answer.json()) as { code?: string }).code ?? ''}`.trim();
  };
  const seal = async (more: Partial<Parameters<typeof sealParcel>[0]> = {}) =>
    sealParcel({ from: alice, to: bob.did, content: PARCEL, clock: w.clock, ...more }, await w.key());

  test('takes the same parcel again while it lives, and not after', async () => {
    const sealed = await seal();
    expect([await statusOf(sealed), await statusOf(sealed)]).toEqual(['202', '202']);
    w.clock.seconds += 301;
    expect(await statusOf(sealed)).toBe('401 exchange_unauthenticated');
    w.clock.seconds += 300;
    expect(await statusOf(sealed)).toBe('409 exchange_key_unknown');
  });

  test('takes none that is meant for another, though sealed to its key', async () => {
    expect(await statusOf(await seal({ to: eve.did }))).toBe('401 exchange_unauthenticated');
  });

  test('takes none in the name of another', async () => {
    expect(await statusOf(await seal({ from: { ...eve, did: alice.did } }))).toBe(
      '401 exchange_unauthenticated',
    );
    expect(await statusOf(await seal({ from: { ...alice, signer: eve.signer } }))).toBe(
      '401 exchange_unauthenticated',
    );
  });

  test('takes none by a key that the document has not under authentication', async () => {
    const sealed = await seal();
    w.documents.set(alice.did, { ...alice.document, authentication: [] });
    expect(await statusOf(sealed)).toBe('401 exchange_unauthenticated');
  });

  test('takes none from a party that may not send', async () => {
    w.state.active = false;
    expect(await statusOf(await seal())).toBe('403 exchange_denied');
  });

  test('takes none from the future, nor one that lives too long', async () => {
    const ahead = { now: () => (w.clock.seconds + 31) * 1000 };
    expect(await statusOf(await seal({ clock: ahead }))).toBe('401 exchange_unauthenticated');
    const claims = { iss: alice.did, aud: bob.did, iat: NOW, exp: NOW + 301, parcel: {} };
    expect(await statusOf(await sealed(await signMessage('attestel-parcel+jwt', claims, alice)))).toBe(
      '401 exchange_unauthenticated',
    );
  });

  const sealed = async (text: string, header: object = {}) => {
    const jwk = await w.key();
    return new CompactEncrypt(utf8(text))
      .setProtectedHeader({
        alg: 'ECDH-ES',
        enc: 'A256GCM',
        kid: await calculateJwkThumbprint(jwk),
        cty: 'JWT',
        ...header,
      })
      .encrypt(await importJWK(jwk, 'ECDH-ES'));
  };

  test('takes no token of another kind for a parcel', async () => {
    const claims = { iss: alice.did, aud: bob.did, iat: NOW, exp: NOW + 60, parcel: {} };
    expect(await statusOf(await sealed(await signMessage('JWT', claims, alice)))).toBe(
      '401 exchange_unauthenticated',
    );
    expect(await statusOf(await sealed(await signMessage(KEY_TYP, claims, alice)))).toBe(
      '401 exchange_unauthenticated',
    );
    expect(await statusOf(await sealed(await signMessage('attestel-parcel+jwt', claims, alice)))).toBe('202');
  });

  test.each([
    ['another encryption', { enc: 'A128GCM' }],
    ['agreement parameters', { apu: 'QQ' }],
    ['another content', { cty: 'text' }],
  ])('refuses a header with %s', async (_, header) => {
    const claims = { iss: alice.did, aud: bob.did, iat: NOW, exp: NOW + 60, parcel: {} };
    const jwe = await sealed(await signMessage('attestel-parcel+jwt', claims, alice), header);
    expect(await statusOf(jwe)).toBe('400 exchange_malformed');
  });

  test.each([
    '',
    'rubbish',
    'a.b.c.d.e',
    `${Buffer.from('{"alg":"dir","enc":"A256GCM"}').toString('base64url')}....`,
  ])('refuses a body that is no JWE: %s', async (body) => {
    expect(await statusOf(body)).toBe('400 exchange_malformed');
  });

  test('refuses one that was changed on its way', async () => {
    const text = await seal();
    expect(decodeProtectedHeader(text)).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM' });
    for (const at of [text.length - 3, text.lastIndexOf('.') - 3]) {
      const changed = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
      expect(await statusOf(changed)).toBe('400 exchange_malformed');
    }
  });

  test('refuses claims that are not exactly those of a parcel', async () => {
    const claims = { iss: alice.did, aud: bob.did, iat: NOW, exp: NOW + 60, parcel: [] };
    expect(await statusOf(await sealed(await signMessage('attestel-parcel+jwt', claims, alice)))).toBe(
      '400 exchange_malformed',
    );
    const more = { ...claims, parcel: {}, jti: 'x' };
    expect(await statusOf(await sealed(await signMessage('attestel-parcel+jwt', more, alice)))).toBe(
      '400 exchange_malformed',
    );
  });
});

describe('JSON of a parcel', () => {
  const code = (text: string) => {
    try {
      parseParcelJson(utf8(text));
      return 'read';
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };

  test('is bounded in depth, brackets in texts not counted', () => {
    expect(code('['.repeat(48) + ']'.repeat(48))).toBe('read');
    expect(code('['.repeat(49) + ']'.repeat(49))).toBe('exchange_malformed');
    expect(code(JSON.stringify(['[{"\\'.repeat(100)]))).toBe('read');
    expect(code('[{'.repeat(1_000_000))).toBe('exchange_malformed');
    expect(code('{')).toBe('exchange_malformed');
  });
});
