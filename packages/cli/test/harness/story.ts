import { sampleSubscribers } from '@attestel/openid/issuer';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Demo } from './demo.ts';

export interface Offer {
  readonly walletLink: string;
  readonly pin: string;
}

/** The operator's desk offers the credential to the subscriber of a line. */
export async function deskOffer(
  demo: Demo,
  number: string,
  operator = 'zhonglian',
  index = 0,
): Promise<Offer> {
  const node = demo.url(demo.ports.operator(index));
  const { code, out, err } = await demo.run(
    'credential',
    'offer',
    '--as',
    operator,
    '--node',
    node,
    '--number',
    number,
    '--json',
  );
  expect(err).toBe('');
  expect(code).toBe(0);
  const answer = JSON.parse(out);
  return { walletLink: answer.wallet_link, pin: answer.tx_code };
}

export async function deskEvent(
  demo: Demo,
  number: string,
  event: string,
  operator = 'zhonglian',
  index = 0,
): Promise<void> {
  const node = demo.url(demo.ports.operator(index));
  const { code, out, err } = await demo.run(
    'desk',
    'event',
    event,
    '--as',
    operator,
    '--node',
    node,
    '--number',
    number,
    '--json',
  );
  expect({ code, err, out }).toMatchObject({ code: 0 });
}

/** Number of the n-th sample line of an operator: the demo is seeded with the same. */
export function sampleNumber(operator: string, index: number): string {
  const line = sampleSubscribers({ seed: '20261122', operator, count: index + 1 })[index];
  return (line as { phoneNumber: string }).phoneNumber;
}

/** Accepts an offer in the browser wallet. */
export async function acceptCard(page: Page, offer: Offer): Promise<void> {
  await page.goto(offer.walletLink);
  await page.fill('#pin', offer.pin);
  await page.click('[data-action="add-card"]');
}

/** From the shop to the consent page, with the wallet on the same device. */
export async function toConsent(page: Page, shop: string): Promise<void> {
  await page.goto(shop);
  await page.click('#sign-in');
  await page.click('#wallet-link');
  await page.click('[data-action="approve"]');
  await page.waitForSelector('#consent');
}

/** Signs in to an app and returns the `sub` it sees. */
export async function signIn(
  page: Page,
  app: string,
  decision: 'share' | 'nothing' = 'share',
): Promise<string> {
  await toConsent(page, app);
  await page.click(`button[value="${decision}"]`);
  await page.waitForSelector('#sub');
  return (await page.getAttribute('#sub', 'title')) ?? '';
}

/** Ends the session at the app and at the bridge. */
export async function signOut(page: Page, app: string): Promise<void> {
  await page.goto(app);
  await page.click('#sign-out');
  await page.click('button >> nth=0');
  await page.waitForSelector('#sign-in');
}
