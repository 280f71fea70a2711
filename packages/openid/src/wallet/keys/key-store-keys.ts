import { isAppError, type Random, toHex } from '@attestel/core';
import type { KeyStore } from '@attestel/keystore';
import { toHolderJwk, type WalletKeys } from './wallet-keys.ts';

/** Wallet keys in a key store of this machine, for the headless wallet. */
export function createKeyStoreKeys(options: {
  keyStore: KeyStore;
  random: Random;
  prefix?: string;
}): WalletKeys {
  const { keyStore, random, prefix = 'wallet' } = options;
  return {
    async generate({ purpose }) {
      const ref = `${prefix}/${purpose}-${toHex(random.bytes(12))}`;
      return (await keyStore.generate({ purpose, algorithm: 'ES256', ref })).ref;
    },
    publicJwk: async (ref) => toHolderJwk(await keyStore.publicJwk(ref)),
    sign: (ref, message) => keyStore.sign(ref, message),
    async destroy(ref) {
      try {
        await keyStore.destroy(ref);
      } catch (error) {
        if (!isAppError(error) || error.kind !== 'not-found') throw error;
      }
    },
  };
}
