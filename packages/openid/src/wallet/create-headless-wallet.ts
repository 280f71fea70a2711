import { type Clock, type Random, type Store, systemClock, systemRandom, unixSeconds } from '@attestel/core';
import type { DidResolver } from '@attestel/did';
import { createHttpResolver, createLedgerTrust, type LedgerTrust } from '@attestel/did/verify';
import type { KeyStore } from '@attestel/keystore';
import type { RegistryClient } from '@attestel/registry';
import { createRegistryClient } from '@attestel/registry/client';
import { createWallet, type Wallet } from './create-wallet.ts';
import type { Fetch } from './guarded-fetch.ts';
import { createKeyStoreKeys } from './keys/key-store-keys.ts';
import { createStoreWalletStorage } from './storage/store-storage.ts';

export interface HeadlessWalletOptions {
  readonly store: Store;
  readonly keyStore: KeyStore;
  /** URL of the node whose resolver and registry the wallet asks. */
  readonly endpoint: string;
  readonly fetch?: Fetch;
  /** Text of the network's policy: then nothing the node says counts without its proof. */
  readonly policy?: string | undefined;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly copies?: number;
  /** Prefix of tables and key names, so that several wallets can share a store. */
  readonly prefix?: string;
}

/**
 * Resolver and registry of one node, over HTTP: the two things a wallet believes. With a policy it believes the
 * ledger's witnesses instead, and the node not at all.
 * @throws AppError policy_malformed
 */
export function createNodeClients(options: {
  endpoint: string;
  fetch: Fetch;
  policy?: string | undefined;
  clock?: Clock;
}): {
  readonly resolver: DidResolver;
  readonly registry: RegistryClient;
} {
  const { endpoint, policy, clock = systemClock } = options;
  const fetch = options.fetch as typeof globalThis.fetch;
  const trust: LedgerTrust | undefined =
    policy === undefined ? undefined : createLedgerTrust({ policy, now: () => unixSeconds(clock) });
  return {
    resolver: createHttpResolver({ endpoint, fetch, trust }),
    registry: createRegistryClient({ endpoint, fetch, trust }),
  };
}

/** The same wallet without a browser: for the command line and for tests of servers. */
export function createHeadlessWallet(options: HeadlessWalletOptions): Wallet {
  const { store, keyStore, endpoint, prefix = 'wallet' } = options;
  const { fetch = globalThis.fetch, clock = systemClock, random = systemRandom } = options;
  return createWallet({
    storage: createStoreWalletStorage(store, prefix),
    keys: createKeyStoreKeys({ keyStore, prefix }),
    ...createNodeClients({ endpoint, fetch, clock, policy: options.policy }),
    fetch,
    clock,
    random,
    ...(options.copies === undefined ? {} : { copies: options.copies }),
  });
}
