import { LOCALES, systemRandom } from '@attestel/core';
import { verifierErrors } from '@attestel/openid/verifier';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueCard } from '../../openid/test/verifier/support/consortium.ts';
import { bridgeErrors } from '../src/errors.ts';
import { en } from '../src/i18n/en.ts';
import { zhCn } from '../src/i18n/zh-cn.ts';
import { createBrowserCookie } from '../src/interaction/browser-cookie.ts';
import { consentPage } from '../src/pages/consent.page.ts';
import { problemOf, problemPage } from '../src/pages/problem.page.ts';
import { signInPage } from '../src/pages/sign-in.page.ts';
import { createBrowser, type Page, problemIn, walletLink } from './support/browser.ts';
import { answerHere, createWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  world.registerApp({ clientId: 'shop', claims: ['phone_number', 'country'] });
});
afterAll(() => world.close());

/** Rules for every page, as far as markup shows them. */
function assertPage({ text, headers }: Pick<Page, 'text' | 'headers'>, locale: string): void {
  expect(text).toContain(`<html lang="${locale}">`);
  expect(text).toContain('name="viewport"');
  expect(text.match(/<h1>/g)).toHaveLength(1);
  expect(text).not.toMatch(/<style|style="|<script>| on[a-z]+="/);
  expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\/(?!wallet\.example|shop\.example)/);
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(headers.get('cache-control')).toContain('no-store');
}

describe('catalogues', () => {
  test('have the same keys, no empty text and the same placeholders', () => {
    expect(Object.keys(zhCn).sort()).toEqual(Object.keys(en).sort());
    const holes = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [key, text] of Object.entries(en)) {
      const other = zhCn[key as keyof typeof en];
      expect([key, holes(other)]).toEqual([key, holes(text)]);
      expect([key, other.length > 0, text.length > 0]).toEqual([key, true, true]);
    }
  });

  test('have a text for every error a person can meet', () => {
    for (const code of [...Object.keys(verifierErrors), ...Object.keys(bridgeErrors)]) {
      const problem = problemOf(code);
      for (const locale of LOCALES) {
        expect(problemPage({ locale, problem, trace: 't' }).markup).toContain(`data-problem="${problem}"`);
      }
    }
  });
});

