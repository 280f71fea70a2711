import { createMemoryStore } from '@attestel/core';
import { createStoreWalletStorage } from './store-storage.ts';
import type { WalletStorage } from './wallet-storage.ts';

/** Lost with the process: for tests and for what may be lost. */
export const createMemoryWalletStorage = (): WalletStorage => createStoreWalletStorage(createMemoryStore());
