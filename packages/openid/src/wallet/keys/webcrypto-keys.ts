import { toHolderJwk, type WalletKeys } from './wallet-keys.ts';

/** A key pair whose private half the runtime does not let out. */
export interface SealedKeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** Where sealed pairs live: IndexedDB in a browser, a map in tests. `put` is durable when it resolves. */
export interface KeyVault {
  get(ref: string): Promise<SealedKeyPair | undefined>;
  put(ref: string, pair: SealedKeyPair): Promise<void>;
  delete(ref: string): Promise<void>;
}

const ECDSA_P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ECDSA_SHA256 = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** Wallet keys made by Web Crypto as non-extractable: page scripts can use them, never read them. */
export function createWebCryptoKeys({ vault }: { vault: KeyVault }): WalletKeys {
  const find = async (ref: string): Promise<SealedKeyPair> => {
    const pair = await vault.get(ref);
    if (pair === undefined) throw new TypeError('wallet key: not in the vault');
    return pair;
  };
  return {
    async generate({ ref }) {
      await vault.put(ref, await crypto.subtle.generateKey(ECDSA_P256, false, ['sign']));
    },
    async publicJwk(ref) {
      return toHolderJwk(await crypto.subtle.exportKey('jwk', (await find(ref)).publicKey));
    },
    async sign(ref, message) {
      const { privateKey } = await find(ref);
      return new Uint8Array(await crypto.subtle.sign(ECDSA_SHA256, privateKey, Uint8Array.from(message)));
    },
    destroy: (ref) => vault.delete(ref),
  };
}

/** A vault that is lost with the process. */
export function createMemoryVault(): KeyVault {
  const pairs = new Map<string, SealedKeyPair>();
  return {
    get: async (ref) => pairs.get(ref),
    put: async (ref, pair) => void pairs.set(ref, pair),
    delete: async (ref) => void pairs.delete(ref),
  };
}
