import { type Bytes, type Clock, multikeyFromJwk, type Random, toHex, unixSeconds } from '@attestel/core';
import { fail } from './errors.ts';
import type { KeyAlgorithm, KeyInfo, KeyPurpose, KeyRef, KeyStore, KeyStoreCapabilities } from './port.ts';

/** A key as its store holds it: an object of this process, a handle of a token. Never handed out. */
export interface HeldKey<K> {
  readonly info: KeyInfo;
  readonly key: K;
}

export type HeldKeys<K> = ReadonlyMap<KeyRef, HeldKey<K>>;

/** What a backend does with its keys. */
export interface KeyMaterial<K> {
  generate(info: KeyInfo): Promise<K>;
  /** Public members only (RFC 7517 §4). */
  publicJwk(key: K): Readonly<Record<string, string>>;
  /** JWS signature bytes (RFC 7518 §3). */
  sign(algorithm: KeyAlgorithm, key: K, message: Bytes): Bytes | Promise<Bytes>;
  /** HMAC-SHA-256. */
  mac(key: K, message: Bytes): Bytes | Promise<Bytes>;
}

export interface KeyStoreOptions<K> {
  readonly capabilities: KeyStoreCapabilities;
  readonly material: KeyMaterial<K>;
  readonly initial: HeldKeys<K>;
  /** Makes the next set of keys durable, one less where `gone` is given; a throw leaves the old one in force. */
  readonly persist: (next: HeldKeys<K>, gone?: HeldKey<K>) => Promise<void>;
  readonly clock: Clock;
  readonly random: Random;
}

const REF = /^[a-z0-9][a-z0-9/._-]{0,99}$/;

/** The rules of every key store; backends differ in what a key is and where it is kept. */
export function createKeyStore<K>(options: KeyStoreOptions<K>): KeyStore {
  const { capabilities, material } = options;
  let keys = options.initial;
  let queue: Promise<unknown> = Promise.resolve();

  const held = (ref: KeyRef): HeldKey<K> => {
    const found = keys.get(ref);
    if (!found) throw fail('key_not_found', refDetail(ref));
    return found;
  };
  /** One change at a time, durable before it is visible. */
  const change = (work: (next: Map<KeyRef, HeldKey<K>>) => Promise<HeldKey<K>>): Promise<HeldKey<K>> => {
    const run = queue.then(async () => {
      const next = new Map(keys);
      const changed = await work(next);
      await options.persist(next, next.has(changed.info.ref) ? undefined : changed);
      keys = next;
      return changed;
    });
    queue = run.catch(() => undefined);
    return run;
  };

  return {
    capabilities: () => capabilities,
    async generate({ purpose, algorithm, ref = freshRef(purpose, options.random) }) {
      assertRef(ref);
      assertUse(purpose, algorithm);
      if (!capabilities.algorithms.includes(algorithm)) throw fail('key_algorithm_unsupported');
      const made = await change(async (next) => {
        if (next.has(ref)) throw fail('key_exists', refDetail(ref));
        const info: KeyInfo = { ref, purpose, algorithm, createdAt: unixSeconds(options.clock) };
        const key = { info, key: await material.generate(info) };
        next.set(ref, key);
        return key;
      });
      return made.info;
    },
    find: async (ref) => keys.get(ref)?.info,
    list: async () => [...keys.values()].map(({ info }) => info).sort((a, b) => (a.ref < b.ref ? -1 : 1)),
    async signer(ref) {
      const own = held(ref);
      const { algorithm } = own.info;
      if (algorithm !== 'EdDSA' && algorithm !== 'ES256') throw fail('key_wrong_algorithm', refDetail(ref));
      return {
        algorithm,
        publicKey: multikeyFromJwk(material.publicJwk(own.key)),
        sign: async (message: Bytes) => {
          // A destroyed key must not live on in a signer, nor be replaced by a namesake.
          if (keys.get(ref) !== own) throw fail('key_not_found', refDetail(ref));
          return material.sign(algorithm, own.key, message);
        },
      };
    },
    async publicJwk(ref) {
      const { info, key } = held(ref);
      if (info.algorithm === 'HS256') throw fail('key_wrong_algorithm', refDetail(ref));
      return material.publicJwk(key);
    },
    async sign(ref, message) {
      const { info, key } = held(ref);
      if (info.purpose === 'derivation') throw fail('key_wrong_purpose', refDetail(ref));
      return material.sign(info.algorithm, key, message);
    },
    async mac(ref, message) {
      const { info, key } = held(ref);
      if (info.purpose !== 'derivation') throw fail('key_wrong_purpose', refDetail(ref));
      return material.mac(key, message);
    },
    async destroy(ref) {
      await change(async (next) => {
        const gone = next.get(ref);
        if (!gone) throw fail('key_not_found', refDetail(ref));
        next.delete(ref);
        return gone;
      });
    },
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
