import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { multikeyToText } from '@attestel/core';
import { createMemoryKeyStore, jwsSigner } from '@attestel/keystore';
import { makeTag } from '@attestel/scenarios';
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../web/src/inspection/i18n/en.ts';
import { zhCn } from '../../web/src/inspection/i18n/zh-cn.ts';
import { actAs } from '../src/data-folder.ts';
import { browserMissing, launchBrowser } from './harness/browser.ts';
import { eventually } from './harness/eventually.ts';
import { type PkiMembers, startPkiMembers } from './harness/pki-members.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const MINUTES = 60_000;
const INSPECTION = 'device.inspection@1';
const SITE = { latitude: 23.129, longitude: 113.264 };
const TEMPLATE = {
  ...{ province: 'GD', type: 'BS', intervalDays: 30 },
  form: [
    { name: 'clean', label: { 'zh-CN': '清洁', en: 'Clean' }, kind: 'yes-no', required: true, options: [] },
    {
      ...{ name: 'lamp', label: { 'zh-CN': '指示灯', en: 'Lamp' }, kind: 'choice', required: true },
      options: ['green', 'amber', 'red'],
    },
    {
      ...{ name: 'temperature', label: { 'zh-CN': '温度', en: 'Temperature' }, kind: 'number' },
      ...{ required: false, options: [] },
    },
  ],
  thresholds: [{ metric: 'temperature', unit: 'Cel', least: '-10', most: '45' }],
};
/** One grey point; what stands behind its end makes photos differ. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);
const SEALED = {
  ...{
    name: 'sealed',
    label: { 'zh-CN': '封条', en: 'Sealed' },
    kind: 'yes-no',
    required: true,
    options: [],
  },
};
const FACTS = {
  ...{ vendor: 'CG', type: 'BS', batch: 'B1', model: 'CG-BS', level: 'device', province: 'GD' },
  ...{ city: 'GD-A', site: 'GD-001', place: { latitude: '23.129000', longitude: '113.264000' }, did: null },
};

const where = browserMissing
  ? 'inspections by phone (skipped: no chromium; ATTESTEL_REQUIRE_ALL=1 makes that a failure)'
  : 'inspections by phone';

describe.skipIf(browserMissing)(where, { timeout: 3 * MINUTES }, () => {
  let members: PkiMembers;
  let browser: Browser;
  let node: string;

  beforeAll(async () => {
    members = await startPkiMembers({ resolver: true, contracts: {}, inspection: {} });
    node = members.node.zhonglian;
    browser = await launchBrowser();
    const unit = { province: 'GD', group: members.did.huatong };
    const given = { type: 'ProvinceUnit', subject: members.did.zhonglian, claims: unit };
    await run('host.credential@1', 'issue', given, 'huatong');
    // The credential comes to the province's node by itself.
    await eventually(() => run('device.template@1', 'publish', { body: TEMPLATE }));
  }, 3 * MINUTES);
  afterAll(async () => {
    await browser?.close();
    await members?.close();
  });

  type Member = 'zhonglian' | 'huatong';
  const tool = async (by: Member, ...args: string[]) => {
    const { code, out, data } = await members.run(by, ...args, '--as', by);
    expect(code, out).toBe(0);
    return data;
  };
  const run = async (
    module: string,
    command: string,
    data: object,
    by: Member = 'zhonglian',
    ...id: string[]
  ) => {
    await writeFile(members.file('parameters.json'), JSON.stringify(data));
    return tool(by, 'contract', module, command, ...id, '--in', members.file('parameters.json'));
  };
  const totals = async () => {
    const { token } = await actAs(members.dataDir, 'zhonglian');
    const url = `${node}/v1/contracts/${INSPECTION}/main/queries/totals`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${await token(node)}` } });
    return (await answer.json()).result;
  };
  /** A device whose tag was signed by the key it was registered with, or by another. */
  const device = async (serial: string, { isForged = false, type = 'BS' } = {}) => {
    const keyStore = createMemoryKeyStore();
    const made = () => keyStore.generate({ purpose: 'holder', algorithm: 'ES256' });
    const [own, other] = [await made(), await made()];
    const tagKey = multikeyToText((await keyStore.signer(own.ref)).publicKey);
    const facts = { ...FACTS, serial, type, tagKey, group: members.did.huatong };
    const { id } = await run('device.item@1', 'register', { facts });
    const signer = await jwsSigner(keyStore, isForged ? other.ref : own.ref);
    return { id, tag: await makeTag(id, signer) };
  };
  const invite = async (...more: string[]): Promise<string> => {
    const who = ['--name', 'Li Ming', '--province', 'GD', '--shift', '00:00-23:59'];
    return (await tool('zhonglian', 'inspector', 'invite', ...who, ...more)).link;
  };

  const phone = async (
    locale: 'en' | 'zh-CN',
    dark = false,
  ): Promise<{ context: BrowserContext; page: Page }> => {
    const context = await browser.newContext({
      ...{ locale, viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
      ...{ colorScheme: dark ? 'dark' : 'light', geolocation: SITE, permissions: ['geolocation'] },
    });
    context.setDefaultTimeout(MINUTES / 2);
    const page = await context.newPage();
    return { context, page };
  };
  const pair = async (page: Page, link: string, t: typeof en): Promise<void> => {
    await page.goto(link);
    await page.getByRole('button', { name: t.pairing.go }).click();
    await page.getByRole('heading', { name: t.title }).waitFor();
    await page.getByText(t.nothingWaits).waitFor();
    // The page must be kept before the network goes.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  };
  const visit = async (page: Page, tag: string, t: typeof en, photo = tag): Promise<void> => {
    await page.getByLabel(t.pasteTag).fill(`${node}/inspect#${tag}`);
    await page.getByRole('button', { name: t.pasteGo, exact: true }).click();
    await page.getByText(t.placeAgain).waitFor();
    await page.getByLabel(t.yes, { exact: true }).check();
    await page.locator('#field-lamp').selectOption('green');
    await page.setInputFiles('#field-photo', {
      name: 'p.png',
      mimeType: 'image/png',
      buffer: Buffer.concat([PNG, Buffer.from(photo)]),
    });
  };
  const keep = async (page: Page, t: typeof en): Promise<void> => {
    await page.getByRole('button', { name: t.queue }).click();
    await page.getByText(t.kept).waitFor();
    // Visits are in the order of their seconds.
    const second = Math.floor(Date.now() / 1000);
    await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(second);
  };
  const brokenRules = async (page: Page): Promise<string[]> => {
    await page.evaluate(AXE);
    return page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
  };
  const picture = async (page: Page, name: string): Promise<void> => {
    const folder = process.env.ATTESTEL_PICTURES;
    if (folder) await page.screenshot({ path: join(folder, `inspection-${name}.png`), fullPage: true });
  };

  it('keeps visits without a network, over a reload, and hands each in once with the flags that the node decided [E3]', async () => {
    const good = await device('GD-101');

    const foreign = await device('GD-102', { isForged: true });
    const { page, context } = await phone('en');
    await pair(page, await invite(), en);
    await page.getByText(/Forms and devices:/).waitFor();
    expect(await brokenRules(page)).toEqual([]);
    await context.setOffline(true);
    await visit(page, good.tag, en);
    await page.getByText(en.tagGood).waitFor();
    expect(await brokenRules(page)).toEqual([]);
    await picture(page, 'visit-en');
    // In the middle of a visit, without a network: what was filled in is there again.
    await page.reload();
    expect(await page.locator('#field-lamp').inputValue()).toBe('green');
    await keep(page, en);
    await context.setGeolocation({ ...SITE, latitude: SITE.latitude + 0.108 });
    await visit(page, good.tag, en);
    await keep(page, en);
    await context.setGeolocation(SITE);
    await visit(page, foreign.tag, en);
    await page.getByText(en.tagBad).waitFor();
    await keep(page, en);
    await page.getByText('3 to be handed in').waitFor();
    await page.reload();
    await page.getByText('3 to be handed in').waitFor();
    expect(await totals()).toEqual([]);
    await picture(page, 'waiting-en');
    // The node takes the batch, and its answer is lost on the way back.
    let lost = 0;
    await page.route('**/submit?*', async (route) => {
      await route.fetch();
      lost += 1;
      await route.abort();
    });
    await context.setOffline(false);
    await expect.poll(() => lost, { timeout: MINUTES }).toBe(1);
    await page.getByText(en.stopped.offline ?? '').waitFor();
    await page.unroute('**/submit?*');
    await page.getByRole('button', { name: en.sendNow }).click();
    await page.getByText(en.nothingWaits).waitFor();
    const [record, ...others] = await totals();
    expect(others).toEqual([]);
    expect(record).toMatchObject({ items: 3, flaggedItems: 2 });
    const flags = record.summary.visits.map((one: { flags: string[] }) => one.flags.join());
    expect(flags).toEqual(['', 'R2,R4,R5', 'R1,R5']);
    const shown = await page
      .locator('[data-flag]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-flag')));
    expect(shown).toEqual(['R1', 'R5', 'R2', 'R4', 'R5']);
    await picture(page, 'taken-en');
    await context.close();
  });

  it('shows a refusal with its reason, and takes the visit filled in again by the form in force [E7]', async () => {
    const { tag } = await device('GD-201', { type: 'RT' });
    const body = { ...TEMPLATE, type: 'RT' };
    const { id } = await run('device.template@1', 'publish', { body });
    const { page, context } = await phone('zh-CN', true);
    await pair(page, await invite(), zhCn);
    await page.getByText(/表单与设备/).waitFor();
    await context.setOffline(true);
    const next = { ...body, form: [...body.form, SEALED] };
    await run('device.template@1', 'supersede', { body: next }, 'zhonglian', id);
    await visit(page, tag, zhCn);
    expect(await brokenRules(page)).toEqual([]);
    await picture(page, 'visit-zh-dark');
    await keep(page, zhCn);
    await context.setOffline(false);
    await page.getByText(zhCn.states.refused, { exact: true }).waitFor();
    await page.getByText(/R6：.*sealed/).waitFor();
    expect(await brokenRules(page)).toEqual([]);
    await picture(page, 'refused-zh-dark');
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    await page.getByRole('button', { name: zhCn.fillAgain }).click();
    await page.getByRole('group', { name: '封条' }).getByLabel(zhCn.no, { exact: true }).check();
    await keep(page, zhCn);
    await page.getByText(zhCn.states.taken, { exact: true }).waitFor();
    await context.close();
  });

  it('says when the phone keeps nothing any more, loses nothing of the visit, and keeps it as soon as it can', async () => {
    const { tag } = await device('GD-401');
    const { page, context } = await phone('en');
    await pair(page, await invite(), en);
    await page.getByText(/Forms and devices:/).waitFor();
    await visit(page, tag, en);
    await page.evaluate(() => {
      const store = IDBObjectStore.prototype as { put: unknown; kept?: unknown };
      store.kept = store.put;
      store.put = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    });
    await page.getByRole('button', { name: en.queue }).click();
    await page.getByText(en.unkept).waitFor();
    expect(await brokenRules(page)).toEqual([]);
    await page.evaluate(() => {
      const store = IDBObjectStore.prototype as { put: unknown; kept?: unknown };
      store.put = store.kept;
    });
    await keep(page, en);
    await page.getByText(en.states.taken, { exact: true }).waitFor();
    await context.close();
  });

  it('hands in at once when the network comes back while an attempt without it still runs', async () => {
    const { tag } = await device('GD-302');
    const { page, context } = await phone('en');
    await pair(page, await invite(), en);
    await page.getByText(/Forms and devices:/).waitFor();
    await visit(page, tag, en);
    const begun = Promise.withResolvers<void>();
    const failing = Promise.withResolvers<void>();
    const fail = async (route: Route) => {
      begun.resolve();
      await failing.promise;
      await route.abort();
    };
    await page.route('**/submit?*', fail, { times: 1 });
    await keep(page, en);
    await begun.promise;
    await page.evaluate(() => dispatchEvent(new Event('online')));
    failing.resolve();
    // It would try again by itself, but only after half a minute.
    await page.getByText(en.states.taken, { exact: true }).waitFor({ timeout: 10_000 });
    await context.close();
  });

  it('is one phone’s for each link, and takes nothing of an inspector whose appointment is over [E3]', async () => {
    const { tag } = await device('GD-301');
    const link = await invite('--until', new Date(Date.now() + 20_000).toISOString().replace(/\.\d+Z/, 'Z'));
    const { page, context } = await phone('en');
    await pair(page, link, en);
    const second = await phone('en');
    await second.page.goto(link);
    await second.page.getByRole('button', { name: en.pairing.go }).click();
    await second.page.getByText(en.pairProblems.invite_used ?? '').waitFor();
    await picture(second.page, 'link-used');
    await second.context.close();
    await context.setOffline(true);
    await visit(page, tag, en);
    await keep(page, en);
    await page.getByText('1 to be handed in').waitFor();
    const ended = async () => {
      await page.reload();
      await page.getByRole('heading', { name: en.title }).waitFor();
      return page.getByText(/Your appointment ended/).isVisible();
    };
    await expect.poll(ended, { timeout: MINUTES }).toBe(true);
    await context.setOffline(false);
    await page.getByText(en.refusals.permission_denied?.reason ?? '').waitFor();
    await picture(page, 'expired');
    // A new appointment, and what was kept is handed in by it.
    await page.goto(await invite());
    await page.getByRole('button', { name: en.pairing.go }).click();
    await page.getByRole('button', { name: en.tryAgain }).click();
    await page.getByText(en.states.taken, { exact: true }).waitFor();
    await context.close();
  });
});
