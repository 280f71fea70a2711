import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryStore } from '@attestel/core';
import { createMemoryKeyStore } from '@attestel/keystore';
import type { Issuer } from '@attestel/openid/issuer';
import { createHeadlessWallet, type Wallet } from '@attestel/openid/wallet';
import { type Consortium, startConsortium } from '@attestel/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appOf, walletLinkOf } from './harness/headless.ts';
import { sampleLine } from './harness/story.ts';

/** In one process, so that the test sees the issuer from inside. */
describe('who is the same person at an app', () => {
  let dataDir: string;
  let consortium: Consortium;
  const now = () => Math.floor(Date.now() / 1000);
  const issuer = (): Issuer => consortium.nodes[0]?.issuer as Issuer;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'attestel-lines-'));
    consortium = await startConsortium({
      dataDir,
      basePort: 22_100,
      operators: 1,
      statusRefreshSeconds: 0.3,
      logLevel: 'silent',
      quarantineDays: 0,
    });
  });
  afterAll(async () => {
    await consortium?.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const newWallet = (): Wallet =>
    createHeadlessWallet({
      store: createMemoryStore(),
      keyStore: createMemoryKeyStore(),
      endpoint: consortium.urls.operators[0] as string,
    });

  async function giveCard(wallet: Wallet, subscriptionId: string): Promise<void> {
    const offer = await issuer().createOffer({ subscriptionId });
    await wallet.receive(offer.offerUri, { txCode: offer.txCode });
  }

  async function signIn(
    wallet: Wallet,
    clientId = 'demo-forum',
    scope = 'openid line',
  ): Promise<{ sub: string; [claim: string]: unknown }> {
    const port = clientId === 'demo-forum' ? consortium.ports.forum : consortium.ports.shop;
    const app = await appOf({
      issuer: consortium.urls.bridge,
      clientId,
      secret: await consortium.clientSecret(clientId),
      port,
      scope,
    });
    const attempt = await app.begin();
    const page = await attempt.present(wallet, walletLinkOf(await attempt.openPage()));
    return attempt.consent(page, 'share', [
      'sim_unchanged_30d',
      'binding_changed_at',
      'binding_pending',
      'phone_number',
    ]);
  }

  const statusSeen = () => new Promise((go) => setTimeout(go, 1_000));

  it('a SIM swap and a re-issue to new keys keep the sub, and the app sees the move to new keys', async () => {
    const { subscriptionId } = sampleLine('zhonglian', 0);
    const old = newWallet();
    await giveCard(old, subscriptionId);
    const before = await signIn(old);
    expect(before.binding_pending).toBe(false);

    await issuer().subscribers.apply(subscriptionId, {
      type: 'sim-swap',
      at: now(),
    });
    await statusSeen();
    await expect(signIn(old)).rejects.toThrow('sim_changed');

    const fresh = newWallet();
    await giveCard(fresh, subscriptionId);
    const after = await signIn(fresh);
    expect(after).toMatchObject({ sub: before.sub, binding_pending: true, sim_unchanged_30d: false });
    expect(after.binding_changed_at).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it('after a transfer (过户) the old card is refused and the new holder is another person', async () => {
    const { subscriptionId } = sampleLine('zhonglian', 1);
    const first = newWallet();
    await giveCard(first, subscriptionId);
    const { sub } = await signIn(first);
    await issuer().subscribers.transfer(subscriptionId, {
      holderName: { 'zh-CN': '新户主', en: 'New Holder' },
    });
    await statusSeen();
    await expect(signIn(first)).rejects.toThrow('revoked');
    const second = newWallet();
    await giveCard(second, subscriptionId);
    expect((await signIn(second)).sub).not.toBe(sub);
  });

  it('a recycled number is a new person with a new sub at every app', async () => {
    const { subscriptionId, phoneNumber } = sampleLine('zhonglian', 2);
    const first = newWallet();
    await giveCard(first, subscriptionId);
    const before = await signIn(first, 'demo-shop', 'openid phone');
    expect(before.phone_number).toBe(phoneNumber);
    const { subscribers } = issuer();
    await subscribers.apply(subscriptionId, { type: 'terminate', at: now() });
    const next = await subscribers.recycle(subscriptionId, {
      subscriptionId: 'sub-recycled-0001',
      holderName: { 'zh-CN': '后来人', en: 'Later Person' },
    });
    await statusSeen();
    const second = newWallet();
    await giveCard(second, next.subscriptionId);
    const after = await signIn(second, 'demo-shop', 'openid phone');
    expect(after.phone_number).toBe(phoneNumber);
    expect(after.sub).not.toBe(before.sub);
  });
});
