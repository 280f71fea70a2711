import { systemClock } from '@attestel/core';
import { createNodeClients, createWallet, createWebCryptoKeys, type Wallet } from '@attestel/openid/wallet';
import { openDatabase } from './database.ts';
import { createIndexedDbStorage, createIndexedDbVault } from './indexed-db-storage.ts';
import type { PageConfig } from './page-config.ts';

export interface OpenedWallet {
  readonly wallet: Wallet;
  readonly config: PageConfig;
  /** Accredited operators, with the page where their customers get a card. */
  operators(): Promise<readonly OperatorLink[]>;
}

export interface OperatorLink {
  readonly did: string;
  readonly name: { readonly 'zh-CN': string; readonly en: string };
  /** Null when the operator has no page: its shops issue. */
  readonly addUrl: string | null;
}

/** The wallet of this browser profile. */
export async function openWallet(config: PageConfig): Promise<OpenedWallet> {
  const database = await openDatabase();
  const send: typeof fetch = (input, init) => fetch(input, init);
  const clients = createNodeClients({ endpoint: config.endpoint, fetch: send, policy: config.policy });
  const wallet = createWallet({
    ...clients,
    storage: createIndexedDbStorage(database),
    keys: createWebCryptoKeys({ vault: createIndexedDbVault(database) }),
    fetch: send,
    clock: systemClock,
  });
  void wallet.sweep().catch(() => undefined); // nothing waits for it; the next start tries again
  return {
    wallet,
    config,
    async operators() {
      // The registry says who may issue; the configuration only knows where their pages are.
      const issuers = await clients.registry.issuers();
      return issuers.map(({ did, name }) => ({
        did,
        name,
        addUrl: config.operators.find((operator) => operator.did === did)?.addUrl ?? null,
      }));
    },
  };
}

/** Asks the browser not to clear the wallet when space is short. True when it agreed. */
export async function keepStorage(): Promise<boolean> {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch {
    return false;
  }
}

export async function isStorageKept(): Promise<boolean> {
  try {
    return await navigator.storage.persisted();
  } catch {
    return false;
  }
}
