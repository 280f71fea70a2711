import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Card, issueCard, newHandle, portingRecord } from './support/consortium.ts';
import { codeIn, createFixture, type Fixture } from './support/fixture.ts';
import { post, present } from './support/wallet.ts';

let f: Fixture;
let card: Card;
beforeAll(async () => {
  f = await createFixture();
  card = await issueCard(f.operator, f.consortium.clock);
});
afterAll(() => f.close());

test('a same-device answer returns a 256-bit code that works once, in the browser that began', async () => {
  const request = await f.ask();
  const answer = await present(f.link(request), card, f.consortium.resolver);
  expect(answer.status).toBe(200);
  const responseCode = codeIn(answer.body);
  expect(Buffer.from(responseCode, 'base64url').length).toBe(32);
  const elsewhere = f.verifier.complete(request.id, { browserSecret: 'other', responseCode });
  await expect(elsewhere).rejects.toMatchObject({ code: 'other_browser' });
  const proof = { browserSecret: 'browser', responseCode };
  const presentation = await f.verifier.complete(request.id, proof);
  expect(presentation.claims).toEqual({ phone_number: '+8613800001111', phone_number_verified: true });
  await expect(f.verifier.complete(request.id, proof)).rejects.toMatchObject({ code: 'request_used' });
});

test('a same-device answer is worth nothing without its code', async () => {
  const request = await f.ask();
  await present(f.link(request), card, f.consortium.resolver);
  for (const proof of [{ browserSecret: 'browser' }, { browserSecret: 'browser', responseCode: 'guess' }]) {
    await expect(f.verifier.complete(request.id, proof)).rejects.toMatchObject({ code: 'not_answered' });
  }
});

test('two completions at the same moment: one of them wins', async () => {
  const request = await f.ask();
  const { body } = await present(f.link(request), card, f.consortium.resolver);
  const proof = { browserSecret: 'browser', responseCode: codeIn(body) };
  const results = await Promise.allSettled([1, 2, 3].map(() => f.verifier.complete(request.id, proof)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a cross-device answer carries no code, tells listeners, and is finished by the browser that asked', async () => {
  const request = await f.ask({ mode: 'cross-device' });
  const phases: string[] = [];
  const stop = f.verifier.onChange(request.id, ({ phase }) => phases.push(phase));
  const answer = await present(f.link(request), card, f.consortium.resolver);
  expect(answer.body).toEqual({});
  expect(phases).toEqual(['opened', 'answered']);
  stop();
  await expect(f.verifier.complete(request.id, { browserSecret: 'other' })).rejects.toMatchObject({
    code: 'other_browser',
  });
  const presentation = await f.verifier.complete(request.id, { browserSecret: 'browser' });
  expect(presentation.mode).toBe('cross-device');
});

test('the first verified answer wins; later ones are told so', async () => {
  const request = await f.ask();
  const { request: sent } = await present(f.link(request), card, f.consortium.resolver);
  const again = await post(sent.payload.response_uri, { response: 'x' });
  expect(again).toMatchObject({ status: 409, body: { error: 'invalid_request' } });
});

test('pending requests and answers survive a restart', async () => {
  const opened = await f.ask();
  const untouched = await f.ask();
  await fetch(opened.requestUri);
  f.restart();
  const first = await present(f.link(opened), card, f.consortium.resolver);
  const second = await present(f.link(untouched), card, f.consortium.resolver);
  f.restart();
  for (const [request, { body }] of [[opened, first] as const, [untouched, second] as const]) {
    const proof = { browserSecret: 'browser', responseCode: codeIn(body) };
    await expect(f.verifier.complete(request.id, proof)).resolves.toMatchObject({
      issuerDid: f.operator.did,
    });
  }
});

test('neither store nor log holds number, handle, nonce of the browser or a private key in clear', async () => {
  const handle = newHandle();
  const secret = await issueCard(f.operator, f.consortium.clock, { handle });
  const request = await f.ask({ browserSecret: 'very-secret-cookie' });
  await fetch(request.requestUri);
  await present(f.link(request), secret, f.consortium.resolver);
  const raw = ['verifier/flows', 'verifier/expiry']
    .flatMap((table) => [...f.store.range(table)])
    .map(([key, value]) => Buffer.from(key).toString('latin1') + Buffer.from(value).toString('latin1'))
    .join('\n');
  for (const text of [raw, f.logs.join('\n')]) {
    for (const hidden of ['13800001111', handle, 'very-secret-cookie', '"d":'])
      expect(text).not.toContain(hidden);
  }
});

test('what is over is cleared by what comes after', async () => {
  const rows = () => [...f.store.range('verifier/flows')].length;
  await f.ask();
  f.consortium.clock.advance(301);
  const before = rows();
  await f.ask();
  expect(rows()).toBeLessThan(before);
});

test('only asked claims are passed on, whatever the wallet discloses', async () => {
  const fresh = await issueCard(f.operator, f.consortium.clock);
  const request = await f.ask({ claims: ['country'] });
  const all = ['subscription_handle', 'country', 'phone_number', 'mobile_operator'];
  const { body } = await present(f.link(request), fresh, f.consortium.resolver, {
    disclose: all,
    clock: f.consortium.clock,
  });
  const proof = { browserSecret: 'browser', responseCode: codeIn(body) };
  expect((await f.verifier.complete(request.id, proof)).claims).toEqual({ country: 'CN' });
});

test('a person may keep every asked claim back, but not the handle', async () => {
  const fresh = await issueCard(f.operator, f.consortium.clock);
  const { clock, resolver } = f.consortium;
  const request = await f.ask();
  const bare = await present(f.link(request), fresh, resolver, { disclose: ['phone_number'], clock });
  expect(bare).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  const { body } = await present(f.link(request), fresh, resolver, {
    disclose: ['subscription_handle'],
    clock,
  });
  const proof = { browserSecret: 'browser', responseCode: codeIn(body) };
  expect((await f.verifier.complete(request.id, proof)).claims).toEqual({});
});

test('hand-overs of a ported line are verified and named, nearest operator first', async () => {
  const { clock, resolver } = f.consortium;
  const beta = await f.consortium.addParty('Beta', 'operator');
  const gamma = await f.consortium.addParty('Gamma', 'operator');
  const handle = newHandle();
  const records = [
    await portingRecord(f.operator, beta, handle, clock),
    await portingRecord(beta, gamma, handle, clock),
  ];
  const ported = await issueCard(gamma, clock, { handle, claims: { porting_records: records } });
  const request = await f.ask();
  const { body } = await present(f.link(request), ported, resolver, { clock });
  const proof = { browserSecret: 'browser', responseCode: codeIn(body) };
  expect((await f.verifier.complete(request.id, proof)).portedFrom).toEqual([beta.did, f.operator.did]);
});

test('a hand-over about another handle, to another operator or by a stranger refuses the presentation', async () => {
  const { clock, resolver } = f.consortium;
  const delta = await f.consortium.addParty('Delta', 'operator');
  const stranger = await f.consortium.addParty('Stranger', 'platform');
  const handle = newHandle();
  const bad = [
    await portingRecord(f.operator, delta, newHandle(), clock),
    await portingRecord(delta, f.operator, handle, clock),
    await portingRecord(stranger, delta, handle, clock),
  ];
  for (const record of bad) {
    const ported = await issueCard(delta, clock, { handle, claims: { porting_records: [record] } });
    const answer = await present(f.link(await f.ask()), ported, resolver, { clock });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  }
});
