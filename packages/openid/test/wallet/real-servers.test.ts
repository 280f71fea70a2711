import { createMemoryStore, type Route, silentLogger, systemRandom } from '@attestel/core';
import { createMemoryKeyStore } from '@attestel/keystore';
import type { Registry, RegistryClient } from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { createIssuer, sampleSubscribers } from '../../src/issuer/index.ts';
import { createVerifier } from '../../src/verifier/index.ts';
import { createKeyStoreKeys, createStoreWalletStorage, createWallet } from '../../src/wallet/index.ts';
import { fetchInto } from '../issuer/fakes/http.ts';
import { createConsortium } from '../verifier/support/consortium.ts';
import { codeOf } from './fakes/setup.ts';
import { named } from './fakes/world.ts';

const BRIDGE = 'https://bridge.example';

/** Our own operator and bridge, called by a wallet whose protocol code is not ours. */
async function realWorld() {
  const consortium = await createConsortium();
  const operator = await consortium.addParty('Alpha', 'operator');
  const platform = await consortium.addParty('Platform', 'platform', { url: BRIDGE });
  const { registry, resolver, clock, bridges, apps } = consortium;
  bridges.set(platform.did, {
    did: platform.did,
    url: BRIDGE,
    member: platform.did,
    name: named('Bridge'),
    status: 'active',
  });
  apps.set('shop', {
    clientId: 'shop',
    member: operator.did,
    name: named('Shop'),
    purpose: named('Sign in'),
    redirectUris: [],
    postLogoutRedirectUris: [],
    claims: ['phone_number', 'phone_number_verified'],
    authentication: 'none',
    jwks: null,
    secretVersion: 1,
    status: 'active',
  });
  const shared = { resolver, registry, clock, random: systemRandom, logger: silentLogger };
  const issuer = await createIssuer({
    ...shared,
    issuerUrl: operator.url,
    party: { did: operator.did, kid: operator.kid, x5c: operator.x5c, name: named('Alpha') },
    signer: operator.signer,
    keyStore: operator.keyStore,
    store: createMemoryStore(),
    authenticate: async () => ({ did: operator.did }),
    statusListSize: 1024,
  });
  const verifier = createVerifier({
    ...shared,
    clientId: `decentralized_identifier:${platform.did}`,
    kid: platform.kid,
    signer: platform.signer,
    baseUrl: BRIDGE,
    keyStore: platform.keyStore,
    store: createMemoryStore(),
    issuerKeys: consortium.issuerKeys,
    status: consortium.status,
  });
  const routes: Record<string, readonly Route[]> = {
    [operator.url]: issuer.routes,
    [BRIDGE]: verifier.routes,
  };
  const store = createMemoryStore();
  const wallet = createWallet({
    storage: createStoreWalletStorage(store),
    keys: createKeyStoreKeys({ keyStore: createMemoryKeyStore() }),
    fetch: fetchInto((origin) => routes[origin]) as typeof fetch,
    registry: asClient(registry),
    resolver,
    clock,
  });
  const [sample] = sampleSubscribers({ seed: 'wallet', operator: 'alpha', count: 1 });
  if (sample === undefined) throw new Error('no sample line');
  await issuer.subscribers.seed([sample]);
  const { subscriptionId } = sample;
  return { ...consortium, issuer, verifier, wallet, subscriptionId, sample, operator };
}

const asClient = (registry: Registry): RegistryClient => ({
  issuer: async (did) => registry.issuer(did),
  issuers: async () => registry.issuers(),
  bridge: async (did) => registry.bridge(did),
  app: async (clientId) => registry.app(clientId),
  member: async (did) => registry.member(did),
});

type World = Awaited<ReturnType<typeof realWorld>>;

async function getCard({ issuer, wallet, subscriptionId }: World) {
  const { offerUri, txCode } = await issuer.createOffer({ subscriptionId });
  return wallet.receive(offerUri, { txCode });
}

