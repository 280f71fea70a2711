import { COLLECTIONS } from '@attestel/openid/wallet';
import { settled } from '../../storage/indexed-db.ts';

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
