import { type Bytes, concatBytes, toBase64url, utf8 } from '@attestel/core';
import type { BridgeKeyStore } from './key-port.ts';

const NUL = Uint8Array.of(0);
/** It is stored in four bytes. */
const MAX_SUBJECT_VERSION = 0xffff_ffff;

/** Keys of one bridge, by what they are for. Everything symmetric is HMAC inside the key store. */
export interface BridgeKeys {
  /** Finds an account by issuer and handle; without this key the index says nothing. */
  accountIndex(issuerDid: string, handle: string): Promise<Bytes>;
  /** Version that new pairs of account and app get. */
  readonly subjectVersion: number;
  subject(version: number, sector: string, account: string): Promise<string>;
  /** Names a pair of sector and account in the store, where neither is to be read. */
  subjectPair(sector: string, account: string): Promise<Bytes>;
  clientSecret(clientId: string, version: number): Promise<string>;
  cookieKeys(): Promise<string[]>;
  storageKey(): Promise<Bytes>;
  /** Refs of the keys that sign ID tokens, the preferred one first. */
  readonly signing: readonly { readonly ref: string; readonly algorithm: 'ES256' | 'RS256' }[];
}

const refs = {
  index: 'bridge/account-index',
  subject: (version: number) => `bridge/subject-${version}`,
  clients: 'bridge/client-secrets',
  local: 'bridge/local',
  rs256: 'bridge/id-token-rs256',
  es256: 'bridge/id-token-es256',
};

/** Opens the keys, making those that are missing. `subjectVersion` rises by one to rotate the subject key. */
export async function openBridgeKeys(keyStore: BridgeKeyStore, subjectVersion = 1): Promise<BridgeKeys> {
  if (!Number.isInteger(subjectVersion) || subjectVersion < 1 || subjectVersion > MAX_SUBJECT_VERSION) {
    throw new TypeError('bridge: subjectVersion must be a whole number from 1');
  }
  for (const ref of [refs.index, refs.subject(subjectVersion), refs.clients, refs.local]) {
    await ensure(keyStore, ref, 'derivation', 'HS256');
  }
  await ensure(keyStore, refs.rs256, 'token', 'RS256');
  await ensure(keyStore, refs.es256, 'token', 'ES256');
  const mac = async (ref: string, ...parts: readonly (string | Bytes)[]): Promise<Bytes> =>
    keyStore.mac(ref, concatBytes(...parts.map((p) => (typeof p === 'string' ? utf8(p) : p))));
  return {
    subjectVersion,
    accountIndex: (issuerDid, handle) => mac(refs.index, issuerDid, NUL, handle),
    async subject(version, sector, account) {
      return toBase64url(await mac(refs.subject(version), sector, NUL, account));
    },
    subjectPair: (sector, account) =>
      mac(refs.local, 'attestel/bridge/subject-pair/v1', NUL, sector, NUL, account),
    async clientSecret(clientId, version) {
      return toBase64url(await mac(refs.clients, 'client-secret', NUL, clientId, NUL, String(version)));
    },
    // Two, so that a cookie signed before a change of the newer one still verifies (Keygrip takes any).
    cookieKeys: async () => [
      toBase64url(await mac(refs.local, 'attestel/bridge/cookies/v2')),
      toBase64url(await mac(refs.local, 'attestel/bridge/cookies/v1')),
    ],
    storageKey: () => mac(refs.local, 'attestel/bridge/storage/v1'),
    // RS256 first: OIDC Core §3.1.3.7 makes it what relying parties expect unless told otherwise.
    signing: [
      { ref: refs.rs256, algorithm: 'RS256' },
      { ref: refs.es256, algorithm: 'ES256' },
    ],
  };
}

async function ensure(
  keyStore: BridgeKeyStore,
  ref: string,
  purpose: 'derivation' | 'token',
  algorithm: 'HS256' | 'ES256' | 'RS256',
): Promise<void> {
  if (!(await keyStore.find(ref))) await keyStore.generate({ purpose, algorithm, ref });
}
