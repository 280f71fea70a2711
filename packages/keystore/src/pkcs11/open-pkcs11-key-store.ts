import { type Clock, type Random, systemClock, systemRandom } from '@attestel/core';
import { createKeyStore } from '../key-store.ts';
import type { KeyStore, KeyStoreCapabilities } from '../port.ts';
import { listKeys } from './key-objects.ts';
import { openToken, type TokenOptions } from './token.ts';
import { destroyObjects, tokenMaterial } from './token-material.ts';

export interface Pkcs11KeyStoreOptions extends TokenOptions {
  /** What the token's maker had certified. Default: the least. */
  readonly iso18045?: KeyStoreCapabilities['iso18045'];
  /** For names of keys whose caller chose none. Keys come from the token. */
  readonly random?: Random;
  readonly clock?: Clock;
}

/**
 * Keys on a PKCS #11 token: a hardware security module, a smart card. Other processes may use the same token; keys that
 * they make are seen when it is opened next.
 * @throws AppError token_unavailable, token_pin_refused
 */
export async function openPkcs11KeyStore(options: Pkcs11KeyStoreOptions): Promise<KeyStore> {
  const { iso18045 = 'iso_18045_basic', clock = systemClock, random = systemRandom } = options;
  const token = await openToken(options);
  return createKeyStore({
    capabilities: { algorithms: ['ES256', 'RS256', 'HS256'], storage: 'pkcs11', iso18045, maxKeys: null },
    material: tokenMaterial(token),
    initial: await token.use(listKeys),
    persist: async (_, gone) => {
      if (gone) await token.use((session) => destroyObjects(session, gone.key));
    },
    ...{ clock, random },
  });
}
