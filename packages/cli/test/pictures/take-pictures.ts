// Takes the pictures under specs/pictures: every page once as a phone in light English and once as a
// desktop in dark Chinese. Run: npm run pictures
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { launchBrowser, type PersonOptions, person } from '../harness/browser.ts';
import { type Demo, startDemo } from '../harness/demo.ts';
import { acceptCard, deskOffer, sampleLine } from '../harness/story.ts';

const folder = fileURLToPath(new URL('../../../../specs/pictures/', import.meta.url));
const LINE = sampleLine('zhonglian', 1);

const LOOKS: readonly { readonly name: string; readonly options: PersonOptions }[] = [
  { name: 'phone-light-en', options: { locale: 'en', width: 390, height: 780 } },
  { name: 'desktop-dark-zh', options: { locale: 'zh-CN', width: 1100, height: 760, dark: true } },
];

type Take = (name: string) => Promise<void>;

/** One person's way through every page. */
async function walk(demo: Demo, page: Page, take: Take): Promise<void> {
  const [start, operator, wallet] = [demo.ports.start, demo.ports.operator(0), demo.ports.wallet].map(
    demo.url,
  ) as [string, string, string];
  const [shop, forum] = [`http://localhost:${demo.ports.shop}`, `http://localhost:${demo.ports.forum}`];
  await page.goto(start);
  await take('01-start');
  await page.goto(wallet);
  await take('02-wallet-empty');
  await page.goto(shop);
  await take('03-shop');
  await page.click('#sign-in');
  await page.waitForSelector('#wallet-link');
  await take('04-sign-in');
  await page.click('#wallet-link');
  await page.waitForSelector(`a[href^="${operator}/my"]`);
  await take('05-wallet-no-card');
  await page.click(`a[href^="${operator}/my"]`);
  await take('06-operator-lines');
  await page.click(`[data-subscription="${LINE.subscriptionId}"] form[action$="/my/offers"] button`);
  const pin = (await page.textContent('[data-pin]'))?.trim() ?? '';
  await take('07-operator-offer');
  await page.click('[data-wallet-link]');
  await page.waitForSelector('#pin');
  await take('08-wallet-add');
  await page.fill('#pin', pin);
  await page.click('[data-action="add-card"]');
  await page.waitForSelector('[data-action="approve"]');
  await take('09-wallet-present');
  await page.click('[data-action="approve"]');
  await page.waitForSelector('#consent');
  await take('10-consent');
  await page.click('button[value="share"]');
  await page.waitForSelector('#sub');
  await take('11-shop-signed-in');
  await page.goto(forum);
  await page.click('#sign-in');
  await page.waitForSelector('#wallet-link, #consent');
  if (await page.isVisible('#wallet-link')) {
    await page.click('#wallet-link');
    await page.click('[data-action="approve"]');
    await page.waitForSelector('#consent');
  }
  await take('12-consent-forum');
  await page.click('button[value="share"]');
  await page.waitForSelector('#name');
  await take('13-forum-signed-in');
  await page.goto(wallet);
  await take('14-wallet-cards');
  await page.goto(`${wallet}/history`);
  await take('15-wallet-history');
  await page.goto(`${wallet}/about`);
  await take('16-wallet-about');
  await acceptCard(page, await deskOffer(demo, LINE.phoneNumber));
  await page.waitForURL('**/cards/*');
  await take('17-wallet-card');
  await demo.run(
    'desk',
    'event',
    'suspend',
    '--as',
    'zhonglian',
    '--node',
    operator,
    '--number',
    LINE.phoneNumber,
  );
  await page.waitForTimeout(1500);
  await page.context().clearCookies();
  await page.goto(shop);
  await page.click('#sign-in');
  await page.click('#wallet-link');
  await page.click('[data-action="approve"]');
  await page.waitForSelector('[data-problem]');
  await take('18-suspended');
  await demo.run(
    'desk',
    'event',
    'resume',
    '--as',
    'zhonglian',
    '--node',
    operator,
    '--number',
    LINE.phoneNumber,
  );
}

await mkdir(folder, { recursive: true });
const demo = await startDemo(24_100, ['--refresh', '0.5']);
const browser = await launchBrowser();
try {
  for (const { name, options } of LOOKS) {
    const { context, page } = await person(browser, options);
    await walk(demo, page, async (shot) => {
      await page.waitForTimeout(400);
      const fullPage = shot !== '06-operator-lines';
      await page.screenshot({ path: `${folder}${shot}-${name}.jpg`, type: 'jpeg', quality: 60, fullPage });
      console.log(`${shot} ${name}`);
    });
    await context.close();
  }
} finally {
  await browser.close();
  await demo.remove();
}
