import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Card, issueCard } from '../../openid/test/verifier/support/consortium.ts';
import { type Browser, type Page, problemIn, togglesOn, walletLink } from './support/browser.ts';
import { answerHere, answerThere, createWorld, decide, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  world.registerApp({ clientId: 'shop', claims: ['phone_number', 'country'] });
  world.registerApp({ clientId: 'forum', claims: ['phone_number'] });
});
afterAll(() => world.close());

/** A first sign-in; the browser then has a session. */
async function signedIn(options: { remember?: boolean; clientId?: string } = {}) {
  const card = await issueCard(world.operator, world.clock);
  const app = await world.relyingParty(options.clientId ?? 'shop');
  const started = await app.begin();
  const consent = await answerHere(world, started, card);
  const result = await started.finish(
    await decide(started, consent, 'share', { remember: options.remember ?? true }),
  );
  return { card, browser: started.browser, sub: result.claims.sub, authTime: result.claims.auth_time };
}

const again = async (browser: Browser, parameters: Record<string, string>, clientId = 'shop') =>
  (await world.relyingParty(clientId)).begin(parameters, browser);

/** Signs out at the bridge, on its own page. */
async function endSession(browser: Browser): Promise<void> {
  const page = await browser.get(`${world.server.origin}/session/end?client_id=shop`);
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  await browser.submit(`${world.server.origin}/session/end/confirm`, [
    ['xsrf', xsrf],
    ['logout', 'yes'],
  ]);
}

const errorOf = (page: Page): string | null => new URL(page.url).searchParams.get('error');

const suspend = (card: Card) => world.consortium.setStatus(card, 'suspended');

describe('prompt', () => {
  test('none without a session is login_required', async () => {
    const { page } = await (await world.relyingParty('shop')).begin({ prompt: 'none' });
    expect(errorOf(page)).toBe('login_required');
  });

  test('none with session and remembered consent signs in silently', async () => {
    const { browser, sub } = await signedIn();
    const silent = await again(browser, { prompt: 'none' });
    expect((await silent.finish(silent.page)).userinfo).toMatchObject({
      sub,
      phone_number: '+8613800001111',
    });
  });

  test('none without remembered consent is consent_required', async () => {
    const { browser } = await signedIn({ remember: false });
    expect(errorOf((await again(browser, { prompt: 'none' })).page)).toBe('consent_required');
  });

  test('login asks for the wallet again in spite of a session', async () => {
    const { browser, card, sub } = await signedIn();
    const started = await again(browser, { prompt: 'login' });
    expect(walletLink(started.page)).not.toBe('');
    const done = await answerHere(world, started, card);
    expect((await started.finish(done)).claims.sub).toBe(sub);
  });

  test('consent asks again in spite of a remembered one, with the last choice shown', async () => {
    const { browser, sub } = await signedIn();
    const started = await again(browser, { prompt: 'consent' });
    expect(togglesOn(started.page)).toEqual(['phone_number']);
    const done = await decide(started, started.page, 'nothing');
    const { userinfo } = await started.finish(done);
    expect(userinfo).toEqual({ sub });
  });

  test('consent on a session that has ended meanwhile is not taken', async () => {
    const { browser } = await signedIn();
    const started = await again(browser, { prompt: 'consent' });
    await endSession(browser);
    const refused = await decide(started, started.page, 'nothing');
    expect([refused.status, problemIn(refused)]).toEqual([410, 'login_expired']);
  });

  // Found by our own cookie: nothing but the last step of the sign-in looks at the session then.
  test('nor is one after the wallet, for a sign-in begun on such a session; nothing of it is kept', async () => {
    const { browser, card } = await signedIn({ remember: false });
    const started = await again(browser, { prompt: 'login' });
    const consent = await answerHere(world, started, card);
    await endSession(browser);
    const refused = await decide(started, consent, 'share', { remember: true });
    expect([refused.status, problemIn(refused)]).toEqual([410, 'login_expired']);
    const later = await again(browser, { prompt: 'login' });
    // Had the choice been remembered, the app would have its answer here.
    expect(togglesOn(await answerHere(world, later, card))).toEqual(['phone_number']);
  });

  test('max_age in the past asks for the wallet; auth_time tells when it was shown', async () => {
    const { browser, authTime } = await signedIn();
    expect(authTime).toBeGreaterThan(1_700_000_000);
    const fresh = await again(browser, { max_age: '3600', prompt: 'none' });
    expect(errorOf(fresh.page)).toBeNull();
    const zero = await again(browser, { max_age: '0' });
    expect(walletLink(zero.page)).not.toBe('');
  });

  test('a login_hint changes nothing that anybody sees', async () => {
    const plain = await (await world.relyingParty('shop')).begin();
    const hinted = await (await world.relyingParty('shop')).begin({ login_hint: '+8613800001111' });
    const strip = (page: Page) =>
      page.text.replaceAll(/\/interaction\/[\w-]+|requests%2F[\w-]+|<svg.*?<\/svg>/gs, '');
    expect(strip(hinted.page)).toBe(strip(plain.page));
  });
});

