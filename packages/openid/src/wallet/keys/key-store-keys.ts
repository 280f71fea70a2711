import { isAppError } from '@attestel/core';
import type { KeyStore } from '@attestel/keystore';
import { toHolderJwk, type WalletKeys } from './wallet-keys.ts';

/** Wallet keys in a key store of this machine, for the headless wallet. Names are put under a prefix. */
export function createKeyStoreKeys(options: { keyStore: KeyStore; prefix?: string }): WalletKeys {
  const { keyStore, prefix = 'wallet' } = options;
  const full = (ref: string): string => `${prefix}/${ref}`;
  return {
    async generate({ purpose, ref }) {
      await keyStore.generate({ purpose, algorithm: 'ES256', ref: full(ref) });
    },
    publicJwk: async (ref) => toHolderJwk(await keyStore.publicJwk(full(ref))),
    sign: (ref, message) => keyStore.sign(full(ref), message),
    async destroy(ref) {
      try {
        await keyStore.destroy(full(ref));
      } catch (error) {
        if (!isAppError(error) || error.kind !== 'not-found') throw error;
      }
    },
  };
}
