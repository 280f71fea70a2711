import type { KeyObject } from 'node:crypto';
import { generateKey, macMessage, publicJwkOf, signMessage } from './key-material.ts';
import {
  createKeyStore,
  type HeldKey,
  type HeldKeys,
  type KeyMaterial,
  type KeyStoreOptions,
} from './key-store.ts';
import type { KeyStore, KeyStoreCapabilities } from './port.ts';

/** In this process's memory. */
export type SoftwareKey = HeldKey<KeyObject>;
export type SoftwareKeys = HeldKeys<KeyObject>;

export interface SoftwareKeyStoreOptions
  extends Pick<KeyStoreOptions<KeyObject>, 'initial' | 'persist' | 'clock' | 'random'> {
  readonly storage: KeyStoreCapabilities['storage'];
}

const material: KeyMaterial<KeyObject> = {
  generate: ({ algorithm }) => generateKey(algorithm),
  publicJwk: publicJwkOf,
  sign: signMessage,
  mac: macMessage,
};

/** Backends differ in `persist`. */
export const createSoftwareKeyStore = ({ storage, ...options }: SoftwareKeyStoreOptions): KeyStore =>
  createKeyStore({
    ...options,
    material,
    capabilities: {
      algorithms: ['EdDSA', 'ES256', 'RS256', 'HS256'],
      storage,
      iso18045: 'iso_18045_basic',
      maxKeys: null,
    },
  });
