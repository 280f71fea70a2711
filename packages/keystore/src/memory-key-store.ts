import { type Clock, type Random, systemClock, systemRandom } from '@attestel/core';
import type { KeyStore } from './port.ts';
import { createSoftwareKeyStore } from './software-key-store.ts';

export interface MemoryKeyStoreOptions {
  /** For names of keys whose caller chose none. Keys themselves come from OpenSSL. */
  readonly random?: Random;
  readonly clock?: Clock;
}

/** Keys that end with the process: for tests and for keys that may be lost. */
export const createMemoryKeyStore = (options: MemoryKeyStoreOptions = {}): KeyStore =>
  createSoftwareKeyStore({
    storage: 'memory',
    initial: new Map(),
    persist: async () => {},
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
  });
