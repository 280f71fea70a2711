import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Card, issueCard } from './support/consortium.ts';
import { createFixture, type Fixture } from './support/fixture.ts';
import { fetchRequest, makeResponse, post } from './support/wallet.ts';

let f: Fixture;
let card: Card;
beforeAll(async () => {
  f = await createFixture();
  card = await issueCard(f.operator, f.consortium.clock);
});
afterAll(() => f.close());

const postNonce = (uri: string, nonce: string) =>
  fetch(uri, { method: 'POST', body: new URLSearchParams({ wallet_nonce: nonce }) });

test('the request object is typed, signed by a key of the DID, addressed and short-lived [OID4VP 5, RFC 9101]', async () => {
  const request = await f.ask();
  const response = await fetch(request.requestUri);
  expect(response.headers.get('content-type')).toBe('application/oauth-authz-req+jwt');
  const text = await response.text();
  expect(decodeProtectedHeader(text)).toEqual({
    alg: 'ES256',
    typ: 'oauth-authz-req+jwt',
    kid: f.platform.kid,
  });
  const payload = decodeJwt(text);
  expect(payload).toMatchObject({
    client_id: `decentralized_identifier:${f.platform.did}`,
    aud: 'https://self-issued.me/v2',
    response_type: 'vp_token',
    response_mode: 'direct_post.jwt',
    verifier_info: [
      { format: 'attestel_app', data: 'shop' },
      { format: 'attestel_mode', data: 'same-device' },
    ],
  });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(60);
  expect(Buffer.from(String(payload.nonce), 'base64url').length).toBe(32);
});

test('the request object says in which screen it signs in, so that a link that was passed on gives itself away [RFC 10027]', async () => {
  const { payload } = await fetchRequest(
    f.link(await f.ask({ mode: 'cross-device' })),
    f.consortium.resolver,
  );
  expect(payload.verifier_info).toContainEqual({ format: 'attestel_mode', data: 'cross-device' });
});

test('the query asks for the handle, its hand-overs and the warnings always, and lists smaller sets for people who keep claims back', async () => {
  const { payload } = await fetchRequest(f.link(await f.ask()), f.consortium.resolver);
  const [query] = payload.dcql_query.credentials;
  expect(query).toMatchObject({
    format: 'dc+sd-jwt',
    meta: { vct_values: ['https://credentials.attestel.example/phone-number/1'] },
  });
  const always = ['subscription_handle', 'porting_records', 'binding_changed_at', 'binding_pending'];
  expect(query?.claim_sets.every((set) => always.every((name) => set.includes(name)))).toBe(true);
  expect(query?.claim_sets.at(-1)).toEqual(always);
});

test('every request has its own key, named after the flow, with AES-GCM only', async () => {
  const [one, two] = [await f.ask(), await f.ask()];
  const keys = await Promise.all(
    [one, two].map(
      async (r) => (await fetchRequest(f.link(r), f.consortium.resolver)).payload.client_metadata,
    ),
  );
  expect(keys[0]).toMatchObject({ encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'] });
  expect(keys[0]?.jwks.keys).toHaveLength(1);
  expect(keys[0]?.jwks.keys[0]).toMatchObject({ kid: one.id, crv: 'P-256', alg: 'ECDH-ES', use: 'enc' });
  expect(keys[0]?.jwks.keys[0]?.x).not.toBe(keys[1]?.jwks.keys[0]?.x);
  expect(keys[0]?.jwks.keys[0]).not.toHaveProperty('d');
});

test('fetched twice, nonce, state and key stay the same [request-uri-fetched-twice]', async () => {
  const request = await f.ask();
  const [a, b] = [
    await fetchRequest(f.link(request), f.consortium.resolver),
    await fetchRequest(f.link(request), f.consortium.resolver),
  ];
  for (const name of ['nonce', 'state', 'response_uri', 'client_metadata'] as const) {
    expect(a.payload[name]).toEqual(b.payload[name]);
  }
});

test('a POST gets the wallet nonce back inside the signature [request-uri-method-post]', async () => {
  const request = await f.ask();
  const { payload } = await fetchRequest(f.link(request), f.consortium.resolver, {
    method: 'post',
    walletNonce: 'nonce-of-this-wallet',
  });
  expect(payload.wallet_nonce).toBe('nonce-of-this-wallet');
});

test('a request that one wallet took is refused to every other, and to answers by an older fetch', async () => {
  const request = await f.ask();
  const early = await fetchRequest(f.link(request), f.consortium.resolver);
  expect((await postNonce(request.requestUri, 'wallet-one')).status).toBe(200);
  expect((await postNonce(request.requestUri, 'wallet-two')).status).toBe(409);
  expect((await fetch(request.requestUri)).status).toBe(409);
  expect((await postNonce(request.requestUri, 'wallet-one')).status).toBe(200);
  const late = await post(early.payload.response_uri, await makeResponse(early, card));
  expect(late).toMatchObject({ status: 409, body: { error: 'invalid_request' } });
  expect(f.verifier.state(request.id)).toMatchObject({ phase: 'opened', failure: null });
});

test('a QR code is dead after its minute, but a wallet that opened it in time goes on', async () => {
  const [unseen, seen] = [
    await f.ask({ mode: 'cross-device', openWithinSeconds: 60 }),
    await f.ask({ mode: 'cross-device', openWithinSeconds: 60 }),
  ];
  await fetch(seen.requestUri);
  f.consortium.clock.advance(61);
  expect((await fetch(unseen.requestUri)).status).toBe(410);
  expect(f.verifier.state(unseen.id)?.phase).toBe('expired');
  expect((await fetch(seen.requestUri)).status).toBe(200);
});

test('five minutes end a request, whatever was done with it', async () => {
  const request = await f.ask();
  const opened = await fetchRequest(f.link(request), f.consortium.resolver);
  f.consortium.clock.advance(301);
  expect((await fetch(request.requestUri)).status).toBe(410);
  const answer = await post(opened.payload.response_uri, await makeResponse(opened, card));
  expect(answer.status).toBe(410);
  await expect(f.verifier.complete(request.id, { browserSecret: 'browser' })).rejects.toMatchObject({
    code: 'request_expired',
  });
});

test('unknown requests, malformed nonces and oversized bodies are refused with an OAuth error', async () => {
  const request = await f.ask();
  const cases = [
    await fetch(`${f.server.origin}/openid4vp/requests/unknown`),
    await postNonce(request.requestUri, 'with space'),
    await postNonce(request.requestUri, 'x'.repeat(257)),
    await fetch(request.requestUri, { method: 'POST', body: new URLSearchParams({ a: 'x'.repeat(20_000) }) }),
    await fetch(request.requestUri, {
      method: 'POST',
      body: 'wallet_nonce=a&wallet_nonce=b',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
  ];
  for (const response of cases) {
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(await response.json()).toHaveProperty('error');
  }
  expect(f.verifier.state(request.id)?.phase).toBe('waiting');
});

test('a same-device request cannot be made without a place to return to', async () => {
  const input = { mode: 'same-device', claims: [], appClientId: 'shop', browserSecret: 'b' } as const;
  await expect(f.verifier.prepareRequest(input)).rejects.toThrow(TypeError);
});
