import { beforeEach, describe, expect, it } from 'vitest';
import { texts } from '../../../src/issuer/i18n/texts.ts';
import { sampleSubscribers } from '../../../src/issuer/index.ts';
import { foreignWallet } from '../fakes/foreign-wallet.ts';
import { type Answer, callRoutes } from '../fakes/http.ts';
import { createWorld, type Operator, type World } from '../fakes/world.ts';

const samples = sampleSubscribers({ seed: 'test', operator: 'zhonglian', count: 2 });
const subscriptionId = samples[0]?.subscriptionId as string;

let world: World;
let operator: Operator;

beforeEach(async () => {
  world = await createWorld();
  operator = world.operators[0] as Operator;
  await operator.issuer.subscribers.seed(samples);
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  callRoutes(operator.routes, { method: 'GET', url: `${operator.issuerUrl}${path}`, headers });

const submit = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  callRoutes(operator.routes, {
    method: 'POST',
    url: `${operator.issuerUrl}${path}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  });

const attribute = (page: Answer, pattern: RegExp): string =>
  (pattern.exec(page.text)?.[1] ?? '').replaceAll('&amp;', '&');

describe('the self-service page', () => {
  it('is there only in a demonstration', async () => {
    world = await createWorld({ issuer: { demo: false } });
    operator = world.operators[0] as Operator;
    for (const path of ['/my', '/my/style.css']) expect((await get(path)).status).toBe(404);
    expect((await submit('/my/offers', { subscriptionId })).status).toBe(404);
    expect((await submit('/my/events', { subscriptionId, type: 'suspend' })).status).toBe(404);
  });

  it('speaks the language of the reader and says so', async () => {
    const chinese = await get('/my', { 'accept-language': 'zh-CN,zh;q=0.9' });
    expect(chinese.text).toContain('<html lang="zh-CN">');
    expect(chinese.text).toContain(texts('zh-CN').my.simulated);
    expect(chinese.text).toContain(samples[0]?.holderName['zh-CN']);
    const chosen = await get('/my?lang=en', { 'accept-language': 'zh-CN' });
    expect(chosen.text).toContain('<html lang="en">');
    expect(chosen.text).toContain(texts('en').my.simulated);
  });

  it('runs no script, loads nothing foreign, and cannot be framed', async () => {
    const page = await get('/my');
    expect(page.headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(page.text).not.toMatch(/<script|style=|onclick|https?:\/\//);
    const style = await get('/my/style.css');
    expect(style.headers['content-type']).toBe('text/css; charset=utf-8');
    expect(style.text).not.toMatch(/url\(|@import/);
    expect(style.text).toContain('color-scheme: light dark');
  });

  it('gives an offer that a wallet can take', async () => {
    const page = await submit('/my/offers', { subscriptionId, lang: 'en' });
    expect(page.headers['cache-control']).toBe('no-store');
    const pin = attribute(page, /data-pin>(\d{6})</);
    const offerUri = attribute(page, /data-offer>([^<]+)</);
    const link = attribute(page, /href="([^"]+)" data-wallet-link/);
    expect(link).toMatch(/^http:\/\/wallet\.localhost:4120\/add\?credential_offer_uri=http/);
    expect(new URL(link).searchParams.get('credential_offer_uri')).toBe(
      new URL(offerUri).searchParams.get('credential_offer_uri'),
    );
    const wallet = foreignWallet(
      () => operator.routes,
      () => world.clock.now(),
    );
    expect((await wallet.receive(offerUri, pin, 2)).credentials).toHaveLength(2);
  });

  it('goes back to an address of the wallet and to no other', async () => {
    const back = 'http://wallet.localhost:4120/add?resume=abc';
    const list = await get(`/my?return=${encodeURIComponent(back)}`);
    expect(attribute(list, /name="return" value="([^"]+)"/)).toBe(back);
    const page = await submit('/my/offers', { subscriptionId, return: back });
    expect(attribute(page, /href="([^"]+)" data-wallet-link/)).toMatch(
      /^http:\/\/wallet\.localhost:4120\/add\?resume=abc&credential_offer_uri=/,
    );
    const wrong = [
      'http://evil.localhost/',
      'javascript:alert(1)',
      'http://wallet.localhost:4120@evil.localhost/',
      'http://user@wallet.localhost:4120/',
      '//evil.localhost',
      'https://wallet.localhost:4120/',
    ];
    for (const address of wrong) {
      expect((await get(`/my?return=${encodeURIComponent(address)}`)).status).toBe(400);
      expect((await submit('/my/offers', { subscriptionId, return: address })).status).toBe(400);
    }
  });

  it.each([
    ['sim-swap', 'active'],
    ['suspend', 'suspended'],
    ['re-issue', 'active'],
    ['transfer', 'active'],
    ['terminate', 'terminated'],
  ])('lets %s happen to a sample line', async (type, phase) => {
    const page = await submit('/my/events', { subscriptionId, type, lang: 'en' });
    expect(page.status).toBe(200);
    expect(page.text).toContain('role="status"');
    expect(operator.issuer.subscribers.get(subscriptionId)?.line.phase).toBe(phase);
  });

  it('offers only what the line allows, and says so when asked for more', async () => {
    await submit('/my/events', { subscriptionId, type: 'suspend' });
    const page = await get('/my?lang=en');
    const card = page.text.split(`data-subscription="${subscriptionId}"`)[1]?.split('</li>')[0] ?? '';
    expect(card).toContain('value="resume"');
    expect(card).not.toContain('/my/offers');
    const refused = await submit('/my/offers', { subscriptionId }, { 'accept-language': 'en' });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain(texts('en').errors.line_not_active);
    expect((await submit('/my/events', { subscriptionId, type: 'transfer' })).status).toBe(409);
    expect((await submit('/my/events', { subscriptionId, type: 'veto' })).status).toBe(400);
    expect((await submit('/my/events', { subscriptionId: 'nobody-here', type: 'resume' })).status).toBe(404);
  });

  it('takes no forms of other sites', async () => {
    const form = { subscriptionId, type: 'terminate' };
    for (const headers of [
      { origin: 'http://evil.localhost' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'null' },
    ]) {
      expect((await submit('/my/events', form, headers as Record<string, string>)).status).toBe(403);
    }
    expect(operator.issuer.subscribers.get(subscriptionId)?.line.phase).toBe('active');
    const suspend = { subscriptionId, type: 'suspend' };
    const own = { origin: operator.issuerUrl, 'sec-fetch-site': 'same-origin' };
    expect((await submit('/my/events', suspend, own)).status).toBe(200);
    const plain = { origin: operator.issuerUrl };
    expect((await submit('/my/events', form, plain)).status).toBe(200);
  });

  it('shows markup in input as text', async () => {
    const page = await get(`/my?lang=${encodeURIComponent('"><b>')}`);
    expect(page.text).not.toContain('"><b>');
  });
});
