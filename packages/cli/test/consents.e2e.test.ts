import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actAs } from '../src/data-folder.ts';
import { callNode } from '../src/node-api.ts';
import { browserMissing, launchBrowser, person } from './harness/browser.ts';
import { claimPorts } from './harness/claim-ports.ts';
import { type Demo, startDemo } from './harness/demo.ts';
import { acceptCard, deskOffer, sampleNumber, signOut, subOf } from './harness/story.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const MODULE = 'data.consent@1';

describe.skipIf(browserMissing)('what a person agrees to at a sign-in is a data authorisation', () => {
  let demo: Demo;
  let browser: Browser;
  let page: Page;
  let bridge: string;
  let shop: string;
  let number: string;
  let sub: string;

  beforeAll(async () => {
    demo = await startDemo(await claimPorts(29_100), ['--operators', '1', '--refresh', '0.5']);
    browser = await launchBrowser();
    ({ page } = await person(browser));
    [bridge, shop] = [demo.url(demo.ports.bridge), demo.url(demo.ports.shop)];
    number = sampleNumber('zhonglian', 0);
    await acceptCard(page, await deskOffer(demo, number));
    await page.waitForURL('**/cards/*');
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.remove();
  });

  /** With the card on this device, to whatever comes after it: the consent page, or the shop again. */
  async function showCard(): Promise<'asked' | 'signed in'> {
    await signOut(page, shop);
    await page.goto(shop);
    await page.click('#sign-in');
    await page.click('#wallet-link');
    await page.click('[data-action="approve"]');
    await page.waitForSelector('#consent, #sub');
    return (await page.isVisible('#consent')) ? 'asked' : 'signed in';
  }
  async function agree(): Promise<string> {
    await page.check('input[name="remember"]');
    await page.click('button[value="share"]');
    return subOf(page);
  }
  const serial = async (): Promise<string> => {
    await page.goto(`${bridge}/consents`);
    return (await page.textContent('[data-app="demo-shop"] [data-serial]')) ?? '';
  };
  const contract = async <T>(path: string, body?: object): Promise<T> => {
    const token = await (await actAs(demo.dataDir, 'platform')).token(bridge);
    const options = body === undefined ? { token } : { method: 'POST' as const, token, body };
    return (await callNode(`${bridge}/v1/contracts/${MODULE}/main/${path}`, options)) as T;
  };
  const camara = async () => {
    const subject = Buffer.from(sub, 'base64url').subarray(0, 16).toString('hex');
    const at = new Date().toISOString().replace(/\.\d+/, '');
    const { result } = await contract<{ result: { statusInfo: object[] } }>(
      `queries/status?subject=${subject}&service=demo-shop&data=phone_number&at=${at}`,
    );
    return result.statusInfo;
  };
  let first: string;

  it('is a record of ISO/IEC TS 27560, and a status in CAMARA’s shape, under a name without a number', async () => {
    expect(await showCard()).toBe('asked');
    sub = await agree();
    expect(await page.textContent('#phone')).toBe(number);
    first = await serial();
    const { result } = await contract<{ result: object }>(`queries/record?id=${first}`);
    expect(result).toMatchObject({
      record_header: {
        record_id: first,
        pii_principal_id: Buffer.from(sub, 'base64url').subarray(0, 16).toString('hex'),
      },
      pii_processing: {
        purposes: ['dpv:IdentityAuthentication'],
        pii_information: ['sub', 'phone_number', 'phone_number_verified'],
        services: ['demo-shop'],
        withdrawal_method: `${bridge}/consents`,
      },
      events: [{ event_type: 'requested' }, { event_type: 'given' }],
    });
    expect(await camara()).toMatchObject([{ statusValidForProcessing: true }]);
    const state = JSON.stringify([result, await contract(first), await contract(`${first}/history`)]);
    expect(state).not.toContain(number.slice(1));
  });

  it('points to the notice that the person was shown', async () => {
    type Noted = { pii_processing: { privacy_notice: { uri: string; digest: string } } };
    const { result } = await contract<{ result: Noted }>(`queries/record?id=${first}`);
    const { uri, digest } = result.pii_processing.privacy_notice;
    const bytes = await (await fetch(uri)).arrayBuffer();
    const found = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
    expect(found).toBe(digest);
  });

  it('is not asked for again while it stands, and no line is written', async () => {
    expect(await showCard()).toBe('signed in');
    expect(await serial()).toBe(first);
    const { lines } = await contract<{ lines: object[] }>(`${first}/history`);
    expect(lines).toHaveLength(1);
  });

  it('ends by a contract command: the next sign-in asks', async () => {
    await contract(`revoke?id=${first}`, {});
    await page.goto(`${bridge}/consents`);
    expect(await page.isVisible('[data-app="demo-shop"]')).toBe(false);
    expect(await camara()).toMatchObject([{ statusValidForProcessing: false, statusReason: 'REVOKED' }]);
    expect(await showCard()).toBe('asked');
    expect(await agree()).toBe(sub);
  });

  it('ends by the person’s own page: the contract host says so, and the next sign-in asks', async () => {
    const second = await serial();
    expect(second).not.toBe(first);
    await page.click('[data-app="demo-shop"] button');
    await page.waitForSelector('[data-withdrawn]');
    expect(await page.isVisible('[data-app="demo-shop"]')).toBe(false);
    expect(await contract(second)).toMatchObject({ state: { status: 'revoked' } });
    expect(await showCard()).toBe('asked');
    await agree();
  });

  it('is listed in Chinese too', async () => {
    await page.goto(`${bridge}/consents?ui_locales=zh-CN`);
    expect(await page.textContent('h1')).toBe('应用可获得的信息');
    expect(await page.textContent('[data-app="demo-shop"] h2')).toBe('青禾商店');
  });

  it('is shown to everybody: on 320 px, and without breaking a rule of accessibility', async () => {
    await page.setViewportSize({ width: 320, height: 700 });
    await page.goto(`${bridge}/consents`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    await page.evaluate(AXE);
    const broken = await page.evaluate(async () => {
      type Axe = { run(): Promise<{ violations: { id: string }[] }> };
      const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run();
      return violations.map(({ id }) => id);
    });
    expect(broken).toEqual([]);
  });

  it('is asked for again once its payload is erased', async () => {
    const third = await serial();
    const { lines } = await contract<{ lines: { line: string }[] }>(`${third}/history`);
    const token = await (await actAs(demo.dataDir, 'platform')).token(bridge);
    const url = `${bridge}/v1/contracts/${MODULE}/main/payloads/${lines[0]?.line}`;
    expect(await callNode(url, { method: 'DELETE', token })).toMatchObject({ heldBy: [] });
    expect(await showCard()).toBe('asked');
    await agree();
  });

  it('is there after the process was killed', async () => {
    const kept = await serial();
    await demo.kill('SIGKILL');
    await demo.restart();
    expect(await showCard()).toBe('signed in');
    expect(await serial()).toBe(kept);
    expect(demo.output()).not.toContain(number.slice(1));
  });
});
