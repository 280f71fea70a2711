import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueCard } from '../../openid/test/verifier/support/consortium.ts';
import { present } from '../../openid/test/verifier/support/wallet.ts';
import { createBrowser, problemIn, walletLink } from './support/browser.ts';
import { answerHere, answerThere, createWorld, decide, shownOn, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  world.registerApp({ clientId: 'shop', claims: ['phone_number'] });
});
afterAll(() => world.close());

describe('whose sign-in it is', () => {
  test('a second browser cannot finish the first one’s login, and does not spoil it', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    const card = await issueCard(world.operator, world.clock);
    const { body } = await present(walletLink(started.page), card, world.consortium.resolver);
    const victim = createBrowser();
    const refused = await victim.get(body.redirect_uri ?? '');
    expect([refused.status, problemIn(refused)]).toEqual([403, 'other_browser']);
    const consent = await started.browser.get(body.redirect_uri ?? '');
    expect((await started.finish(await decide(started, consent, 'share'))).claims.sub).toBeTruthy();
  });

  test('a browser with a login of its own cannot take another’s either', async () => {
    const [one, two] = [
      await (await world.relyingParty('shop')).begin(),
      await (await world.relyingParty('shop')).begin(),
    ];
    const { body } = await present(
      walletLink(one.page),
      await issueCard(world.operator, world.clock),
      world.consortium.resolver,
    );
    const stolen = new URL(two.page.url);
    stolen.pathname += '/return';
    stolen.search = new URL(body.redirect_uri ?? '').search;
    expect(problemIn(await two.browser.get(stolen.href))).toBe('login_expired');
    expect(problemIn(await two.browser.get(body.redirect_uri ?? ''))).toBe('other_browser');
  });

  test('with all of the interaction’s cookies but without the browser’s own secret nothing is finished', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    const { body } = await present(
      walletLink(started.page),
      await issueCard(world.operator, world.clock),
      world.consortium.resolver,
    );
    const thief = createBrowser();
    thief.cookies.push(...started.browser.cookies.filter(({ name }) => !name.endsWith('-browser')));
    expect(problemIn(await thief.get(body.redirect_uri ?? ''))).toBe('other_browser');
    expect(problemIn(await thief.get(started.page.url))).toBe('other_browser');
  });

  test('a cross-device answer is finished only where the QR code was shown', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    await answerThere(world, started, await issueCard(world.operator, world.clock));
    const other = await createBrowser().get(started.page.url);
    expect(problemIn(other)).toBe('other_browser');
  });

  test('a finished login is over: the return link, the page and the consent form say so', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    const { body } = await present(
      walletLink(started.page),
      await issueCard(world.operator, world.clock),
      world.consortium.resolver,
    );
    const consent = await started.browser.get(body.redirect_uri ?? '');
    const done = await decide(started, consent, 'share');
    await started.finish(done);
    expect(problemIn(await started.browser.get(body.redirect_uri ?? ''))).toBe('already_used');
    expect(problemIn(await started.browser.get(started.page.url))).toBe('already_used');
    expect(problemIn(await decide(started, consent, 'share'))).toBe('already_used');
    await expect(started.finish(done)).rejects.toThrow();
  });

  test('a return without, or with a wrong, response code finishes nothing', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    await present(
      walletLink(started.page),
      await issueCard(world.operator, world.clock),
      world.consortium.resolver,
    );
    for (const query of ['', '?response_code=', `?response_code=${'A'.repeat(43)}`]) {
      expect(problemIn(await started.browser.get(`${started.page.url}/return${query}`))).toBe(
        'login_expired',
      );
    }
  });

  test('a form from another site is refused', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    const consent = await answerHere(world, started, await issueCard(world.operator, world.clock));
    const action = `${new URL(consent.url).origin}${new URL(started.page.url).pathname}/consent`;
    const fields = [['decision', 'share']] as const;
    const foreign = await started.browser.submit(action, fields, { origin: 'https://evil.example' });
    const sibling = await started.browser.submit(action, fields, { 'sec-fetch-site': 'same-site' });
    expect([foreign.status, sibling.status]).toEqual([403, 403]);
    const odd = await started.browser.submit(action, [['decision', 'maybe']]);
    expect(odd.status).toBe(400);
  });
});

