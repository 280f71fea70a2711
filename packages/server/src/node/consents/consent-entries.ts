import { createHmac } from 'node:crypto';
import { type Bytes, concatBytes, fromUtf8, type Store, toHex, utf8 } from '@attestel/core';
import type { KeyStore } from '@attestel/keystore';
import { createSealer } from '@attestel/openid/verifier';
import { z } from 'zod';

const TABLE = 'node/consents';
const KEY = 'bridge/consents';
const NAME_BYTES = 16;

const entrySchema = z.strictObject({
  clientId: z.string(),
  /** Objects that may be in force, oldest first. */
  ids: z.array(z.string()),
  /** Objects that must not be, should they yet come to be; none does once block time is past `until`, unix seconds. */
  dropped: z.array(z.strictObject({ id: z.string(), until: z.number() })),
  /** When the newest were begun, unix seconds. */
  begun: z.array(z.number()),
});
export type ConsentEntry = z.output<typeof entrySchema>;

/** Under which ids to look for the consents of an account: names are MACs, values sealed. */
export interface ConsentEntries {
  read(account: string, clientId: string): ConsentEntry | undefined;
  /** Durable when it resolves. */
  write(account: string, entry: ConsentEntry): Promise<void>;
  of(account: string): readonly ConsentEntry[];
}

export interface ConsentEntriesOptions {
  readonly store: Store;
  readonly keyStore: Pick<KeyStore, 'find' | 'generate' | 'mac'>;
}

export async function openConsentEntries({
  store,
  keyStore,
}: ConsentEntriesOptions): Promise<ConsentEntries> {
  if (!(await keyStore.find(KEY)))
    await keyStore.generate({ purpose: 'derivation', algorithm: 'HS256', ref: KEY });
  const names = await keyStore.mac(KEY, utf8('attestel/bridge/consents/names/v1'));
  const sealer = createSealer(await keyStore.mac(KEY, utf8('attestel/bridge/consents/storage/v1')));
  const name = (...parts: readonly string[]): Bytes =>
    createHmac('sha256', names).update(parts.join('\0')).digest().subarray(0, NAME_BYTES);
  const keyOf = (account: string, clientId: string): Bytes =>
    concatBytes(name(account), name(account, clientId));
  const open = (key: Bytes, sealed: Bytes): ConsentEntry =>
    entrySchema.parse(JSON.parse(fromUtf8(sealer.open(toHex(key), sealed))));
  return {
    read(account, clientId) {
      const key = keyOf(account, clientId);
      const sealed = store.get(TABLE, key);
      return sealed && open(key, sealed);
    },
    async write(account, entry) {
      const key = keyOf(account, entry.clientId);
      const sealed = sealer.seal(toHex(key), utf8(JSON.stringify(entry)));
      await store.transact((writer) => writer.put(TABLE, key, sealed));
    },
    of(account) {
      const from = name(account);
      const to = concatBytes(from, new Uint8Array(NAME_BYTES + 1).fill(0xff));
      return [...store.range(TABLE, { from, to })].map(([key, sealed]) => open(key, sealed));
    },
  };
}
