import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBrowser } from './browser.ts';
import { type PlainProvider, startPlainProvider } from './plain-provider.ts';
import { type Example, freePort, startExample } from './start-example.ts';

const NAMES = ['shop', 'forum'] as const;
const CLAIMS = {
  shop: { phone_number: '+8613800000000', phone_number_verified: true },
  forum: { sim_unchanged_30d: true, binding_changed_at: '2026-05-17' },
} as const;

let provider: PlainProvider;
const apps = new Map<string, Example>();
const app = (name: string): Example => apps.get(name) as Example;

beforeAll(async () => {
  const settings = await Promise.all(
    NAMES.map(async (name) => ({
      name,
      port: await freePort(),
      clientId: `demo-${name}`,
      clientSecret: `secret of the ${name} ~!+/=`, // must survive the form encoding of RFC 6749 §2.3.1
    })),
  );
  provider = await startPlainProvider(
    settings.map((s) => ({ id: s.clientId, secret: s.clientSecret, baseUrl: `http://localhost:${s.port}` })),
  );
  for (const s of settings) apps.set(s.name, await startExample(s.name, { ...s, issuer: provider.issuer }));
}, 30_000);

afterAll(async () => {
  for (const example of apps.values()) await example.stop();
  await provider?.close();
});

const signIn = async (name: string, browser = createBrowser()) => {
  const { url, response } = await browser.follow(`${app(name).baseUrl}/login`);
  return { browser, url, status: response.status, text: await response.text() };
};

describe.each(NAMES)('the %s, beside a provider that is not ours', (name) => {
  test('shows a sign-in button in the language of the browser, or as asked', async () => {
    const { baseUrl } = app(name);
    const english = await (await fetch(baseUrl, { headers: { 'accept-language': 'en' } })).text();
    expect(english).toContain('Sign in with your number');
    const chinese = await (await fetch(`${baseUrl}/?lang=zh-CN`)).text();
    expect(chinese).toContain('用手机号登录');
    expect(chinese).toContain('lang="zh-CN"');
  });

  test('says that it is alive', async () => {
    expect((await fetch(`${app(name).baseUrl}/healthz`)).status).toBe(200);
  });

  test('asks with PKCE, state and nonce, and passes the language on', async () => {
    provider.answer = { sub: `${name}-1`, claims: {} };
    await signIn(name);
    expect(provider.lastRequest).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.any(String),
      state: expect.any(String),
      nonce: expect.any(String),
      ui_locales: 'en',
      scope: name === 'shop' ? 'openid phone' : 'openid line',
    });
  });

  test('signs a person in and shows what they shared', async () => {
    provider.answer = { sub: `subject-of-${name}-0123456789`, claims: CLAIMS[name] };
    const { url, status, text } = await signIn(name);
    expect([url, status]).toEqual([`${app(name).baseUrl}/`, 200]);
    expect(text).toContain(`title="subject-of-${name}-0123456789"`);
    expect(text).toContain(name === 'shop' ? '+8613800000000' : 'SIM unchanged for 30 days');
  });

  test('signs a person in who shares nothing but the subject', async () => {
    provider.answer = { sub: `quiet-${name}-0123456789`, claims: {} };
    const { text } = await signIn(name);
    expect(text).toContain(`title="quiet-${name}-0123456789"`);
    expect(text).toContain(name === 'shop' ? 'id="no-phone"' : 'SIM history not shared');
  });

  test.each([
    ['access_denied', 403, 'You did not sign in'],
    ['login_required', 401, 'Please sign in again'],
    ['server_error', 400, 'not work'],
  ])('explains %s with a page and a way on', async (error, status, title) => {
    provider.answer = { error };
    const result = await signIn(name);
    expect(result.status).toBe(status);
    expect(result.text).toContain(title);
    expect(result.text).toContain('href="/login"');
  });

  test('refuses a callback that another browser began', async () => {
    provider.answer = { sub: `victim-${name}`, claims: {} };
    const victim = createBrowser();
    const isCallback = (next: string) => next.startsWith(`${app(name).baseUrl}/callback`);
    const { url } = await victim.follow(`${app(name).baseUrl}/login`, {}, isCallback);
    expect(isCallback(url)).toBe(true);
    const { response } = await createBrowser().follow(url);
    expect(response.status).toBe(400);
    const home = await victim.send(app(name).baseUrl);
    expect(await home.text()).toContain('id="sign-in"');
  });

  test('signs out here and at the provider', async () => {
    provider.answer = { sub: `leaving-${name}`, claims: {} };
    const { browser } = await signIn(name);
    const { baseUrl } = app(name);
    const out = await browser.send(`${baseUrl}/logout`, {
      method: 'POST',
      headers: { origin: baseUrl },
    });
    const location = new URL(out.headers.get('location') as string);
    expect(location.origin).toBe(provider.issuer);
    expect(location.searchParams.get('post_logout_redirect_uri')).toBe(baseUrl);
    expect(await (await browser.send(baseUrl)).text()).toContain('id="sign-in"');
  });

  test.each<[string, RequestInit]>([
    ['by a link', { method: 'GET', headers: { 'sec-fetch-site': 'cross-site' } }],
    ['by a form of another origin', { method: 'POST', headers: { origin: 'https://elsewhere.example' } }],
    ['by a form that does not say where it is from', { method: 'POST' }],
  ])('cannot be made to sign a person out %s', async (_how, init) => {
    provider.answer = { sub: `staying-${name}`, claims: {} };
    const { browser } = await signIn(name);
    const { baseUrl } = app(name);
    const refused = await browser.send(`${baseUrl}/logout`, init);
    expect([403, 404]).toContain(refused.status);
    expect(await (await browser.send(baseUrl)).text()).toContain('id="sign-out"');
  });

  test('keeps the way to the provider and its cookie when the language is chosen at the sign-in', async () => {
    const response = await fetch(`${app(name).baseUrl}/login?lang=en`, { redirect: 'manual' });
    expect(new URL(response.headers.get('location') as string).origin).toBe(provider.issuer);
    const cookies = response.headers.getSetCookie();
    expect(cookies.filter((cookie) => cookie.startsWith(`${name}_lang=en;`))).toHaveLength(1);
    expect(cookies.length).toBeGreaterThan(1);
  });

  test('escapes what comes from outside', async () => {
    provider.answer = { sub: `x"><b>${name}`, claims: { phone_number: '<i>', phone_number_verified: true } };
    const { text } = await signIn(name);
    expect(text).not.toContain('<b>');
    expect(text).not.toContain('<i>');
  });

  test('sends a strict content policy and loads nothing from elsewhere', async () => {
    const response = await fetch(app(name).baseUrl);
    const policy = response.headers.get('content-security-policy');
    for (const rule of [
      "default-src 'none'",
      "form-action 'self' ",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ])
      expect(policy).toContain(rule);
    expect(await response.text()).not.toMatch(/(?:src|href)="https?:/);
  });

  test('knows no package of ours', () => {
    const folder = new URL(`../../examples/${name}/`, import.meta.url);
    const sources = readdirSync(new URL('src/', folder)).map((file) => new URL(`src/${file}`, folder));
    for (const file of [...sources, new URL('package.json', folder)]) {
      expect(readFileSync(file, 'utf8')).not.toContain('@attestel');
    }
  });
});

