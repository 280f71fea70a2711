import type { KeyObject } from 'node:crypto';
import { type Bytes, type Clock, multikeyFromJwk, type Random, toHex, unixSeconds } from '@attestel/core';
import { fail } from './errors.ts';
import { generateKey, macMessage, publicJwkOf, signMessage } from './key-material.ts';
import type { KeyAlgorithm, KeyInfo, KeyPurpose, KeyRef, KeyStore, KeyStoreCapabilities } from './port.ts';

/** A key as the software stores hold it. Never handed out. */
export interface HeldKey {
  readonly info: KeyInfo;
  readonly key: KeyObject;
}

export type HeldKeys = ReadonlyMap<KeyRef, HeldKey>;

export interface SoftwareKeyStoreOptions {
  readonly storage: KeyStoreCapabilities['storage'];
  readonly initial: HeldKeys;
  /** Makes the next set of keys durable; a throw leaves the old one in force. */
  readonly persist: (next: HeldKeys) => Promise<void>;
  readonly clock: Clock;
  readonly random: Random;
}

const REF = /^[a-z0-9][a-z0-9/._-]{0,99}$/;
const ALGORITHMS: readonly KeyAlgorithm[] = ['EdDSA', 'ES256', 'RS256', 'HS256'];

/** The rules of a key store over keys in this process's memory; backends differ in `persist`. */
export function createSoftwareKeyStore(options: SoftwareKeyStoreOptions): KeyStore {
  let keys = options.initial;
  let queue: Promise<unknown> = Promise.resolve();

  const held = (ref: KeyRef): HeldKey => {
    const found = keys.get(ref);
    if (!found) throw fail('key_not_found', refDetail(ref));
    return found;
  };
  /** One change at a time, durable before it is visible. */
  const change = <T>(work: (next: Map<KeyRef, HeldKey>) => Promise<T>): Promise<T> => {
    const run = queue.then(async () => {
      const next = new Map(keys);
      const result = await work(next);
      await options.persist(next);
      keys = next;
      return result;
    });
    queue = run.catch(() => undefined);
    return run;
  };

  return {
    capabilities: () => ({
      algorithms: ALGORITHMS,
      storage: options.storage,
      iso18045: 'iso_18045_basic',
      maxKeys: null,
    }),
    async generate({ purpose, algorithm, ref = freshRef(purpose, options.random) }) {
      assertRef(ref);
      assertUse(purpose, algorithm);
      return change(async (next) => {
        if (next.has(ref)) throw fail('key_exists', refDetail(ref));
        const info: KeyInfo = { ref, purpose, algorithm, createdAt: unixSeconds(options.clock) };
        next.set(ref, { info, key: await generateKey(algorithm) });
        return info;
      });
    },
    find: async (ref) => keys.get(ref)?.info,
    list: async () => [...keys.values()].map(({ info }) => info).sort((a, b) => (a.ref < b.ref ? -1 : 1)),
    async signer(ref) {
      const own = held(ref);
      const { algorithm } = own.info;
      if (algorithm !== 'EdDSA' && algorithm !== 'ES256') throw fail('key_wrong_algorithm', refDetail(ref));
      return {
        algorithm,
        publicKey: multikeyFromJwk(publicJwkOf(own.key)),
        sign: async (message: Bytes) => {
          // A destroyed key must not live on in a signer, nor be replaced by a namesake.
          if (keys.get(ref) !== own) throw fail('key_not_found', refDetail(ref));
          return signMessage(algorithm, own.key, message);
        },
      };
    },
    async publicJwk(ref) {
      const { info, key } = held(ref);
      if (info.algorithm === 'HS256') throw fail('key_wrong_algorithm', refDetail(ref));
      return publicJwkOf(key);
    },
    async sign(ref, message) {
      const { info, key } = held(ref);
      if (info.purpose === 'derivation') throw fail('key_wrong_purpose', refDetail(ref));
      return signMessage(info.algorithm, key, message);
    },
    async mac(ref, message) {
      const { info, key } = held(ref);
      if (info.purpose !== 'derivation') throw fail('key_wrong_purpose', refDetail(ref));
      return macMessage(key, message);
    },
    destroy: (ref) =>
      change(async (next) => {
        if (!next.delete(ref)) throw fail('key_not_found', refDetail(ref));
      }),
  };
}

export function assertRef(ref: KeyRef): void {
  if (!REF.test(ref)) throw fail('key_ref_invalid');
}

/** Derivation keys only make MACs, and nothing else does: checked when the key is made. */
export function assertUse(purpose: KeyPurpose, algorithm: KeyAlgorithm): void {
  if ((purpose === 'derivation') !== (algorithm === 'HS256')) {
    throw fail('key_wrong_purpose', { field: 'algorithm' });
  }
}

const freshRef = (purpose: KeyPurpose, random: Random): KeyRef => `${purpose}/${toHex(random.bytes(8))}`;

/** For the log; text that is no ref is not repeated. */
export const refDetail = (ref: KeyRef): { detail?: string } =>
  REF.test(ref) ? { detail: `ref ${ref}` } : {};