describe('a decision about what the page said', () => {
  const PURPOSE = { 'zh-CN': '推荐商品', en: 'To recommend goods' };
  const toConsent = async () => {
    const started = await (await world.relyingParty('shop')).begin();
    return {
      started,
      consent: await answerHere(world, started, await issueCard(world.operator, world.clock)),
    };
  };

  test('counts for no other purpose: the person sees the new one, and decides again', async () => {
    const { started, consent } = await toConsent();
    const app = world.consortium.apps.get('shop');
    if (!app) throw new TypeError('no app');
    world.consortium.apps.set('shop', { ...app, purpose: PURPOSE });
    const again = await decide(started, consent, 'share', { claims: [], remember: true });
    world.consortium.apps.set('shop', app);
    expect([again.status, problemIn(again)]).toEqual([409, 'consent_changed']);
    expect(again.text).toContain(PURPOSE.en);
    expect(again.text).toContain('value="phone_number">');
    // Back to the purpose of before: what was seen last is no more.
    const back = await decide(started, again, 'share', {});
    expect(problemIn(back)).toBe('consent_changed');
    const { userinfo } = await started.finish(
      await decide(started, back, 'share', { claims: ['phone_number'] }),
    );
    expect(userinfo.phone_number).toBe('+8613800001111');
  });

  test('of a page from elsewhere, or without saying which, is none', async () => {
    const { started, consent } = await toConsent();
    const other = await toConsent();
    const action = new URL(/action="([^"]+\/consent)"/.exec(consent.text)?.[1] ?? '', consent.url).href;
    for (const shown of [[], [['shown', '']], [['shown', shownOn(other.consent)]]] as const) {
      const page = await started.browser.submit(action, [
        ['decision', 'share'],
        ['claim', 'phone_number'],
        ...shown,
      ]);
      expect([page.status, problemIn(page)]).toEqual([409, 'consent_changed']);
    }
    expect(
      (await started.finish(await decide(started, consent, 'share'))).userinfo.phone_number,
    ).toBeDefined();
  });
});

describe('a restart in the middle', () => {
  test('at every step loses nothing', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    const card = await issueCard(world.operator, world.clock);
    await world.restart();
    const { body } = await present(walletLink(started.page), card, world.consortium.resolver);
    await world.restart();
    const consent = await started.browser.get(body.redirect_uri ?? '');
    expect(consent.status).toBe(200);
    await world.restart();
    const done = await decide(started, consent, 'share', { remember: true });
    await world.restart();
    const { claims, userinfo } = await started.finish(done);
    expect(userinfo).toMatchObject({ sub: claims.sub, phone_number: '+8613800001111' });
    await world.restart();
    const silent = await (await world.relyingParty('shop')).begin({ prompt: 'none' }, started.browser);
    expect((await silent.finish(silent.page)).claims.sub).toBe(claims.sub);
  });

  test('between the wallet’s answer and the way back goes on with a new request', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    const card = await issueCard(world.operator, world.clock);
    const { body } = await present(walletLink(started.page), card, world.consortium.resolver);
    expect(body.redirect_uri).toBeTruthy();
    await world.restart();
    world.consortium.clock.advance(11);
    const page = await started.browser.get(started.page.url);
    expect(walletLink(page)).not.toBe(walletLink(started.page));
    const consent = await answerHere(world, { ...started, page }, card);
    expect((await started.finish(await decide(started, consent, 'share'))).claims.sub).toBeTruthy();
  });

  test('with a QR code on the screen goes on', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    await world.restart();
    await answerThere(world, started, await issueCard(world.operator, world.clock));
    await world.restart();
    const consent = await started.browser.get(started.page.url);
    expect((await started.finish(await decide(started, consent, 'share'))).claims.sub).toBeTruthy();
  });
});
