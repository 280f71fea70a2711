import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Card, issueCard } from '../../../openid/test/verifier/support/consortium.ts';
import type { Choice, ConsentStore } from '../../src/index.ts';
import { type Browser, createBrowser, type Page, problemIn } from '../support/browser.ts';
import { answerHere, createWorld, decide, type World } from '../support/world.ts';

/** A store that works until told otherwise, and notes what it was given. */
function recordingStore() {
  const kept = new Map<string, Choice>();
  const saved: Choice[] = [];
  const state = { fails: false };
  const act = async <T>(work: () => T): Promise<T> => {
    if (state.fails) throw new Error('out of reach');
    return work();
  };
  const store: ConsentStore = {
    find: (account, clientId) => act(() => kept.get(`${account} ${clientId}`)),
    save: (account, clientId, choice) =>
      act(() => {
        saved.push(choice);
        kept.set(`${account} ${clientId}`, choice);
      }),
    remove: (account, clientId) => act(() => void kept.delete(`${account} ${clientId}`)),
    list: (account) =>
      act(() =>
        [...kept]
          .filter(([name]) => name.startsWith(`${account} `))
          .map(([name, { granted, refused }]) => ({
            ...{ clientId: name.slice(account.length + 1), granted, refused },
            ...{ since: 1_800_000_000, until: 1_807_776_000, serial: 'serial-1' },
          })),
      ),
  };
  return { store, saved, state, forget: () => kept.clear() };
}

const consents = recordingStore();
let world: World;
let card: Card;
beforeAll(async () => {
  world = await createWorld(consents.store);
  world.registerApp({ clientId: 'shop', claims: ['phone_number', 'country', 'binding_changed_at'] });
});
afterAll(() => world.close());
beforeEach(async () => {
  consents.state.fails = false;
  card = await issueCard(world.operator, world.clock);
});

async function toConsent(browser?: Browser) {
  const app = await world.relyingParty('shop');
  const started = await app.begin({ scope: 'openid phone line' }, browser);
  return { started, page: await answerHere(world, started, card) };
}
async function signIn(options: { remember: boolean; claims?: readonly string[] }) {
  const { started, page } = await toConsent();
  const answer = await decide(started, page, 'share', options);
  return { browser: started.browser, started, answer };
}
const me = async (accessToken: string): Promise<Record<string, unknown>> => {
  const headers = { authorization: `Bearer ${accessToken}` };
  return (await (await fetch(`${world.server.origin}/me`, { headers })).json()) as Record<string, unknown>;
};
const own = (path = ''): string => `${world.server.origin}/consents${path}`;
const show = (browser: Browser, query = ''): Promise<Page> => browser.get(own(query));
const withdraw = (browser: Browser, app: string, headers: Record<string, string> = {}): Promise<Page> =>
  browser.submit(own('/withdraw'), [['app', app]], headers);

describe('what is kept of a consent', () => {
  test('names the person by half of the sub, the member, and what they were told and showed', async () => {
    const { started, answer } = await signIn({ remember: true, claims: ['phone_number'] });
    const { claims } = await started.finish(answer);
    const choice = consents.saved.at(-1);
    expect(choice).toMatchObject({
      granted: ['phone_number', 'phone_number_verified', 'binding_changed_at'],
      refused: ['country'],
      subject: Buffer.from(claims.sub, 'base64url').subarray(0, 16).toString('hex'),
      recipient: world.operator.did,
      evidence: expect.stringMatching(/^[0-9a-f]{64}$/),
      withdrawal: own(),
    });
    const notice = await (await fetch(choice?.notice.uri ?? '')).text();
    expect(createHash('sha256').update(notice).digest('hex')).toBe(choice?.notice.digest);
    expect(JSON.parse(notice)).toMatchObject({ app: 'shop', purpose: { en: 'To deliver your order' } });
  });

  test('nothing, where the person does not ask for it', async () => {
    const before = consents.saved.length;
    const { started, answer } = await signIn({ remember: false });
    expect((await started.finish(answer)).userinfo.phone_number).toBeDefined();
    expect(consents.saved).toHaveLength(before);
  });

  test('has a notice for registered apps alone', async () => {
    expect((await fetch(own('/notices/nobody'))).status).toBe(404);
  });
});