describe('pages', () => {
  test('follow ui_locales, then Accept-Language', async () => {
    const app = await world.relyingParty('shop');
    const chinese = await app.begin({ ui_locales: 'fr zh-CN' });
    assertPage(chinese.page, 'zh-CN');
    expect(chinese.page.text).toContain('登录小店');
    const english = await app.begin({ ui_locales: 'en' });
    assertPage(english.page, 'en');
    expect(english.page.text).toContain('Sign in to Corner Shop');
    const { browser } = await app.begin();
    const byHeader = await browser.get(`${world.server.origin}/auth?client_id=nobody`, {
      'accept-language': 'zh',
    });
    assertPage(byHeader, 'zh-CN');
  });

  test('put the QR code first, and on phones the button, with the QR code behind a link', async () => {
    const agent = { 'user-agent': 'Mozilla/5.0 (Linux; Android 16) Mobile Safari' };
    const app = await world.relyingParty('shop');
    const { page: desktop } = await app.begin();
    expect(desktop.text.indexOf('id="live"')).toBeLessThan(desktop.text.indexOf('wallet-link'));
    const url = new URL(`${world.server.origin}/auth`);
    url.search = new URLSearchParams({
      client_id: 'shop',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: 'https://shop.example/cb',
    }).toString();
    const browser = createBrowser();
    const phone = await browser.get(url.href, agent);
    expect(phone.text).toContain('wallet-link');
    for (const absent of ['<svg', '<script', 'http-equiv="refresh"'])
      expect(phone.text).not.toContain(absent);
    const link = /href="([^"]+elsewhere=1)"/.exec(phone.text)?.[1] ?? '';
    const shown = await browser.get(new URL(link, phone.url).href, agent);
    expect(shown.text.indexOf('wallet-link')).toBeLessThan(shown.text.indexOf('id="live"'));
    expect(walletLink(shown)).toBe(walletLink(phone));
    for (const { text } of [desktop, shown]) {
      expect(text).toMatch(/role="status" aria-live="polite"/);
      expect(text).toMatch(/role="img" aria-label="[^"]+"/);
      expect(text).toContain('<noscript><meta http-equiv="refresh"');
    }
  });

  test('name app, domain, sponsor and purpose where the person decides, and mask the number', async () => {
    const started = await (await world.relyingParty('shop')).begin({ ui_locales: 'en' });
    const consent = await answerHere(world, started, await issueCard(world.operator, world.clock));
    assertPage(consent, 'en');
    for (const said of [
      'Corner Shop',
      'shop.example',
      'Alpha Telecom',
      'To deliver your order',
      '+86 138****1111',
    ]) {
      expect(consent.text).toContain(said);
    }
    expect(consent.text).not.toContain('13800001111');
    expect(consent.headers.get('content-security-policy')).toContain(
      "form-action 'self' https://shop.example",
    );
  });

  test('escape names from the registry', () => {
    const name = '<script>alert(1)</script>';
    const shared = { locale: 'en', self: '/x' } as const;
    const pages = [
      signInPage({
        ...shared,
        app: { name, member: name },
        runBy: name,
        here: null,
        there: null,
        phone: false,
        walletUrl: 'https://w.example',
      }),
      consentPage({
        remembered: false,
        ...shared,
        app: { name, domain: name, member: name, purpose: name },
        items: [{ claim: 'country', value: name, on: true, locked: false }],
        card: { operator: name, number: name },
        digest: name,
        changed: true,
      }),
    ];
    for (const { markup } of pages) expect(markup).not.toContain('<script>alert');
  });

  test('their files are served under names that change with the content', async () => {
    const { page } = await (await world.relyingParty('shop')).begin();
    const files = [...page.text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map((m) => m[1]);
    expect(files).toHaveLength(2);
    for (const file of files) {
      const response = await fetch(`${world.server.origin}${file}`);
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect((await response.text()).length).toBeGreaterThan(500);
    }
  });

  test.each([
    ['suspended', 'credential_suspended', 'contact your operator'],
    ['sim-changed', 'credential_sim_changed', 'call your operator at once'],
    ['invalid', 'credential_revoked', 'revoked'],
    ['stale', 'status_unavailable', 'try again in a minute'],
  ] as const)('I3: a card that is %s leads to a page that says what to do', async (status, problem, said) => {
    const started = await (await world.relyingParty('shop')).begin({ ui_locales: 'en' });
    const card = await issueCard(world.operator, world.clock);
    world.consortium.setStatus(card, status);
    const page = await answerHere(world, started, card);
    assertPage(page, 'en');
    expect(problemIn(page)).toBe(problem);
    expect(page.text).toContain(said);
    expect(page.text).toMatch(/Reference for support: [\w.-]{8,}/);
    expect(page.text).toContain('?again=1');
    const again = await started.browser.get(`${started.page.url}?again=1`);
    expect(walletLink(again)).not.toBe('');
  });

  test('a declined request offers the way back to the app, which gets access_denied', async () => {
    const started = await (await world.relyingParty('shop')).begin({ ui_locales: 'en' });
    const { request } = await presentNothing(started.page);
    const page = await started.browser.get(request);
    expect(problemIn(page)).toBe('declined');
    const action = /action="([^"]+\/cancel)"/.exec(page.text)?.[1] ?? '';
    const back = await started.browser.submit(new URL(action, page.url).href, []);
    expect(new URL(back.url).searchParams.get('error')).toBe('access_denied');
  });

  test('an unaccredited issuer and a suspended bridge have pages of their own', async () => {
    const outsider = await world.consortium.addParty('Outsider', 'operator', { accredited: false });
    const started = await (await world.relyingParty('shop')).begin();
    const page = await answerHere(world, started, await issueCard(outsider, world.clock));
    expect(problemIn(page)).toBe('issuer_not_accredited');
    const bridge = world.consortium.bridges.get(world.platform.did);
    if (!bridge) throw new TypeError('no bridge');
    world.consortium.bridges.set(world.platform.did, { ...bridge, status: 'suspended' });
    const refused = await started.browser.get(started.page.url);
    world.consortium.bridges.set(world.platform.did, bridge);
    expect([refused.status, problemIn(refused)]).toEqual([503, 'bridge_not_active']);
  });
});

async function presentNothing(page: Page): Promise<{ request: string }> {
  const { fetchRequest, post } = await import('../../openid/test/verifier/support/wallet.ts');
  const request = await fetchRequest(walletLink(page), world.consortium.resolver);
  const answer = await post(request.payload.response_uri, {
    error: 'access_denied',
    state: request.payload.state,
  });
  return { request: answer.body.redirect_uri ?? '' };
}

describe('details', () => {
  test('cookies carry the instance, and prefixes and Secure where the issuer is https', async () => {
    const started = await (await world.relyingParty('shop')).begin();
    expect(started.browser.cookies.map(({ name }) => name).sort()).toEqual([
      'test-browser',
      'test-interaction',
      'test-interaction.sig',
      'test-resume',
      'test-resume.sig',
    ]);
    for (const { raw } of started.browser.cookies)
      expect(raw.toLowerCase()).toMatch(/httponly.*samesite=lax|samesite=lax.*httponly/);
    const options = { instance: 'bridge', random: systemRandom } as never;
    const { header } = createBrowserCookie({ secure: true, options }).ensure({ headers: {} } as never);
    expect(header).toMatch(/^__Host-bridge-browser=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  });
});
