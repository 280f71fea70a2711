import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subscriber } from '../../openid/test/wallet/fakes/setup.ts';
import { openPresentation } from '../../openid/test/wallet/fakes/verifier.ts';
import { CHROMIUM, startWorld } from './harness/world.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const missing = !existsSync(CHROMIUM) && process.env.ATTESTEL_REQUIRE_ALL !== '1';

/** Names of the accessibility rules a page breaks. */
async function brokenRules(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`);
  });
}

/** Everything that can be pressed is at least 44 px high and wide, except links inside a sentence. */
const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('a, button, input, summary, label.row')]
      .filter(
        (element) =>
          element.checkVisibility() && element.closest('p, .skip') === null && element.className !== 'skip',
      )
      .filter((element) => element.getAttribute('type') !== 'radio')
      .filter((element) => {
        const { width, height } = element.getBoundingClientRect();
        return Math.min(width, height) < 43.5;
      })
      .map((element) => element.outerHTML.slice(0, 120)),
  );

describe.skipIf(missing)('the browser wallet', () => {
  let world: Awaited<ReturnType<typeof startWorld>>;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(async () => {
    await world?.close();
  });

  const addCard = async (page: Page, line = subscriber()): Promise<void> => {
    await page.goto(world.here(world.issuer.offer(line, { pin: '4711' }), '/add'));
    await page.fill('#pin', '4711');
    await page.click('[data-action="add-card"]');
  };

  it('gets a card in the middle of a sign-in and then goes on with it', async () => {
    const { page, wrong } = await world.person();
    const line = subscriber();
    const { link, flow } = world.verifier.request({ post: true });
    await page.goto(world.here(link, '/present'));
    await page.getByRole('heading', { name: 'You need a phone card first' }).waitFor();
    expect(await page.getByRole('link', { name: /Zhonglian/ }).getAttribute('href')).toMatch(/\/my$/);
    await page.goto(world.here(world.issuer.offer(line, { pin: '4711' }), '/add'));
    await page.getByLabel('PIN from your operator').fill('9999');
    await page.click('[data-action="add-card"]');
    await page.getByText('The PIN is wrong').waitFor();
    await page.getByLabel('PIN from your operator').fill('4711');
    await page.click('[data-action="add-card"]');
    await page.getByRole('heading', { name: 'Sign in to Shop?' }).waitFor();
    await page.getByText('The card was added').waitFor();
    await page.getByText('Your number stays here.').waitFor();
    await page.click('[data-action="approve"]');
    await page.waitForSelector('#done');
    const { phone } = (flow.result as { vp_token: { phone: [string] } }).vp_token;
    const opened = openPresentation(phone[0], world.operator, {
      audience: world.verifier.clientId,
      nonce: flow.nonce,
    });
    expect(opened.claims).toEqual({ subscription_handle: line.subscription_handle });
    expect(wrong).toEqual([]);
  });

  it('warns before it signs in another screen, and the button says so', async () => {
    const { page, wrong } = await world.person();
    await addCard(page);
    await page.waitForURL('**/cards/*');
    const own = world.verifier.request();
    await page.goto(world.here(own.link, '/present'));
    await page.getByRole('button', { name: 'Share and sign in', exact: true }).waitFor();
    expect(await page.getByText('another screen').count()).toBe(0);
    await page.click('[data-action="refuse"]');
    await page.waitForSelector('#done');
    const { link, flow } = world.verifier.request({ mode: 'cross-device' });
    await page.goto(world.here(link, '/present'));
    await page.getByRole('heading', { name: 'This signs in another screen' }).waitFor();
    await page.getByText('Approve only if you yourself scanned the code of Shop there.').waitFor();
    expect(await page.innerText('[data-action="approve"]')).toBe('Sign in the other screen');
    await page.click('[data-action="approve"]');
    await page.waitForSelector('#done');
    expect(flow.result).toHaveProperty('vp_token');
    expect(wrong).toEqual([]);
  });

  it.each([{ mode: 'cross-device' }, { mode: null }])(
    'does not go on by itself with a sign-in for another screen: %o',
    async ({ mode }) => {
      const { page } = await world.person();
      const { link, flow } = world.verifier.request({ mode });
      await page.goto(world.here(link, '/present'));
      await page.getByText('This sign-in waits under Cards.').waitFor();
      await addCard(page);
      await page.getByText('A sign-in is waiting').waitFor();
      await page.getByText('Your card is here').waitFor();
      expect(new URL(page.url()).pathname).toBe('/');
      expect(flow.result).toBeNull();
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('heading', { name: 'This signs in another screen' }).waitFor();
    },
  );

  it('keeps cards, keys and history over a reload, and its keys cannot be read by scripts', async () => {
    const { page, wrong } = await world.person();
    await addCard(page);
    await page.waitForURL('**/cards/*');
    await page.goto(world.origin);
    await page.getByText('+86 138****1111').waitFor();
    const keys = await page.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('attestel-wallet');
        request.onsuccess = () => resolve(request.result);
      });
      const all = await new Promise<{ privateKey: CryptoKey }[]>((resolve) => {
        const request = database.transaction('keys').objectStore('keys').getAll();
        request.onsuccess = () => resolve(request.result);
      });
      const read = await Promise.allSettled(
        all.map(({ privateKey }) => crypto.subtle.exportKey('jwk', privateKey)),
      );
      return all.map(({ privateKey }, i) => [privateKey.extractable, read[i]?.status]);
    });
    expect(keys).toEqual(Array.from({ length: 5 }, () => [false, 'rejected']));
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByText('Card of Zhonglian added').waitFor();
    expect(wrong).toEqual([]);
  });

  it('shows the number only when asked to, and writes it nowhere else', async () => {
    const { page } = await world.person();
    const line = { ...subscriber(), phone_number: '+8613912345678' };
    await addCard(page, line);
    await page.waitForURL('**/cards/*');
    const text = () => page.locator('main').innerText();
    expect(await text()).not.toContain('12345678');
    await page.getByRole('button', { name: 'Show the number' }).click();
    expect(await text()).toContain('+8613912345678');
    const stored = await page.evaluate(
      () => JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }),
    );
    expect(stored).not.toContain('12345678');
  });

  it('lets the person keep the number back, and says so', async () => {
    const { page } = await world.person();
    await addCard(page);
    await page.waitForURL('**/cards/*');
    const claims = ['subscription_handle', 'phone_number', 'phone_number_verified'].map((id) => ({
      id,
      path: [id],
    }));
    const claim_sets = [
      ['subscription_handle', 'phone_number', 'phone_number_verified'],
      ['subscription_handle'],
    ];
    const credential = {
      id: 'phone',
      format: 'dc+sd-jwt',
      meta: { vct_values: ['https://credentials.attestel.example/phone-number/1'] },
      claims,
      claim_sets,
    };
    const { link, flow } = world.verifier.request({ query: { credentials: [credential] } });
    await page.goto(world.here(link, '/present'));
    const share = page.getByRole('switch', { name: 'Share: Phone number' });
    await page.getByText('+86 138****1111, verified').waitFor();
    expect(await share.getAttribute('aria-checked')).toBe('true');
    await share.click();
    await page.getByText('Your number stays here.').waitFor();
    await share.click();
    await share.click();
    await page.click('[data-action="approve"]');
    await page.waitForSelector('#done');
    const { phone } = (flow.result as { vp_token: { phone: [string] } }).vp_token;
    const opened = openPresentation(phone[0], world.operator, {
      audience: world.verifier.clientId,
      nonce: flow.nonce,
    });
    expect(Object.keys(opened.claims)).toEqual(['subscription_handle']);
  });

  it('refuses, tells the bridge, and writes it down', async () => {
    const { page } = await world.person();
    await addCard(page);
    await page.waitForURL('**/cards/*');
    const { link, flow } = world.verifier.request();
    await page.goto(world.here(link, '/present'));
    await page.click('[data-action="refuse"]');
    await page.waitForSelector('#done');
    expect(flow.result).toMatchObject({ error: 'access_denied' });
    await page.goto(`${world.origin}/history`);
    await page.getByText('Refused Shop').waitFor();
  });

  it('starts empty when the browser lost it, and the same line signs in as the same person again', async () => {
    const { page, context } = await world.person();
    const line = subscriber();
    const handleShown = async (): Promise<unknown> => {
      const { link, flow } = world.verifier.request();
      await page.goto(world.here(link, '/present'));
      await page.click('[data-action="approve"]');
      await page.waitForSelector('#done');
      const { phone } = (flow.result as { vp_token: { phone: [string] } }).vp_token;
      return openPresentation(phone[0], world.operator, {
        audience: world.verifier.clientId,
        nonce: flow.nonce,
      }).claims;
    };
    await addCard(page, line);
    await page.waitForURL('**/cards/*');
    const before = await handleShown();
    const session = await context.newCDPSession(page);
    await session.send('Storage.clearDataForOrigin', { origin: world.origin, storageTypes: 'all' });
    await page.goto(world.origin);
    await page.getByText('No phone card yet').waitFor();
    await addCard(page, line);
    await page.waitForURL('**/cards/*');
    expect(await handleShown()).toEqual(before);
  });

  it('removes a card after asking', async () => {
    const { page } = await world.person();
    await addCard(page);
    await page.waitForURL('**/cards/*');
    await page.getByRole('button', { name: 'Remove this card' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Remove this card' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('The card was removed.').waitFor();
    await page.getByText('No phone card yet').waitFor();
  });

  it('says in plain words why a request was not answered', async () => {
    const { page } = await world.person();
    world.verifier.faults.signWith = world.stranger.privateKey;
    try {
      await page.goto(world.here(world.verifier.request().link, '/present'));
      await page.getByRole('alert').getByText('could be a fraud').waitFor();
      await page.getByText('Code: request_signature_invalid').waitFor();
    } finally {
      delete world.verifier.faults.signWith;
    }
  });

  it('opens pasted links and refuses anything else', async () => {
    const { page } = await world.person();
    await page.goto(world.origin);
    await page.getByText('I have a link').click();
    await page.getByLabel(/Link from your operator/).fill('https://example.org/');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByText('neither a card offer').waitFor();
    await page
      .getByLabel(/Link from your operator/)
      .fill(world.issuer.offer(subscriber(), { byValue: true }));
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByText('Zhonglian offers you a phone card').waitFor();
  });

  it('can be used with the keyboard alone', async () => {
    const { page } = await world.person();
    await addCard(page);
    await page.waitForURL('**/cards/*');
    await page.goto(world.here(world.verifier.request().link, '/present'));
    await page.waitForSelector('[data-action="approve"]');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate(() => document.activeElement?.getAttribute('data-action'))) === 'approve')
        break;
    }
    await page.keyboard.press('Enter');
    await page.waitForSelector('#done');
  });

  it.each([
    { locale: 'en-US', dark: false, width: 390 },
    { locale: 'en-US', dark: true, width: 1200 },
    { locale: 'zh-CN', dark: true, width: 320 },
  ] as const)('breaks no accessibility rule on any screen: %o', async (options) => {
    const { page, wrong } = await world.person(options);
    const check = async (screen: string): Promise<void> => {
      expect(await brokenRules(page), screen).toEqual([]);
      expect(await smallTargets(page), screen).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `${screen}: wider than the window`).toBeLessThanOrEqual(0);
    };
    await page.goto(world.origin);
    await page.waitForSelector('.rows');
    expect(await page.getAttribute('html', 'lang')).toBe(options.locale === 'zh-CN' ? 'zh-CN' : 'en');
    await check('empty');
    await page.goto(world.here(world.verifier.request().link, '/present'));
    await page.waitForSelector('.rows');
    await check('present without a card');
    const offer = world.here(world.issuer.offer(subscriber(), { pin: '4711' }), '/add');
    await page.goto(offer);
    await page.waitForSelector('#pin');
    await check('offer');
    await page.fill('#pin', '1111');
    await page.click('[data-action="add-card"]');
    await page.waitForSelector('.problem');
    await check('offer with a wrong PIN');
    await page.fill('#pin', '4711');
    await page.click('[data-action="add-card"]');
    await page.waitForSelector('[data-action="approve"]');
    await check('present');
    await page.goto(world.here(world.verifier.request({ mode: 'cross-device' }).link, '/present'));
    await page.waitForSelector('[data-mode="cross-device"]');
    await page.waitForSelector('[data-action="approve"]');
    await check('present for another screen');
    await page.goto(world.origin);
    await page.waitForSelector('.phone-card');
    await check('home');
    await page.click('.card-link');
    await page.waitForSelector('.facts');
    await check('card');
    for (const path of ['/history', '/about', '/add?x', '/present?client_id=x']) {
      await page.goto(world.origin + path);
      await page.waitForSelector('.panel, .problem');
      await check(path);
    }
    expect(wrong).toEqual([]);
  });
});
