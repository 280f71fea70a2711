import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Consortium, startConsortium } from '@attestel/server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, launchBrowser, type PersonOptions, person } from './harness/browser.ts';
import { claimPorts } from './harness/claim-ports.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const MINUTES = 60_000;
const GD = 'zhonglian/gd';

describe.skipIf(browserMissing)('the start page of the demo', { timeout: 5 * MINUTES }, () => {
  let dataDir: string;
  let demo: Consortium;
  let browser: Browser;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'attestel-start-'));
    const basePort = await claimPorts(28_900);
    demo = await startConsortium({ dataDir, basePort, logLevel: 'silent', scenarios: true });
    await demo.scenarios?.done;
    browser = await launchBrowser();
  }, 5 * MINUTES);
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function at(options: PersonOptions = {}): Promise<Page> {
    const { page } = await person(browser, options);
    await page.goto(demo.urls.start);
    return page;
  }
  const open = async (page: Page, door: string): Promise<void> => {
    await page.goto(demo.urls.start);
    await page.click(`form[action="/open/${door}"] button`);
  };

  it.each<PersonOptions>([
    { locale: 'en', width: 360, height: 720 },
    { locale: 'zh-CN', width: 360, height: 720, dark: true },
  ])('is accessible and fits: %j', async (options) => {
    const page = await at(options);
    await page.evaluate(AXE);
    const found = await page.evaluate(async () => {
      type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(found).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await page.context().close();
  });

  it('opens the consoles of those who have something to do, and the board shows what was done', async () => {
    expect(demo.scenarios?.state()).toBe('ready');
    const page = await at();
    await open(page, 'console/zhonglian');
    await page.waitForSelector('.who-name >> text=Zhonglian Mobile');
    await page.goto(`${new URL(page.url()).origin}/console/boards/device`);
    for (const title of ['Coverage', 'Quality', 'In time']) {
      const chart = page.locator('section, article, figure', { hasText: title }).last();
      await chart.locator('text=100%').first().waitFor();
    }
    await open(page, 'console/tower');
    await page.waitForSelector('.who-name >> text=Yunta Towers');
    expect(new URL(page.url()).searchParams.get('channel')).toBe(GD);
    await page.goto(`${new URL(page.url()).origin}/console/modules/device.fault@1?channel=zhonglian/js`);
    await page.waitForSelector('.objects >> text=in progress');
    await open(page, 'console/jiangsu');
    await page.waitForSelector('.tile');
    const origin = new URL(page.url()).origin;
    await page.goto(`${origin}/console/modules/device.item@1?channel=zhonglian/js&status=procured`);
    await page.click('.objects a');
    await page.waitForSelector('[data-proof="good"]');
    // The vendor's shipment waits for whoever it was sent to.
    await page.selectOption('select:below(:text("Command"))', 'receive');
    await page.click('text=Write to the ledger');
    await page.waitForSelector('.flash >> text=Written');
    await page.goto(`${origin}/console/modules/host.credential@1?channel=zhonglian/js`);
    await page.waitForSelector('.objects >> text=ProvinceUnit');
    await page.context().close();
  });

  it('pairs a phone, and leads to the visit of the device whose tag it has', async () => {
    const page = await at();
    await open(page, 'inspection/guangdong');
    await page.click('button.primary');
    await page.waitForSelector('#scan-title');
    await page.goto(demo.urls.start);
    await page.click('#staff p a');
    await page.waitForSelector('text=The tag is genuine.');
    await page.context().close();
  });

  it('makes no link for a page of elsewhere', async () => {
    const answer = await fetch(`${demo.urls.start}/open/console/zhonglian`, {
      ...{ method: 'POST', redirect: 'manual' },
      headers: { origin: 'http://elsewhere.example' },
    });
    expect(answer.status).toBe(403);
  });
});