describe('a consent that is taken back elsewhere', () => {
  test('lets nothing out from then on, but warnings, even to a token given before', async () => {
    const { started, answer } = await signIn({ remember: true });
    const { claims, accessToken, userinfo } = await started.finish(answer);
    expect(userinfo).toMatchObject({ phone_number: expect.any(String) });
    consents.forget();
    const told = await me(accessToken);
    expect(told).toMatchObject({ sub: claims.sub });
    expect(Object.keys(told).sort()).toEqual(['binding_changed_at', 'sub']);
  });

  test('is asked for again, and what is said then without being kept counts for that sign-in', async () => {
    const { browser } = await signIn({ remember: true });
    consents.forget();
    const started = await (await world.relyingParty('shop')).begin({ scope: 'openid phone line' }, browser);
    expect(started.page.text).toContain('id="consent"');
    const answer = await decide(started, started.page, 'share', { remember: false });
    expect((await started.finish(answer)).userinfo.phone_number).toBeDefined();
  });
});

// In the same browser a new grant ends the tokens of the one before; people have more than one browser.
describe('a token lets out what its own grant may, now', () => {
  const warned = ['binding_changed_at', 'sub'];
  const namesFor = async (accessToken: string) => Object.keys(await me(accessToken)).sort();
  const login = async (browser: Browser, parameters: Record<string, string>) =>
    (await world.relyingParty('shop')).begin({ scope: 'openid phone line', ...parameters }, browser);

  test('a card shown again brings nothing back that was taken back, be the sign-in cancelled or not kept', async () => {
    const { browser, started, answer } = await signIn({ remember: true });
    const { accessToken } = await started.finish(answer);
    await withdraw(browser, 'shop');
    expect(await namesFor(accessToken)).toEqual(warned);
    const second = await toConsent();
    expect(await namesFor(accessToken)).toEqual(warned);
    await decide(second.started, second.page, 'cancel');
    expect(await namesFor(accessToken)).toEqual(warned);
    const third = await toConsent();
    const once = await third.started.finish(
      await decide(third.started, third.page, 'share', { remember: false }),
    );
    expect(once.userinfo.phone_number).toBeDefined();
    expect(await namesFor(accessToken)).toEqual(warned);
  });

  test('a silent sign-in after a card shown for nothing ends with the consent it rests on', async () => {
    const { browser } = await signIn({ remember: true });
    const abandoned = await login(browser, { prompt: 'login consent' });
    expect((await answerHere(world, abandoned, card)).text).toContain('id="consent"');
    const silent = await login(browser, { prompt: 'none' });
    const { accessToken, userinfo } = await silent.finish(silent.page);
    expect(userinfo.phone_number).toBeDefined();
    await withdraw(browser, 'shop');
    expect(await namesFor(accessToken)).toEqual(warned);
  });

  test('a narrower choice that is kept holds for tokens from before, a wider one gives them no more', async () => {
    const signInAgain = async (claims?: string[]) => {
      const asked = await login(createBrowser('https://'), { prompt: 'consent' });
      const page = await answerHere(world, asked, card);
      return asked.finish(
        await decide(asked, page, 'share', { remember: true, ...(claims ? { claims } : {}) }),
      );
    };
    const wide = await signInAgain();
    const narrow = await signInAgain(['country']);
    expect(await namesFor(wide.accessToken)).toEqual(['binding_changed_at', 'country', 'sub']);
    await signInAgain(['country', 'phone_number']);
    expect(await namesFor(narrow.accessToken)).toEqual(['binding_changed_at', 'country', 'sub']);
  });

  test('what was agreed to for one sign-in lasts for its tokens, whatever is kept and taken back later', async () => {
    const { started, answer } = await signIn({ remember: false });
    const { accessToken } = await started.finish(answer);
    const other = await toConsent();
    await decide(other.started, other.page, 'nothing', { remember: true });
    await withdraw(other.started.browser, 'shop');
    expect(await namesFor(accessToken)).toContain('phone_number');
  });
});

