import type { KeyVault, SealedKeyPair, WalletRecords, WalletStorage } from '@attestel/openid/wallet';
import { settled, written } from '../../storage/indexed-db.ts';
import { KEYS } from './database.ts';

/** The wallet's storage in IndexedDB. */
export function createIndexedDbStorage(database: IDBDatabase): WalletStorage {
  const read = (collection: string): IDBObjectStore =>
    database.transaction(collection, 'readonly').objectStore(collection);
  return {
    get: <C extends keyof WalletRecords>(collection: C, id: string) =>
      settled<WalletRecords[C] | undefined>(read(collection).get(id)),
    list: <C extends keyof WalletRecords>(collection: C) =>
      settled<WalletRecords[C][]>(read(collection).getAll()),
    write: (changes) =>
      written(database, [...new Set(changes.map((change) => change.collection))], (transaction) => {
        for (const change of changes) {
          const store = transaction.objectStore(change.collection);
          if ('put' in change) store.put(change.put);
          else store.delete(change.delete);
        }
      }),
  };
}

/** Non-extractable key pairs in IndexedDB: stored by the browser, never seen as bytes. */
export function createIndexedDbVault(database: IDBDatabase): KeyVault {
  return {
    get: (ref) =>
      settled<SealedKeyPair | undefined>(database.transaction(KEYS, 'readonly').objectStore(KEYS).get(ref)),
    put: (ref, pair) => written(database, [KEYS], (tx) => void tx.objectStore(KEYS).put(pair, ref)),
    delete: (ref) => written(database, [KEYS], (tx) => void tx.objectStore(KEYS).delete(ref)),
  };
}
