import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueCard, newHandle } from '../../openid/test/verifier/support/consortium.ts';
import { serve } from '../../openid/test/verifier/support/serve.ts';
import { present } from '../../openid/test/verifier/support/wallet.ts';
import { createBrowser, problemIn, qrLink, togglesOn, walletLink } from './support/browser.ts';
import { answerHere, answerThere, createWorld, decide, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  world.registerApp({ clientId: 'shop', claims: ['phone_number'] });
  world.registerApp({
    clientId: 'forum',
    claims: ['phone_number', 'country', 'binding_changed_at', 'binding_pending'],
  });
  world.registerApp({ clientId: 'bare' });
});
afterAll(() => world.close());

const signIn = async (
  clientId: string,
  { operator = world.operator, handle = newHandle(), scope = 'openid phone' } = {},
) => {
  const card = await issueCard(operator, world.clock, { handle });
  const started = await (await world.relyingParty(clientId)).begin({ scope });
  const consent = await answerHere(world, started, card);
  return { started, ...(await started.finish(await decide(started, consent, 'share'))) };
};

describe('signing in on one device', () => {
  test('an app gets a pairwise sub in a signed token and what the person agreed to at userinfo', async () => {
    const { claims, userinfo } = await signIn('shop');
    expect(claims).toMatchObject({
      iss: world.server.origin,
      aud: 'shop',
      acr: 'urn:attestel:acr:same-device',
      amr: ['pop', 'user'],
    });
    expect(userinfo).toEqual({
      sub: claims.sub,
      phone_number: '+8613800001111',
      phone_number_verified: true,
    });
    expect(Buffer.from(claims.sub, 'base64url').length).toBe(32);
  });

  test('a number never stands in the ID token: it comes back in the URL of a logout', async () => {
    const { claims } = await signIn('shop');
    expect(Object.keys(claims)).not.toContain('phone_number');
    expect(JSON.stringify(claims)).not.toContain('13800001111');
  });

  test('I1: a person who declines every attribute is signed in all the same, by a pairwise sub only', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    const card = await issueCard(world.operator, world.clock);
    const consent = await answerHere(world, started, card);
    expect(togglesOn(consent)).toEqual(['phone_number']);
    const { claims, userinfo } = await started.finish(await decide(started, consent, 'nothing'));
    expect(Object.keys(userinfo)).toEqual(['sub']);
    expect(claims).not.toHaveProperty('phone_number');
    expect(claims).not.toHaveProperty('phone_number_verified');
  });

  test('I1: a claim kept back in the wallet cannot be switched on here', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    const card = await issueCard(world.operator, world.clock);
    const consent = await answerHere(world, started, card, {
      disclose: ['subscription_handle', 'porting_records', 'binding_changed_at', 'binding_pending'],
    });
    expect(togglesOn(consent)).toEqual([]);
    const done = await decide(started, consent, 'share', { claims: ['phone_number'] });
    expect(Object.keys((await started.finish(done)).userinfo)).toEqual(['sub']);
  });

  test('I2: the same person has different subs at two apps, and no request reaches the operator', async () => {
    const operatorServer = await serve();
    operatorServer.mount([]);
    const operator = await world.consortium.addParty('Watched', 'operator', { url: operatorServer.origin });
    const handle = newHandle();
    const subs: string[] = [];
    for (const clientId of ['shop', 'forum', 'shop']) {
      subs.push((await signIn(clientId, { operator, handle })).claims.sub);
    }
    expect(subs[0]).not.toBe(subs[1]);
    expect(subs[2]).toBe(subs[0]);
    expect(operatorServer.log).toEqual([]);
    await operatorServer.close();
  });

  test('line claims are told when the app asks for them, and no others', async () => {
    const card = await issueCard(world.operator, world.clock);
    const started = await (await world.relyingParty('forum')).begin({ scope: 'openid line' });
    const consent = await answerHere(world, started, card);
    const { userinfo } = await started.finish(await decide(started, consent, 'share'));
    const { sub: _, ...rest } = userinfo;
    expect(rest).toEqual({ country: 'CN', binding_changed_at: '2026-01-02', binding_pending: false });
  });

  test('the claims parameter asks for single claims in the ID token', async () => {
    const card = await issueCard(world.operator, world.clock);
    const claims = JSON.stringify({ id_token: { country: null, binding_pending: { essential: true } } });
    const started = await (await world.relyingParty('forum')).begin({ scope: 'openid', claims });
    const consent = await answerHere(world, started, card);
    const done = await decide(started, consent, 'share', { claims: ['country'] });
    const result = await started.finish(done);
    expect(result.claims).toMatchObject({ country: 'CN' });
    expect(result.claims).toHaveProperty('binding_pending', false);
  });

  test('an app that asks for nothing gets a person it will know again', async () => {
    const { userinfo } = await signIn('bare', { scope: 'openid' });
    expect(Object.keys(userinfo)).toEqual(['sub']);
  });

  test('cancel brings access_denied to the app', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    const early = await started.browser.submit(`${started.page.url}/cancel`, []);
    expect(new URL(early.url).searchParams.get('error')).toBe('access_denied');
    const second = await (await world.relyingParty('shop')).begin();
    const consent = await answerHere(world, second, await issueCard(world.operator, world.clock));
    const late = await decide(second, consent, 'cancel');
    expect(new URL(late.url).searchParams.get('error')).toBe('access_denied');
  });
});