describe('a session', () => {
  test('is not enough for an app the card was never shown for', async () => {
    const { browser } = await signedIn();
    expect(errorOf((await again(browser, { prompt: 'none' }, 'forum')).page)).toBe('login_required');
    const started = await again(browser, {}, 'forum');
    expect(walletLink(started.page)).not.toBe('');
  });

  test('is not enough for claims that were not asked when the card was shown', async () => {
    const { browser } = await signedIn();
    const claims = JSON.stringify({ userinfo: { country: null } });
    expect(errorOf((await again(browser, { prompt: 'none', claims })).page)).toBe('login_required');
  });

  test('I3: ends being worth anything once the card is suspended', async () => {
    const { browser, card } = await signedIn();
    suspend(card);
    expect(errorOf((await again(browser, { prompt: 'none' })).page)).toBe('login_required');
  });

  test('I4: and once the operator is no longer accredited; then again when it is', async () => {
    const { browser } = await signedIn();
    const record = world.consortium.issuers.get(world.operator.did);
    if (!record) throw new TypeError('no issuer');
    world.consortium.issuers.set(world.operator.did, { ...record, status: 'suspended' });
    const refused = await again(browser, { prompt: 'none' });
    world.consortium.issuers.set(world.operator.did, record);
    expect(errorOf(refused.page)).toBe('login_required');
    expect(errorOf((await again(browser, { prompt: 'none' })).page)).toBeNull();
  });

  test('of one person gives way when another shows a card in the same browser', async () => {
    const first = await signedIn();
    const started = await again(first.browser, { prompt: 'login' });
    const other = await issueCard(world.operator, world.clock);
    const consent = await answerHere(world, started, other);
    const second = await started.finish(await decide(started, consent, 'share', { remember: true }));
    expect(second.claims.sub).not.toBe(first.sub);
    const silent = await again(first.browser, { prompt: 'none' });
    expect((await silent.finish(silent.page)).claims.sub).toBe(second.claims.sub);
  });

  test('gets a new id at each login', async () => {
    const { browser, card } = await signedIn();
    const id = () => browser.cookies.find(({ name }) => name === 'test-session')?.value;
    const before = id();
    const started = await again(browser, { prompt: 'login' });
    await started.finish(await answerHere(world, started, card));
    expect(id()).toBeTruthy();
    expect(id()).not.toBe(before);
  });
});

describe('levels', () => {
  test('an essential acr of same-device offers no QR code', async () => {
    const claims = JSON.stringify({
      id_token: { acr: { essential: true, value: 'urn:attestel:acr:same-device' } },
    });
    const started = await (await world.relyingParty('shop')).begin({ claims });
    expect(started.page.text).not.toContain('id="live"');
    const consent = await answerHere(world, started, await issueCard(world.operator, world.clock));
    expect((await started.finish(await decide(started, consent, 'share'))).claims.acr).toBe(
      'urn:attestel:acr:same-device',
    );
  });

  test('an essential acr of same-device is not met by a session from a QR code', async () => {
    const app = await world.relyingParty('shop');
    const started = await app.begin();
    await answerThere(world, started, await issueCard(world.operator, world.clock));
    const consent = await started.browser.get(started.page.url);
    await started.finish(await decide(started, consent, 'share', { remember: true }));
    const claims = JSON.stringify({
      id_token: { acr: { essential: true, value: 'urn:attestel:acr:same-device' } },
    });
    expect(errorOf((await app.begin({ claims, prompt: 'none' }, started.browser)).page)).toBe(
      'login_required',
    );
  });
});

describe('a remembered consent', () => {
  test('spares the question and keeps what was refused', async () => {
    const app = await world.relyingParty('shop');
    const card = await issueCard(world.operator, world.clock);
    const started = await app.begin();
    const consent = await answerHere(world, started, card);
    await started.finish(await decide(started, consent, 'nothing', { remember: true }));
    const next = await app.begin();
    const done = await answerHere(world, next, card);
    expect(done.url).toMatch(/^https:\/\/shop\.example\/cb/);
    expect(Object.keys((await next.finish(done)).userinfo)).toEqual(['sub']);
  });

  test('does not cover a claim that is new', async () => {
    const { browser, card } = await signedIn();
    const claims = JSON.stringify({ userinfo: { country: null } });
    const started = await again(browser, { claims });
    const consent = await answerHere(world, started, card);
    expect(togglesOn(consent)).toEqual(['phone_number', 'country']);
  });
});

describe('signing out', () => {
  test('an app asks, the person agrees, session and tokens are gone', async () => {
    const card = await issueCard(world.operator, world.clock);
    const app = await world.relyingParty('shop');
    const started = await app.begin();
    const consent = await answerHere(world, started, card);
    const { accessToken } = await started.finish(await decide(started, consent, 'share', { remember: true }));
    const end = `${world.server.origin}/session/end?client_id=shop&post_logout_redirect_uri=${encodeURIComponent('https://shop.example/bye')}`;
    const page = await started.browser.get(end);
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https://shop.example");
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const gone = await started.browser.submit(`${world.server.origin}/session/end/confirm`, [
      ['xsrf', xsrf],
      ['logout', 'yes'],
    ]);
    expect(gone.url).toBe('https://shop.example/bye');
    const me = await fetch(`${world.server.origin}/me`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(me.status).toBe(401);
    expect(errorOf((await again(started.browser, { prompt: 'none' })).page)).toBe('login_required');
  });
});
