import { sampleSubscribers } from '@attestel/openid/issuer';
import type { Page } from 'playwright-core';
import { actAs } from '../../src/data-folder.ts';
import { callNode } from '../../src/node-api.ts';
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
  if (code !== 0) throw new Error(`credential offer ended with ${code}: ${err}`);
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
  if (code !== 0) throw new Error(`desk event ended with ${code}: ${err}${out}`);
}

/** The n-th sample line of an operator: the demo is seeded with the same. */
export function sampleLine(operator: string, index: number): { phoneNumber: string; subscriptionId: string } {
  const line = sampleSubscribers({ seed: '20261122', operator, count: index + 1 })[index];
  if (!line) throw new Error('no such sample line');
  return line;
}

export const sampleNumber = (operator: string, index: number): string =>
  sampleLine(operator, index).phoneNumber;

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
  return subOf(page);
}

/** What the app calls the person: the shop shows a customer number, the forum a name made from it. */
export async function subOf(page: Page): Promise<string> {
  const sub = await page.waitForSelector('#sub, #name');
  return (await sub.getAttribute('title')) ?? '';
}

/** Ends the session at the app and at the bridge, where there is one. */
export async function signOut(page: Page, app: string): Promise<void> {
  await page.goto(app);
  if (!(await page.isVisible('#sign-out'))) return;
  await page.click('#sign-out');
  await page.click('button >> nth=0');
  await page.waitForSelector('#sign-in');
}

/** At the operator’s page: choose the line, take the PIN to the wallet, add the card. */
export async function getCardAtOperator(page: Page, subscriptionId: string): Promise<void> {
  await page.click(`[data-subscription="${subscriptionId}"] form[action$="/my/offers"] button`);
  const pin = (await page.textContent('[data-pin]'))?.trim() ?? '';
  await page.click('[data-wallet-link]');
  await page.fill('#pin', pin);
  await page.click('[data-action="add-card"]');
}

/** At the operator’s page: let something happen to a line. */
export async function lineEventAtOperator(
  page: Page,
  operator: string,
  subscriptionId: string,
  event: string,
): Promise<void> {
  await page.goto(`${operator}/my`);
  const card = page.locator(`[data-subscription="${subscriptionId}"]`);
  await card.locator('summary').click();
  await card.locator(`button[value="${event}"]`).click();
  await page.waitForSelector('[role="status"]');
}

/** Hands a line over from one operator to another, through both desks (携号转网). */
export async function portLine(demo: Demo, number: string, from: number, to: number): Promise<void> {
  const ids = ['zhonglian', 'huatong', 'xinyuan'] as const;
  const desk = async (index: number, path: string, body: unknown) => {
    const acting = await actAs(demo.dataDir, ids[index] as string);
    const node = demo.url(demo.ports.operator(index));
    return callNode(`${node}/v1/desk/${path}`, { method: 'POST', token: await acting.token(node), body });
  };
  const recipient = await actAs(demo.dataDir, ids[to] as string);
  const left = (await desk(from, 'port-out', { phoneNumber: number, to: recipient.identity.did })) as {
    portingRecords: string[];
  };
  await desk(to, 'port-in', { phoneNumber: number, portingRecords: left.portingRecords });
}