describe('signing in with a phone beside the browser', () => {
  test('the browser that showed the QR code is let in, at the lower level', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    const answer = await answerThere(world, started, await issueCard(world.operator, world.clock));
    expect(answer.body).toEqual({});
    const consent = await started.browser.get(started.page.url);
    const { claims } = await started.finish(await decide(started, consent, 'share'));
    expect(claims.acr).toBe('urn:attestel:acr:xdev');
  });

  test('the state goes waiting, opened, answered, by polling and as events', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    const poll = async () => JSON.parse((await started.browser.get(`${started.page.url}/state`)).text).state;
    expect(await poll()).toBe('waiting');
    const events = started.browser.get(`${started.page.url}/events`);
    await answerThere(world, started, await issueCard(world.operator, world.clock));
    expect(await poll()).toBe('answered');
    const stream = (await events).text;
    expect(stream).toContain('data: {"state":"answered"}');
    const rest = await started.browser.get(`${started.page.url}/events`, { 'last-event-id': '1' });
    expect(rest.text.match(/^id: /gm)).toHaveLength(1);
  });

  test('a same-device answer never shows in the stream of the QR code', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    await present(
      walletLink(started.page),
      await issueCard(world.operator, world.clock),
      world.consortium.resolver,
    );
    const { text } = await started.browser.get(`${started.page.url}/state`);
    expect(JSON.parse(text).state).toBe('waiting');
    const page = await started.browser.get(started.page.url);
    expect(walletLink(page)).not.toBe('');
  });

  test('a stranger sees neither state nor stream', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    for (const path of ['state', 'events']) {
      expect((await createBrowser().get(`${started.page.url}/${path}`)).status).toBe(403);
    }
  });

  test('an expired QR code is renewed in place by one button', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    world.consortium.clock.advance(61);
    expect(JSON.parse((await started.browser.get(`${started.page.url}/state`)).text).state).toBe('expired');
    const renewed = await started.browser.get(started.page.url);
    expect(qrLink(renewed)).not.toBe(qrLink(started.page));
    expect(walletLink(renewed)).toBe(walletLink(started.page));
  });

  test('a refused answer is told on the page, with a way to try again', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    const card = await issueCard(world.operator, world.clock);
    world.consortium.setStatus(card, 'suspended');
    await answerThere(world, started, card, { clock: world.clock });
    const page = await started.browser.get(started.page.url);
    expect(problemIn(page)).toBe('credential_suspended');
    const again = await started.browser.get(`${started.page.url}?again=1`);
    expect(qrLink(again)).not.toBe(qrLink(started.page));
  });
});