describe('an app that says something else than when the person agreed', () => {
  const registered = { clientId: 'forum', claims: ['phone_number', 'country'] as const };
  const restate = (changed: object): unknown =>
    world.registerApp({ ...registered, claims: [...registered.claims], ...changed });

  test.each([
    ['purpose', { purpose: { en: 'To send you offers', 'zh-CN': '用于推广' } }],
    ['member', { member: () => world.platform.did }],
  ])('another %s: asked again, and no token counts until the person agrees to it', async (_, change) => {
    restate({});
    const app = await world.relyingParty('forum');
    const started = await app.begin();
    const page = await answerHere(world, started, card);
    const { accessToken } = await started.finish(await decide(started, page, 'share', { remember: true }));
    restate('member' in change ? { member: change.member() } : change);
    expect(Object.keys(await me(accessToken))).toEqual(['sub']);
    const silent = await app.begin({ prompt: 'none' }, started.browser);
    expect(new URL(silent.page.url).searchParams.get('error')).toBe('consent_required');
    const asked = await app.begin({}, started.browser);
    expect(asked.page.text).toContain('id="consent"');
    expect((await show(started.browser)).text).toContain('data-app="forum"');
    const agreed = await asked.finish(await decide(asked, asked.page, 'share', { remember: true }));
    expect(agreed.userinfo.phone_number).toBeDefined();
  });
});

describe('the person’s page', () => {
  test('lists what was agreed to, in both languages, with dates and number', async () => {
    const { browser } = await signIn({ remember: true, claims: ['phone_number'] });
    const page = await show(browser, '?ui_locales=zh-CN');
    expect(page.text).toContain('<html lang="zh-CN">');
    expect(page.text).toContain('小店');
    expect(page.text).toContain('手机号码');
    expect(page.text).toContain('<time datetime="2027-01-15">');
    expect(page.text).toContain('serial-1');
    expect((await show(browser, '?ui_locales=en')).text).toContain('Take it back from Corner Shop');
    expect(page.text).not.toMatch(/\+?\d{11}/);
  });

  test('takes it back, and says so', async () => {
    const { browser } = await signIn({ remember: true });
    const page = await withdraw(browser, 'shop');
    expect(page.status).toBe(200);
    expect(page.text).toContain('data-withdrawn');
    expect(page.text).not.toContain('data-app=');
    expect((await show(browser)).text).not.toContain('data-app=');
  });

  test('shows nothing to a browser in which nobody is signed in, and takes nothing from it', async () => {
    const stranger = createBrowser('https://');
    const page = await show(stranger);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('data-app=');
    expect(page.text).toContain('not signed in');
    expect(problemIn(await withdraw(stranger, 'shop'))).toBe('login_expired');
  });

  test.each([
    ['another origin', { origin: 'https://elsewhere.example' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
  ])('takes nothing back for a form of %s', async (_, headers) => {
    const { browser } = await signIn({ remember: true });
    expect((await withdraw(browser, 'shop', headers)).status).toBe(403);
    expect((await show(browser)).text).toContain('data-app="shop"');
  });

  test('refuses an app that nobody registered, without repeating it', async () => {
    const { browser } = await signIn({ remember: true });
    const page = await withdraw(browser, '<script>alert(1)</script>');
    expect(page.status).toBe(400);
    expect(page.text).not.toContain('alert(1)');
    const shown = await show(browser, '?withdrawn=%3Cscript%3Ealert(1)');
    expect(shown.text).not.toContain('alert(1)');
  });

  test('fails closed and says so while the store cannot be reached', async () => {
    const { browser } = await signIn({ remember: true });
    consents.state.fails = true;
    const page = await withdraw(browser, 'shop');
    expect(page.status).toBe(503);
    expect(problemIn(page)).toBe('consent_not_recorded');
  });
});

test('a choice that cannot be written down signs nobody in: asked again, the person may go on without it', async () => {
  const { started, page } = await toConsent();
  consents.state.fails = true;
  const refused = await decide(started, page, 'share', { remember: true });
  expect(problemIn(refused)).toBe('consent_not_recorded');
  expect(refused.text).toContain('?again=1');
  consents.state.fails = false;
  const again = await started.browser.get(page.url);
  const answer = await decide(started, again, 'share', { remember: true });
  expect((await started.finish(answer)).userinfo.phone_number).toBeDefined();
  expect(world.logs.join('\n')).toContain('consent.not_recorded');
});
