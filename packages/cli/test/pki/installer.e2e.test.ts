import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { toHex } from '@attestel/core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, launchBrowser, type PersonOptions, person } from '../harness/browser.ts';
import { type PkiMembers, startPkiMembers } from '../harness/pki-members.ts';
import { type Cell, openVendorLine, type VendorLine } from '../harness/vendor-line.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TITLE = browserMissing
  ? 'the installer’s page (skipped: no chromium; ATTESTEL_REQUIRE_ALL=1 makes that a failure)'
  : 'the installer’s page';

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

describe.skipIf(browserMissing)(TITLE, { timeout: 180_000 }, () => {
  let members: PkiMembers;
  let line: VendorLine;
  let browser: Browser;
  let cell: Cell;
  const wrong: string[] = [];

  beforeAll(async () => {
    members = await startPkiMembers({ resolver: true, pki: {}, installer: true });
    line = await openVendorLine(members);
    cell = await line.publish('AC5G-000001');
    browser = await launchBrowser();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await members?.close();
  });

  const installer = async (options: PersonOptions = {}): Promise<Page> => {
    const { page } = await person(browser, { width: 390, height: 844, ...options });
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
        wrong.push(message.text());
    });
    return page;
  };
  const open = (page: Page, label = ''): Promise<unknown> =>
    page.goto(`${members.node.huatong}/installer${label && `#${label}`}`);
  const labelOf = (one: Cell, serial: string): string => `${serial}.${toHex(one.hash)}`;
  const verdict = async (page: Page, expected: string): Promise<void> =>
    void (await page.locator(`[data-verdict="${expected}"]`).waitFor());
  const choose = (page: Page, ...cells: readonly Cell[]): Promise<void> =>
    page.setInputFiles(
      'input[type=file]',
      cells.map(({ path }) => path),
    );

  it('is green after one scan of the label, and says how old the answer is', async () => {
    const page = await installer();
    await open(page, labelOf(cell, 'AC5G-000001'));
    await verdict(page, 'good');
    const text = await page.locator('.result').innerText();
    expect(text).toContain('AC5G-000001');
    expect(text).toContain('Ready to install');
    expect(text).toMatch(/As of \d+ seconds? ago/);
    expect(await page.locator('.steps .passed').count()).toBe(5);
    expect(page.url()).not.toContain('#');
    expect(await brokenRules(page)).toEqual([]);
  });

  it('takes a certificate file, knows its serial, and then the serial alone', async () => {
    const page = await installer();
    await open(page);
    await choose(page, cell);
    await verdict(page, 'good');
    await page.fill('#label-text', 'AC5G-000099');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByRole('alert').getByText('no device label').waitFor();
    await page.fill('#label-text', 'AC5G-000001');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await verdict(page, 'good');
  });

  it('names the step that failed, the reason, and who can mend it, in both languages', async () => {
    const page = await installer({ locale: 'zh-CN', dark: true });
    await open(page);
    await choose(page, await line.make('unpublished', 'AC5G-000007'));
    await verdict(page, 'unknown');
    expect(await page.locator('.result').innerText()).toMatch(
      /请勿安装：?: ?未公布[\s\S]*谁能解决[\s\S]*厂商/,
    );
    expect(await page.locator('.steps li.failed').innerText()).toContain('公布');
    expect(await page.locator('.steps li.skipped').count()).toBe(3);
    expect(await brokenRules(page)).toEqual([]);
    await page.getByRole('button', { name: 'English' }).click();
    expect(await page.locator('.result').innerText()).toMatch(
      /Do not install: Not published[\s\S]*The vendor submits it/,
    );

    const doubted = await line.publish('AC5G-000002');
    const reason = ['--reason', 'clone-detected', '--as', 'vendor'];
    expect((await members.run('vendor', 'pki', 'suspend', doubted.path, ...reason)).code).toBe(0);
    await choose(page, doubted);
    await verdict(page, 'suspended');
    await page.getByText('Details').click();
    expect(await page.locator('.result').innerText()).toContain('a copy of it was seen');
  });

  it('of several certificates tells the first that must not be installed', async () => {
    const page = await installer({ width: 1280, height: 900 });
    await open(page);
    await choose(page, cell, await line.make('unpublished', 'AC5G-000008'), cell);
    await verdict(page, 'unknown');
    expect(await page.locator('.result').innerText()).toContain('AC5G-000008');
  });

  it('believes no server: a proof that was changed on its way is none', async () => {
    const page = await installer();
    await page.route('**/v1/pki/certificates/*/proof', async (route) => {
      const body = await (await route.fetch()).body();
      body[body.length - 40] = (body[body.length - 40] as number) ^ 1;
      await route.fulfill({ body, contentType: 'application/cbor' });
    });
    await open(page, labelOf(cell, 'AC5G-000001'));
    await verdict(page, 'wrong');
    expect(await page.locator('.result').innerText()).toContain('not what the ledger’s witnesses signed');
  });

  it('answers without a network, from the proof on the phone, and says of what age; without one it says so', async () => {
    const page = await installer();
    await open(page, labelOf(cell, 'AC5G-000001'));
    await verdict(page, 'good');
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await page.context().setOffline(true);
    await page.reload();
    await page.getByText('On this phone').waitFor();
    await page.clock.setFixedTime(Date.now() + 3 * 3_600_000);
    await page.getByRole('button', { name: /AC5G-000001/ }).click();
    await verdict(page, 'good');
    const text = await page.locator('.result').innerText();
    expect(text).toMatch(/No network: as of 3 hours ago/);
    expect(text).toContain('What changed on the ledger since then is not in this answer');
    await choose(page, await line.make('unpublished', 'AC5G-000009'));
    await verdict(page, 'missing');
    await page.clock.setFixedTime(Date.now() + 25 * 3_600_000);
    await page.getByRole('button', { name: /AC5G-000001/ }).click();
    await verdict(page, 'stale');
  });

  it('reports no error and no breach of its policy anywhere', () => expect(wrong).toEqual([]));
});
