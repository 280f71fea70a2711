import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Card, issueCard } from '../../openid/test/verifier/support/consortium.ts';
import { present } from '../../openid/test/verifier/support/wallet.ts';
import { fillGrant } from '../src/provider/policy.ts';
import { togglesOn, walletLink } from './support/browser.ts';
import { answerHere, answerThere, createWorld, decide, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  const warnings = ['binding_changed_at', 'binding_pending'];
  world.registerApp({ clientId: 'forum', claims: ['phone_number', ...warnings] });
  world.registerApp({ clientId: 'shop', claims: ['phone_number'] });
});
afterAll(() => world.close());

/** The card of somebody who took the line to new keys without the old ones. */
const pendingCard = (): Promise<Card> =>
  issueCard(world.operator, world.clock, { claims: { binding_pending: true } });

const begin = async (clientId: string, scope: string, parameters = {}) =>
  (await world.relyingParty(clientId)).begin({ scope, ...parameters });

describe('a re-binding that waits', () => {
  test('is told to the app even when the person shares nothing, and remembered so', async () => {
    const card = await pendingCard();
    const started = await begin('forum', 'openid line');
    const consent = await answerHere(world, started, card);
    expect(consent.text).toContain('data-locked="binding_pending"');
    expect(consent.text).toContain('data-locked="binding_changed_at"');
    expect(togglesOn(consent)).toEqual([]);
    const done = await decide(started, consent, 'nothing', { remember: true });
    const { claims, userinfo } = await started.finish(done);
    const told = { binding_pending: true, binding_changed_at: '2026-01-02' };
    expect(userinfo).toEqual({ sub: claims.sub, ...told });
    expect(claims.binding_pending).toBe(true);
    const next = await begin('forum', 'openid line');
    expect((await next.finish(await answerHere(world, next, card))).userinfo).toMatchObject(told);
  });

  test('is in the ID token of a registered app that did not ask, and on its consent page', async () => {
    const started = await begin('forum', 'openid phone');
    const consent = await answerHere(world, started, await pendingCard());
    expect(consent.text).toContain('data-locked="binding_pending"');
    expect(consent.text).not.toContain('data-locked="binding_changed_at"');
    const { claims, userinfo } = await started.finish(await decide(started, consent, 'nothing'));
    expect(claims.binding_pending).toBe(true);
    expect(userinfo).toEqual({ sub: claims.sub, binding_pending: true });
  });

  test('is not told to an app that is not registered for it', async () => {
    const started = await begin('shop', 'openid phone');
    const consent = await answerHere(world, started, await pendingCard());
    expect(consent.text).not.toContain('data-locked');
    const { claims, userinfo } = await started.finish(await decide(started, consent, 'share'));
    for (const told of [claims, userinfo]) expect(told).not.toHaveProperty('binding_pending');
  });

  test('cannot be kept back by the wallet', async () => {
    const started = await begin('shop', 'openid phone');
    for (const warning of ['binding_pending', 'binding_changed_at']) {
      const all = ['subscription_handle', 'porting_records', 'binding_changed_at', 'binding_pending'];
      const answer = await present(walletLink(started.page), await pendingCard(), world.consortium.resolver, {
        disclose: all.filter((name) => name !== warning),
      });
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
      expect(world.logs.at(-1)).toContain('presentation_unsatisfying');
    }
  });
});

test('a warning refused in a consent from before is told all the same', () => {
  const rejected: string[] = [];
  const grant = {
    addOIDCScope() {},
    addOIDCClaims() {},
    rejectOIDCClaims: (claims: string[]) => void rejected.push(...claims),
  };
  fillGrant(grant, { scope: 'openid line' }, ['country', 'binding_pending', 'binding_changed_at']);
  expect(rejected).toEqual(['country']);
});

test('without a re-binding, an app that did not ask is told nothing', async () => {
  const started = await begin('forum', 'openid phone');
  const consent = await answerHere(world, started, await issueCard(world.operator, world.clock));
  const { claims, userinfo } = await started.finish(await decide(started, consent, 'nothing'));
  expect(claims).not.toHaveProperty('binding_pending');
  expect(userinfo).toEqual({ sub: claims.sub });
});

test('a number is in no ID token, also not when claims names it there', async () => {
  const claims = JSON.stringify({
    id_token: { phone_number: { essential: true }, phone_number_verified: null },
  });
  const started = await begin('shop', 'openid phone', { claims });
  const consent = await answerHere(world, started, await issueCard(world.operator, world.clock));
  const result = await started.finish(await decide(started, consent, 'share'));
  expect(JSON.stringify(result.claims)).not.toMatch(/phone_number|13800001111/);
  expect(result.userinfo.phone_number).toBe('+8613800001111');
});

test('after a QR code the page is never skipped, and says whose card answered', async () => {
  const card = await issueCard(world.operator, world.clock);
  const first = await begin('shop', 'openid phone');
  const asked = await answerHere(world, first, card);
  expect(asked.text).not.toContain('data-card');
  await first.finish(await decide(first, asked, 'share', { remember: true }));
  const second = await begin('shop', 'openid phone');
  await answerThere(world, second, card);
  const consent = await second.browser.get(second.page.url);
  expect(consent.text).toMatch(/data-card>Alpha Telecom, [^<]*11</);
  expect(consent.text).not.toContain('13800001111');
  expect((await second.finish(await decide(second, consent, 'share'))).claims.sub).toBeTruthy();
});
