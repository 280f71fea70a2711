import { type Bytes, fromUtf8, type Store, utf8 } from '@attestel/core';
import type { Collection, WalletRecords, WalletStorage } from './wallet-storage.ts';

/** {@link WalletStorage} on the store port: one table per collection, JSON values. */
export function createStoreWalletStorage(store: Store, prefix = 'wallet'): WalletStorage {
  const table = (collection: Collection): string => `${prefix}/${collection}`;
  return {
    async get(collection, id) {
      const value = store.get(table(collection), utf8(id));
      return value === undefined ? undefined : decode(collection, value);
    },
    async list(collection) {
      return Array.from(store.range(table(collection)), ([, value]) => decode(collection, value));
    },
    async write(changes) {
      await store.transact((writer) => {
        for (const change of changes) {
          if ('put' in change) {
            writer.put(table(change.collection), utf8(change.put.id), utf8(JSON.stringify(change.put)));
          } else writer.delete(table(change.collection), utf8(change.delete));
        }
      });
    },
  };
}

/** Reads what {@link createStoreWalletStorage} wrote; nothing else writes to these tables. */
function decode<C extends Collection>(_collection: C, value: Bytes): WalletRecords[C] {
  return JSON.parse(fromUtf8(value)) as WalletRecords[C];
}
