import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proofCrypto } from '@attestel/ledger';
import { parsePolicy, verifyReceipt } from '@attestel/proof';
import { type Consortium, startConsortium } from '@attestel/server';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attestel } from './harness/attestel.ts';
import { browserMissing, launchBrowser, type PersonOptions, person } from './harness/browser.ts';
import { claimPorts } from './harness/claim-ports.ts';
import { HOSTILE_NAME, type Seeded, seedConsole } from './harness/console-seed.ts';
import { eventually } from './harness/eventually.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PATIENCE_MS = 30_000;
const PROVEN = '[data-proof="good"]';
const ITEM = 'device.item@1';
const INSPECTION = 'device.inspection@1';

describe.skipIf(browserMissing)('the console of an operator, in a browser', () => {
  let dataDir: string;
  let demo: Consortium;
  let browser: Browser;
  let seeded: Seeded;
  /** DID of the operator whose console it is. */
  let own: string;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'attestel-console-'));
    demo = await startConsortium({
      ...{ dataDir, basePort: await claimPorts(28_700), operators: 2, logLevel: 'silent' },
    });
    const nodeOf = (operator: 'zhonglian' | 'huatong') =>
      demo.urls.operators[operator === 'zhonglian' ? 0 : 1] as string;
    const members = (await (await fetch(`${nodeOf('zhonglian')}/v1/registry/members`)).json()) as readonly {
      readonly did: string;
      readonly name: { readonly en: string };
    }[];
    const names = { zhonglian: 'Zhonglian Mobile', huatong: 'Huatong Telecom' };
    const didOf = async (operator: keyof typeof names) =>
      members.find(({ name }) => name.en === names[operator])?.did ?? '';
    own = await didOf('zhonglian');
    seeded = await seedConsole({ dataDir, nodeOf, didOf, eventually });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const node = (): string => demo.urls.operators[0] as string;
  const link = async (): Promise<string> => (await demo.nodes[0]?.consoleLink?.()) ?? '';
  const at = (path: string): string => `${node()}/console${path}`;
  const objectAt = (module: string, id: string): string => at(`/objects/${module}/${id}`);

  /** A browser of its own in which the operator has signed in. */
  async function staff(options: PersonOptions = {}): Promise<Page> {
    const { context, page } = await person(browser, { width: 1280, height: 900, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    contexts.push(context);
    await page.goto(await link());
    await page.waitForSelector('.tile');
    return page;
  }

  async function findings(page: Page): Promise<readonly string[]> {
    await page.evaluate(AXE);
    return page.evaluate(async () => {
      type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
  }

  const isTooWide = (page: Page): Promise<boolean> =>
    page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

  it('opens by the link of the command line, once, and says how to get another', async () => {
    const args = ['--node', node(), '--data', dataDir, '--json'];
    const made = await attestel('console', '--as', 'zhonglian', ...args);
    const { url } = JSON.parse(made.out) as { url: string };
    const { context, page } = await person(browser);
    contexts.push(context);
    await page.goto(at(''));
    await page.waitForSelector('text=attestel console --as');
    await page.goto('about:blank');
    await page.goto(url);
    await page.waitForSelector('.who-name >> text=Zhonglian Mobile');
    expect(page.url()).toBe(at(''));
    const other = await person(browser);
    contexts.push(other.context);
    await other.page.goto(url);
    await other.page.waitForSelector('[role="alert"]');
    expect(await other.page.isVisible('.tile')).toBe(false);
    expect(await attestel('console', '--as', 'huatong', ...args)).toMatchObject({ code: 3 });
  });

  it('takes nothing from pages that are not its own, though the browser sends the cookie', async () => {
    const page = await staff();
    const asked = await page.evaluate(async () => {
      const answer = await fetch('/console/api/session', { credentials: 'same-origin' });
      return { status: answer.status, body: await answer.json() };
    });
    expect(asked).toMatchObject({ status: 403, body: { code: 'console_foreign_request' } });
    const cookies = await page.context().cookies();
    expect(cookies.filter(({ name }) => name.endsWith('console'))).toMatchObject([
      { httpOnly: true, sameSite: 'Strict' },
    ]);
  });

  it('goes from the list to an object whose receipts this browser has verified', async () => {
    const page = await staff();
    await page.click(`a[href="/console/modules/${ITEM}"]`);
    await page.click('.chip >> text=in service');
    await page.click('.objects a');
    await page.waitForSelector(PROVEN);
    expect(page.url()).toBe(objectAt(ITEM, seeded.device));
    expect(await page.textContent(PROVEN)).toContain('All 4 lines');
    await page.waitForFunction(() => document.querySelectorAll('[data-line="proven"]').length === 4);
    expect(await page.textContent('.timeline')).toContain('Zhonglian Mobile');
  });

  it('shows evidence of a line: items with what proves them, photos by digest, and its receipt to keep', async () => {
    const page = await staff();
    await page.goto(objectAt(INSPECTION, seeded.inspection));
    await page.waitForSelector(PROVEN);
    await page.click('.entry summary');
    await page.waitForSelector('.item-proof');
    expect(await page.locator('.item').count()).toBe(5);
    await page.click('text=Later');
    await page.waitForSelector('text=Item 7 of 7');
    expect(await page.textContent('.item >> nth=1')).toContain('visit <b>6</b>');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('text=Download receipt'),
    ]);
    const receipt = new Uint8Array(await readFile(await download.path()));
    const policy = parsePolicy(await readFile(join(dataDir, 'policy.txt'), 'utf8'), proofCrypto.sha256);
    const kept = await verifyReceipt(receipt, { policy, crypto: proofCrypto });
    expect(kept).toMatchObject({ kind: 'state', module: 'event', absent: false });
  });

  it.each<[string, string, (body: string) => string, string]>([
    [
      'content that the line does not commit to',
      '**/lines/*',
      (body) => body.replace('"CG"', '"CX"'),
      'The content is not',
    ],
    [
      'a history without its first line',
      '**/history',
      (body) => JSON.stringify({ lines: (JSON.parse(body) as { lines: object[] }).lines.slice(1) }),
      'other lines',
    ],
    [
      'a history with another command',
      '**/history',
      (body) => body.replace('"command":"transition"', '"command":"retire"'),
      'The content is not',
    ],
    [
      'a receipt of something else',
      '**/ledger/state/event/*line*',
      (body) => body.replace(/("receipt":".{200})(.)/, (_, start, at) => `${start}${at === 'A' ? 'B' : 'A'}`),
      'not what the ledger’s witnesses signed',
    ],
  ])('does not believe its node %s', async (_, pattern, change, says) => {
    const page = await staff();
    await page.route(pattern, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: change(await response.text()) });
    });
    await page.goto(objectAt(ITEM, seeded.device));
    await page.waitForSelector('[data-proof="bad"]');
    expect(await page.textContent('[data-proof="bad"]')).toContain(says);
  });

  it('believes of a line that every node executed what the nodes made of it, and nothing else', async () => {
    const run = async (...args: string[]) => {
      const ran = await attestel(...args, '--node', node(), '--data', dataDir, '--json');
      expect([args, ran.code, ran.out]).toEqual([args, 0, ran.out]);
      return JSON.parse(ran.out) as { readonly id: string };
    };
    const votes = ['zhonglian', 'huatong', 'platform', 'vendor', 'tower'].flatMap((name) => ['--as', name]);
    const writers = ['--writer', 'zhonglian', '--writer', 'huatong', '--shared', 'device.type@1'];
    await run('channel', 'open', 'types', ...votes, ...writers);
    const contract = async (module: string, command: string, data: object) => {
      const file = join(dataDir, 'parameters.json');
      await writeFile(file, JSON.stringify(data));
      const there = ['--channel', 'types', '--as', 'zhonglian'];
      return run('contract', module, command, '--in', file, ...there);
    };
    const claims = { name: 'Zhonglian Mobile' };
    await contract('host.credential@1', 'issue', { type: 'GroupUnit', subject: own, claims });
    const name = { 'zh-CN': '宏基站', en: 'Macro base station' };
    const body = { code: 'BS', name, category: 'base-station', level: 'device', slots: [] };
    const { id } = await contract('device.type@1', 'publish', { body });
    const page = await staff();
    const type = `${objectAt('device.type@1', id)}?channel=types`;
    await page.goto(type);
    await page.waitForSelector(PROVEN);
    await page.waitForFunction(() => document.querySelectorAll('[data-line="proven"]').length === 1);
    await page.route('**/lines/*', async (route) => {
      const response = await route.fetch();
      const view = (await response.json()) as { payload: { events: { data: { body: { code: string } } }[] } };
      for (const event of view.payload.events) event.data.body.code = 'XX';
      await route.fulfill({ response, body: JSON.stringify(view) });
    });
    await page.goto(type);
    await page.waitForSelector('[data-proof="bad"]');
    expect(await page.textContent('[data-proof="bad"]')).toContain('The content is not');
  });

  it('shows markup that a party has written as text', async () => {
    const page = await staff();
    const titles: string[] = [];
    page.on('dialog', (dialog) => {
      titles.push(dialog.message());
      void dialog.dismiss();
    });
    for (const path of ['/modules/roaming.party@1.0.0', `/objects/roaming.party@1.0.0/${seeded.hostile}`]) {
      await page.goto(at(path));
      await page.waitForSelector(`text=${HOSTILE_NAME.slice(0, 20)} >> visible=true`);
      expect(await page.locator('main img, main script').count()).toBe(0);
    }
    await page.waitForSelector(PROVEN);
    expect(titles).toEqual([]);
    expect(await page.title()).not.toBe('1');
  });

  it('acknowledges a sheet by a form made from the schema, and says why something is refused', async () => {
    const page = await staff();
    await page.goto(objectAt('roaming.party@1.0.0', seeded.hostile));
    await page.selectOption('select:below(:text("Command"))', 'acknowledge');
    expect(await page.inputValue('#parameter-version')).toBe('1');
    await page.click('text=Write to the ledger');
    await page.waitForSelector('.flash >> text=Written');
    await page.selectOption('select:below(:text("Command"))', 'withdraw');
    await page.click('text=Write to the ledger');
    await page.waitForSelector('[role="alert"] >> text=Code: permission_denied');
    expect(await page.textContent('.refusal')).toContain('This is not yours to see or to do.');
  });

  it.each<[string, PersonOptions]>([
    ['on a desk', { locale: 'en' }],
    ['on a desk, in the dark', { locale: 'en', dark: true }],
    ['on a small phone, in Chinese', { locale: 'zh-CN', width: 320, height: 640 }],
    [
      'on a small phone, in Chinese and in the dark',
      { locale: 'zh-CN', width: 320, height: 640, dark: true },
    ],
  ])('is accessible and fits, on every page: %s', async (_, options) => {
    const page = await staff(options);
    const pages: readonly (readonly [string, string])[] = [
      ['', '.count'],
      [`/modules/${ITEM}`, '.objects'],
      [`/objects/${INSPECTION}/${seeded.inspection}`, PROVEN],
      ['/boards/device', '.bars'],
      ['/boards/roaming', '.lines li'],
      ['/boards/data', '.bars'],
    ];
    const faults: string[] = [];
    for (const [path, ready] of pages) {
      await page.goto(at(path));
      await page.waitForSelector(ready);
      for (const summary of await page.locator('.fold > summary').all())
        if (await summary.isVisible()) await summary.click();
      await page.waitForLoadState('networkidle');
      faults.push(...(await findings(page)).map((finding) => `${path} ${finding}`));
      if (await isTooWide(page)) faults.push(`${path} is too wide`);
    }
    expect(faults).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(options.locale);
  });

  it('shows nothing more once the session is over, and says so', async () => {
    const page = await staff();
    await page.context().clearCookies();
    await page.click(`a[href="/console/modules/${ITEM}"]`);
    await page.waitForSelector('text=Your session is over');
    expect(await page.isVisible('.tile, .objects, .who')).toBe(false);
  });

  it('calls nobody signed out whom the node has not', async () => {
    const page = await staff();
    await page.route('**/console/api/session', (route) => route.abort());
    await page.click('text=Sign out');
    await page.waitForSelector('.still-in');
    expect(await findings(page)).toEqual([]);
    await page.unroute('**/console/api/session');
    await page.click('text=Sign out');
    await page.waitForSelector('text=You are signed out.');
  });

  it('forgets who was signed in, for every copy of the cookie', async () => {
    const page = await staff();
    const cookies = await page.context().cookies();
    await page.click('text=Sign out');
    await page.waitForSelector('text=You are signed out.');
    await page.context().addCookies(cookies);
    await page.goto(at(`/modules/${ITEM}`));
    await page.waitForSelector('text=attestel console --as');
  });
});