test.each([
  [{ sim_unchanged_30d: false }, 'SIM changed in the last 30 days'],
  [{ binding_changed_at: '2026-05-17' }, 'This phone since May 17, 2026'],
  [{ binding_changed_at: '2026-05-17', binding_pending: true }, 'can still be refused'],
  [{ binding_changed_at: 'no date' }, 'SIM history not shared'],
])('the forum tells %j as "%s"', async (claims, text) => {
  provider.answer = { sub: 'someone', claims };
  expect((await signIn('forum')).text).toContain(text);
});

test('the shop goes by the site that the browser names, before the origin', async () => {
  const { baseUrl } = app('shop');
  const logout = (site: string, origin: string) =>
    fetch(`${baseUrl}/logout`, {
      method: 'POST',
      headers: { 'sec-fetch-site': site, origin },
      redirect: 'manual',
    });
  expect((await logout('same-site', baseUrl)).status).toBe(403);
  expect((await logout('same-origin', 'null')).status).toBe(302);
});

test('the forum refuses posts from other origins and posts that are too large', async () => {
  const { baseUrl } = app('forum');
  const post = (origin: string, body: string) =>
    fetch(`${baseUrl}/posts`, { method: 'POST', headers: { origin }, body, redirect: 'manual' });
  expect((await post('https://elsewhere.example', 'text=hi')).status).toBe(403);
  expect((await post(baseUrl, `text=${'x'.repeat(9000)}`)).status).toBe(413);
  expect((await post(baseUrl, 'text=hi')).headers.get('location')).toBe('/login');
});

test('a provider that is away gives a page that says so, and the app recovers', async () => {
  const port = await freePort();
  const away = await startExample('forum', {
    port: await freePort(),
    issuer: `http://localhost:${port}`,
    clientId: 'demo-forum',
    clientSecret: 'x',
  });
  try {
    const response = await fetch(`${away.baseUrl}/login`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('does not answer');
    expect((await fetch(away.baseUrl)).status).toBe(200);
  } finally {
    await away.stop();
  }
});