async function ask({ verifier }: World, method?: 'post') {
  const request = await verifier.createRequest({
    mode: 'same-device',
    claims: ['phone_number', 'phone_number_verified'],
    appClientId: 'shop',
    browserSecret: 'browser',
    returnUrl: `${BRIDGE}/return`,
  });
  const parameters = { client_id: request.clientId, request_uri: request.requestUri };
  const link = new URLSearchParams({ ...parameters, ...(method ? { request_uri_method: method } : {}) });
  return { id: request.id, link: `https://wallet.example/present?${link}` };
}

const finish = ({ verifier }: World, id: string, redirectUri: string | null) =>
  verifier.complete(id, {
    browserSecret: 'browser',
    responseCode: new URL(redirectUri ?? 'x:').searchParams.get('response_code') ?? '',
  });

describe('with our own operator and bridge', () => {
  it.each([undefined, 'post'] as const)(
    'gets ten copies and signs in (request_uri_method %s)',
    async (method) => {
      const world = await realWorld();
      const card = await getCard(world);
      expect(card).toMatchObject({ copiesLeft: 10, copiesTotal: 10, operator: { did: world.operator.did } });
      const { id, link } = await ask(world, method);
      const preview = await world.wallet.previewRequest(link);
      expect(preview.asker.app?.clientId).toBe('shop');
      const { redirectUri } = await world.wallet.approve(preview.id);
      const presented = await finish(world, id, redirectUri);
      expect(presented.issuerDid).toBe(world.operator.did);
      expect(presented.claims.phone_number).toBe(world.sample.phoneNumber);
      expect((await world.wallet.card(card.id)).copiesLeft).toBe(9);
    },
  );

  it('keeps the number back when the person says so, and still signs in as the same person', async () => {
    const world = await realWorld();
    await getCard(world);
    const first = await ask(world);
    const open = await world.wallet.previewRequest(first.link);
    const full = await finish(world, first.id, (await world.wallet.approve(open.id)).redirectUri);
    const second = await ask(world);
    const { id, cards } = await world.wallet.previewRequest(second.link);
    const choice = cards[0]?.choices.findIndex((names) => !names.includes('phone_number')) ?? -1;
    const bare = await finish(world, second.id, (await world.wallet.approve(id, { choice })).redirectUri);
    expect(bare.claims).not.toHaveProperty('phone_number');
    expect(bare.handle).toBe(full.handle);
  });

  it('is the same person after renewing, with new copies', async () => {
    const world = await realWorld();
    const before = await getCard(world);
    const after = await getCard(world);
    expect(after.id).toBe(before.id);
    expect((await world.wallet.cards())[0]?.copiesLeft).toBe(10);
  });

  it('tells the bridge that the person refused', async () => {
    const world = await realWorld();
    await getCard(world);
    const { id, link } = await ask(world);
    const preview = await world.wallet.previewRequest(link);
    await world.wallet.refuse(preview.id);
    expect(world.verifier.state(id)?.failure).toBe('declined');
  });

  it('learns that a wrong PIN is wrong and a used offer is used', async () => {
    const world = await realWorld();
    const { offerUri, txCode } = await world.issuer.createOffer({ subscriptionId: world.subscriptionId });
    const wrong = txCode === '000000' ? '111111' : '000000';
    expect(await codeOf(world.wallet.receive(offerUri, { txCode: wrong }))).toBe('grant_refused');
    await world.wallet.receive(offerUri, { txCode });
    expect(await codeOf(world.wallet.receive(offerUri, { txCode }))).toMatch(/^(offer_gone|grant_refused)$/);
  });

  it('is refused by the bridge when the app is gone, and refuses itself before that', async () => {
    const world = await realWorld();
    await getCard(world);
    const { link } = await ask(world);
    world.apps.clear();
    expect(await codeOf(world.wallet.previewRequest(link))).toBe('app_unknown');
  });
});
