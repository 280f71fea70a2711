import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CborValue, createMemoryStore } from '@attestel/core';
import { parseDid } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import type { Issuer } from '@attestel/openid/issuer';
import { createHeadlessWallet, type Wallet } from '@attestel/openid/wallet';
import { buildRegistryOperation } from '@attestel/registry';
import { type Consortium, startConsortium } from '@attestel/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actAs } from '../src/data-folder.ts';
import { appOf, walletLinkOf } from './harness/headless.ts';
import { sampleLine } from './harness/story.ts';

describe('the alliance: members recognise each other’s users, as long as they are members', () => {
  let dataDir: string;
  let consortium: Consortium;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'attestel-alliance-'));
    consortium = await startConsortium({
      dataDir,
      basePort: 23_100,
      operators: 2,
      statusRefreshSeconds: 0.3,
      logLevel: 'silent',
    });
  });
  afterAll(async () => {
    await consortium?.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function change(member: string, kind: string, body: { [field: string]: CborValue }): Promise<void> {
    const { identity, keyStore } = await actAs(dataDir, member);
    const operation = await buildRegistryOperation({
      kind,
      body,
      actor: identity.did,
      sequence: consortium.ledger.sequence('registry', identity.did),
      network: parseDid(identity.did).network,
      notAfter: consortium.ledger.head().time + 600,
      signers: [await keyStore.signer(identity.ledgerKey)],
    });
    const [result] = await consortium.ledger.submit([operation]);
    expect(result).toMatchObject({ ok: true });
  }

  async function cardOf(operator: number, subscriptionId: string): Promise<Wallet> {
    const endpoint = consortium.urls.operators[0] as string;
    const wallet = createHeadlessWallet({
      store: createMemoryStore(),
      keyStore: createMemoryKeyStore(),
      endpoint,
    });
    const issuer = consortium.nodes[operator]?.issuer as Issuer;
    const offer = await issuer.createOffer({ subscriptionId });
    await wallet.receive(offer.offerUri, { txCode: offer.txCode });
    return wallet;
  }

  async function signIn(wallet: Wallet): Promise<string> {
    const clientId = 'zhonglian-club';
    const secret = await consortium.clientSecret(clientId);
    const app = await appOf({
      issuer: consortium.urls.bridge,
      clientId,
      secret,
      port: 23_199,
      scope: 'openid',
    });
    const attempt = await app.begin();
    const page = await attempt.present(wallet, walletLinkOf(await attempt.openPage()));
    return (await attempt.consent(page, 'share')).sub;
  }

  it('an app of one operator accepts the other’s user; after that one left, new sign-ins are refused and the records stay [I4]', async () => {
    const { identity } = await actAs(dataDir, 'zhonglian');
    await change('zhonglian', 'app.register', {
      clientId: 'zhonglian-club',
      member: identity.did,
      name: { 'zh-CN': '俱乐部', en: 'Club' },
      purpose: { 'zh-CN': '登录', en: 'Sign in' },
      redirectUris: ['http://localhost:23199/callback'],
      postLogoutRedirectUris: [],
      claims: [],
      authentication: 'client_secret_basic',
      jwks: null,
      secretVersion: 1,
    });
    const wallet = await cardOf(1, sampleLine('huatong', 0).subscriptionId);
    expect(await signIn(wallet)).toMatch(/^[\w-]{43}$/);
    const sizeBefore = consortium.ledger.head().size;

    await change('huatong', 'member.leave', {});
    await expect(signIn(wallet)).rejects.toThrow(/accredited/);

    expect(consortium.ledger.head().size).toBeGreaterThan(sizeBefore);
    const leaver = await actAs(dataDir, 'huatong');
    const node = consortium.urls.operators[0];
    const member = await (
      await fetch(`${node}/v1/registry/members/${encodeURIComponent(leaver.identity.did)}`)
    ).json();
    expect(member.status).toBe('left');
  });
});
