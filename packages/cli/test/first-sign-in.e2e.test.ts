import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineForTests, NO_ENGINE } from '../../ledger/test/fixtures/engine-for-tests.ts';
import { browserMissing, launchBrowser, person } from './harness/browser.ts';
import { type Demo, startDemo } from './harness/demo.ts';
import { acceptCard, deskEvent, deskOffer, sampleNumber, signIn, signOut } from './harness/story.ts';

const hasEngine = (await engineForTests()) !== undefined;
const TITLE = 'one operator, one app, one device';

describe.skipIf(browserMissing)(TITLE, () => firstSignIn(14_100, []));
describe.skipIf(browserMissing || !hasEngine)(
  `${TITLE} (two validators; ${hasEngine ? 'real engine' : NO_ENGINE})`,
  () => firstSignIn(14_200, ['--driver', 'cometbft']),
);

function firstSignIn(basePort: number, flags: readonly string[]): void {
  let demo: Demo;
  let browser: Browser;
  let number: string;

  beforeAll(async () => {
    demo = await startDemo(basePort, ['--operators', '1', '--refresh', '0.5', ...flags]);
    browser = await launchBrowser();
    number = sampleNumber('zhonglian', 0);
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.remove();
  });

  it('resolves the operator’s anchored DID and shows its accreditation', async () => {
    const node = demo.url(demo.ports.operator(0));
    const issuers = JSON.parse((await demo.run('registry', 'list', 'issuers', '--node', node, '--json')).out);
    const resolved = JSON.parse(
      (await demo.run('did', 'resolve', issuers[0]?.did ?? issuers.issuers[0].did, '--node', node, '--json'))
        .out,
    );
    expect(resolved.didDocument.verificationMethod[0].type).toBe('Multikey');
    expect(resolved.didDocumentMetadata.versionId).toMatch(/^1-/);
  });

  it('signs a person in with a pairwise sub, keeps all over a restart, and refuses a suspended line', async () => {
    const { page } = await person(browser);
    await acceptCard(page, await deskOffer(demo, number));
    await page.waitForURL('**/cards/*');
    const shop = demo.url(demo.ports.shop);
    const sub = await signIn(page, shop);
    expect(sub).toMatch(/^[\w-]{43}$/);
    expect(await page.textContent('#phone')).toBe(number);

    await demo.kill('SIGKILL');
    await demo.restart();
    await signOut(page, shop);
    expect(await signIn(page, shop)).toBe(sub);

    await deskEvent(demo, number, 'suspend');
    await page.waitForTimeout(1500); // the bridge refreshes status every half second here
    await signOut(page, shop);
    await page.click('#sign-in');
    await page.click('#wallet-link');
    await page.click('[data-action="approve"]');
    await page.waitForSelector('text=/suspended/i');
  });
}
