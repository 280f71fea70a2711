import { createMemoryStore, type Store } from '@attestel/core';
import {
  createMemoryVault,
  createStoreWalletStorage,
  createWallet,
  createWebCryptoKeys,
  type KeyVault,
} from '../../../src/wallet/index.ts';
import { createFakeIssuer, type Subscriber, VCT } from './issuer.ts';
import { createFakeVerifier } from './verifier.ts';
import {
  createParty,
  fakeNetwork,
  fakeRegistry,
  fakeResolver,
  type MovableClock,
  movableClock,
  named,
  randomText,
} from './world.ts';

export const ISSUER_ORIGIN = 'https://zhonglian.example';
export const BRIDGE_ORIGIN = 'https://bridge.example';

export const subscriber = (): Subscriber => ({
  phone_number: '+8613800001111',
  subscription_handle: randomText(),
});

export interface SetupOptions {
  readonly batchSize?: number;
  readonly copies?: number;
  readonly issuerOrigin?: string;
  readonly bridgeOrigin?: string;
  readonly clock?: MovableClock;
  readonly store?: Store;
}

/** A wallet, one accredited operator, one bridge with one app; all in this process. */
export function setup(options: SetupOptions = {}) {
  const { clock = movableClock(), issuerOrigin = ISSUER_ORIGIN, bridgeOrigin = BRIDGE_ORIGIN } = options;
  const operator = createParty('operator');
  const platform = createParty('platform');
  const stranger = createParty('stranger');
  const parties = [operator, platform, stranger];
  const registry = fakeRegistry();
  registry.data.members.push(
    { did: operator.did, name: named('Zhonglian'), roles: ['operator'], status: 'active', statusSince: 0 },
    { did: platform.did, name: named('Platform'), roles: ['platform'], status: 'active', statusSince: 0 },
  );
  registry.data.issuers.push({
    did: operator.did,
    issuerUrl: issuerOrigin,
    name: named('Zhonglian'),
    types: [{ vct: VCT, validity: { from: 0, until: null } }],
    status: 'active',
  });
  registry.data.bridges.push({
    did: platform.did,
    url: bridgeOrigin,
    member: platform.did,
    name: named('Bridge'),
    status: 'active',
  });
  registry.data.apps.push({
    clientId: 'shop',
    member: operator.did,
    name: named('Shop'),
    purpose: named('Sign in'),
    redirectUris: ['https://shop.example/cb'],
    postLogoutRedirectUris: [],
    claims: ['phone_number', 'mobile_operator', 'age_over_18'],
    authentication: 'none',
    jwks: null,
    secretVersion: 1,
    status: 'active',
  });
  const network = fakeNetwork();
  const issuer = createFakeIssuer(operator, issuerOrigin, clock, options.batchSize);
  const verifier = createFakeVerifier(platform, bridgeOrigin, clock);
  network.serve(issuerOrigin, issuer.handler);
  network.serve(bridgeOrigin, verifier.handler);
  const { store = createMemoryStore() } = options;
  const vault = countingVault();
  const resolver = fakeResolver(() => parties);
  const open = () =>
    createWallet({
      storage: createStoreWalletStorage(store),
      keys: createWebCryptoKeys({ vault }),
      fetch: network.fetch,
      registry,
      resolver,
      clock,
      ...(options.copies === undefined ? {} : { copies: options.copies }),
    });
  return {
    clock,
    operator,
    platform,
    stranger,
    parties,
    registry,
    network,
    issuer,
    verifier,
    store,
    vault,
    resolver,
    open,
    wallet: open(),
  };
}

/** A vault whose content tests can count. */
function countingVault(): KeyVault & { refs: Set<string> } {
  const inner = createMemoryVault();
  const refs = new Set<string>();
  return {
    refs,
    get: inner.get,
    put: async (ref, pair) => {
      refs.add(ref);
      await inner.put(ref, pair);
    },
    delete: async (ref) => {
      refs.delete(ref);
      await inner.delete(ref);
    },
  };
}

/** The code of the AppError a promise rejects with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'nothing thrown';
}

/** The same with a card of one line in the wallet. */
export async function withCard(options: SetupOptions = {}) {
  const world = setup(options);
  const line = subscriber();
  const card = await world.wallet.receive(world.issuer.offer(line));
  return { ...world, line, card };
}
