import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineForTests, NO_ENGINE } from '../../ledger/test/fixtures/engine-for-tests.ts';
import { browserMissing, launchBrowser, person } from './harness/browser.ts';
import { type Demo, startDemo } from './harness/demo.ts';
import { readQrCode } from './harness/read-qr-code.ts';
import {
  acceptCard,
  deskOffer,
  getCardAtOperator,
  lineEventAtOperator,
  portLine,
  sampleLine,
  signIn,
  signOut,
  subOf,
  toConsent,
} from './harness/story.ts';

const LINE = sampleLine('zhonglian', 1);
const STATUS_MS = 1500;

const hasEngine = (await engineForTests()) !== undefined;
const TITLE = 'three operators, two apps, one person';

/** One story: whoever orders the ledger, and over TLS too, where cookies carry their prefixes. */
describe.skipIf(browserMissing)(`${TITLE} (http)`, () => story(16_100, []));
describe.skipIf(browserMissing)(`${TITLE} (TLS)`, () => story(17_100, ['--tls']));
describe.skipIf(browserMissing || !hasEngine)(
  `${TITLE} (four validators; ${hasEngine ? 'real engine' : NO_ENGINE})`,
  () => story(17_300, ['--driver', 'cometbft']),
);

function story(basePort: number, flags: readonly string[]): void {
  let demo: Demo;
  let browser: Browser;
  let phone: { context: BrowserContext; page: Page };
  let shop: string;
  let forum: string;
  let operator: string;
  const number = LINE.phoneNumber;
  const subs = { shop: '', forum: '' };

  beforeAll(async () => {
    demo = await startDemo(basePort, ['--refresh', '0.5', ...flags]);
    browser = await launchBrowser();
    phone = await person(browser);
    [shop, forum, operator] = [
      `http://localhost:${demo.ports.shop}`,
      `http://localhost:${demo.ports.forum}`,
      demo.url(demo.ports.operator(0)),
    ];
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.remove();
  });

  it('gets the card in the middle of the first sign-in, which then goes on', async () => {
    const { page } = phone;
    await page.goto(shop);
    await page.click('#sign-in');
    await page.click('#wallet-link');
    await page.click(`a[href^="${operator}/my"]`);
    await getCardAtOperator(page, LINE.subscriptionId);
    await page.click('[data-action="approve"]');
    await page.click('button[value="share"]');
    subs.shop = await subOf(page);
    expect(subs.shop).toMatch(/^[\w-]{43}$/);
    expect(await page.textContent('#phone')).toBe(number);
  });

  it('shows another pseudonym to the second app, without presenting a number', async () => {
    const { page } = phone;
    await page.goto(forum);
    await page.click('#sign-in');
    // The bridge knows the person from a moment ago: the wallet is asked only for what it has not shown yet.
    await page.waitForSelector('#wallet-link, #consent');
    if (await page.isVisible('#wallet-link')) {
      await page.click('#wallet-link');
      await page.click('[data-action="approve"]');
      await page.waitForSelector('#consent');
    }
    await page.click('button[value="share"]');
    subs.forum = await subOf(page);
    expect(subs.forum).toMatch(/^[\w-]{43}$/);
    expect(subs.forum).not.toBe(subs.shop);
    expect(await page.content()).not.toContain(number);
  });

  it('signs in without any claim when the person refuses them all [I1]', async () => {
    const { page } = phone;
    await signOut(page, shop);
    expect(await signIn(page, shop, 'nothing')).toBe(subs.shop);
    expect(await page.isVisible('#no-phone')).toBe(true);
  });

  it('tells the app when the person cancels', async () => {
    const { page } = phone;
    await signOut(page, shop);
    await toConsent(page, shop);
    await page.click('button[value="cancel"]');
    await page.waitForURL(`${shop}/callback**`);
    expect(await page.isVisible('#sub')).toBe(false);
  });

  it('signs in on another device by QR code, and only the scanning wallet approves', async () => {
    const desktop = await person(browser, { width: 1280, height: 900 });
    await desktop.page.goto(shop);
    await desktop.page.click('#sign-in');
    const link = await readQrCode(desktop.page, desktop.context);
    await phone.page.goto(link);
    await phone.page.click('[data-action="approve"]');
    await desktop.page.waitForSelector('#consent');
    await desktop.page.click('button[value="share"]');
    expect(await subOf(desktop.page)).toBe(subs.shop);
    await desktop.context.close();
  });

  it('never lets a second browser finish the first one’s sign-in', async () => {
    const attacker = await person(browser);
    await attacker.page.goto(shop);
    await attacker.page.click('#sign-in');
    const link = (await attacker.page.getAttribute('#wallet-link', 'href')) ?? '';
    await phone.page.goto(link);
    await phone.page.click('[data-action="approve"]');
    await phone.page.waitForURL(`${demo.url(demo.ports.bridge)}/**`);
    expect(await phone.page.isVisible('#consent')).toBe(false);
    await attacker.page.reload();
    expect(await attacker.page.isVisible('#consent')).toBe(false);
    await attacker.context.close();
  });

  it('refuses the old card after a SIM swap with a page that says so [I3]; a re-issued card is the same person', async () => {
    const { page } = phone;
    await lineEventAtOperator(page, operator, LINE.subscriptionId, 'sim-swap');
    await page.waitForTimeout(STATUS_MS);
    await signOut(page, shop);
    await page.goto(shop);
    await page.click('#sign-in');
    await page.click('#wallet-link');
    await page.click('[data-action="approve"]');
    await page.waitForSelector('text=/SIM/');
    expect(await page.isVisible('#consent')).toBe(false);
    await acceptCard(page, await deskOffer(demo, number));
    await page.waitForURL('**/cards/*');
    await page.goto(shop);
    expect(await signIn(page, shop)).toBe(subs.shop);
  });

  it('refuses a suspended line with a page that says what to do', async () => {
    const { page } = phone;
    await signOut(page, shop);
    await lineEventAtOperator(page, operator, LINE.subscriptionId, 'suspend');
    await page.waitForTimeout(STATUS_MS);
    await page.goto(shop);
    await page.click('#sign-in');
    await page.click('#wallet-link');
    await page.click('[data-action="approve"]');
    await page.waitForSelector('text=/suspended/i');
    await lineEventAtOperator(page, operator, LINE.subscriptionId, 'resume');
  });

  it('keeps the pseudonym when the line is ported to another operator', async () => {
    const { page } = phone;
    await portLine(demo, number, 0, 1);
    await page.waitForTimeout(STATUS_MS);
    await acceptCard(page, await deskOffer(demo, number, 'huatong', 1));
    await page.waitForURL('**/cards/*');
    expect(await signIn(page, shop)).toBe(subs.shop);
  });
}
