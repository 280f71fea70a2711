import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Card, issueCard, newHandle, type Party, portingRecord } from './support/consortium.ts';
import { codeIn, createFixture, type Fixture } from './support/fixture.ts';
import { post, present } from './support/wallet.ts';

let f: Fixture;
let card: Card;
beforeAll(async () => {
  f = await createFixture();
  card = await issueCard(f.operator, f.consortium.clock);
});
afterAll(() => f.close());

const ALWAYS = ['subscription_handle', 'porting_records', 'binding_changed_at', 'binding_pending'];
const WARNINGS = { binding_changed_at: '2026-01-02', binding_pending: false };

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
  expect(presentation.claims).toEqual({
    phone_number: '+8613800001111',
    phone_number_verified: true,
    ...WARNINGS,
  });
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
  const all = [...ALWAYS, 'country', 'phone_number', 'mobile_operator'];
  const { body } = await present(f.link(request), fresh, f.consortium.resolver, {
    disclose: all,
    clock: f.consortium.clock,
  });
  const proof = { browserSecret: 'browser', responseCode: codeIn(body) };
  expect((await f.verifier.complete(request.id, proof)).claims).toEqual({
    country: 'CN',
    ...WARNINGS,
  });
});

test('a person may keep every asked claim back, but neither the handle nor its hand-overs nor a warning', async () => {
  const fresh = await issueCard(f.operator, f.consortium.clock);
  const { clock, resolver } = f.consortium;
  const request = await f.ask();
  for (const kept of ALWAYS) {
    const disclose = ['phone_number', ...ALWAYS.filter((name) => name !== kept)];
    const bare = await present(f.link(request), fresh, resolver, { disclose, clock });
    expect(bare).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  }
  const { body } = await present(f.link(request), fresh, resolver, {
    disclose: ALWAYS,
    clock,
  });
  const proof = { browserSecret: 'browser', responseCode: codeIn(body) };
  expect((await f.verifier.complete(request.id, proof)).claims).toEqual(WARNINGS);
});

describe('hand-overs of a ported line', () => {
  const presented = async (operator: Party, handle: string, records: readonly string[]) => {
    const { clock, resolver } = f.consortium;
    const card = await issueCard(operator, clock, { handle, claims: { porting_records: [...records] } });
    const request = await f.ask();
    const { status, body } = await present(f.link(request), card, resolver, { clock });
    if (status !== 200) return body.error;
    return f.verifier.complete(request.id, { browserSecret: 'browser', responseCode: codeIn(body) });
  };
  const accepted = async (...given: Parameters<typeof presented>) => {
    const presentation = await presented(...given);
    if (typeof presentation !== 'object') throw new TypeError(`refused: ${presentation}`);
    return presentation;
  };

  test('are named, oldest first, and verify from any of them on', async () => {
    const { clock } = f.consortium;
    const beta = await f.consortium.addParty('Beta', 'operator');
    const gamma = await f.consortium.addParty('Gamma', 'operator');
    const handle = newHandle();
    const records = [
      await portingRecord(f.operator, beta, handle, clock, 120),
      await portingRecord(beta, gamma, handle, clock),
    ];
    const presentation = await accepted(gamma, handle, records);
    expect(presentation.portings.map(({ from }) => from)).toEqual([f.operator.did, beta.did]);
    for (const first of [0, 1]) await f.verifier.verifyPortings(presentation, first);
  });

  test.each([
    ['of another handle', (delta: Party) => [f.operator, delta, newHandle()]],
    ['to another operator', (delta: Party, handle: string) => [delta, f.operator, handle]],
  ] as const)('%s refuse the presentation', async (_, make) => {
    const { clock } = f.consortium;
    const delta = await f.consortium.addParty('Delta', 'operator');
    const handle = newHandle();
    const [from, to, of] = make(delta, handle) as [Party, Party, string];
    expect(await presented(delta, handle, [await portingRecord(from, to, of, clock)])).toBe(
      'invalid_request',
    );
  });

  test.each([
    ['a stranger', (stranger: Party) => stranger],
    ['somebody else', (stranger: Party): Party => ({ ...f.operator, signer: stranger.signer })],
  ])('signed by %s do not verify', async (_, make) => {
    const { clock } = f.consortium;
    const delta = await f.consortium.addParty('Delta', 'operator');
    const signer = make(await f.consortium.addParty('Stranger', 'platform'));
    const handle = newHandle();
    const presentation = await accepted(delta, handle, [await portingRecord(signer, delta, handle, clock)]);
    await expect(f.verifier.verifyPortings(presentation, 0)).rejects.toMatchObject({
      code: 'presentation_invalid',
    });
  });
});
