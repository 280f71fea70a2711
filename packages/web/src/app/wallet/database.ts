import { COLLECTIONS } from '@attestel/openid/wallet';

const NAME = 'attestel-wallet';
/** Raised whenever a store is added. */
const VERSION = 2;
export const KEYS = 'keys';

/** Opens the wallet's database: a store per collection, and one for keys that scripts cannot read. */
export function openDatabase(name = NAME): Promise<IDBDatabase> {
  const request = indexedDB.open(name, VERSION);
  request.onupgradeneeded = () => {
    const { result } = request;
    const missing = [...COLLECTIONS, KEYS].filter((store) => !result.objectStoreNames.contains(store));
    for (const store of missing) result.createObjectStore(store, store === KEYS ? {} : { keyPath: 'id' });
  };
  return settled(request);
}

export function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('indexedDB request failed'));
  });
}

/** Runs writes in one transaction; resolves when the browser says that they are on disk. */
export function written(
  database: IDBDatabase,
  stores: readonly string[],
  work: (transaction: IDBTransaction) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction([...stores], 'readwrite', { durability: 'strict' });
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error ?? new Error('indexedDB write failed'));
    transaction.onabort = () => reject(transaction.error ?? new Error('indexedDB write aborted'));
    work(transaction);
  });
}
