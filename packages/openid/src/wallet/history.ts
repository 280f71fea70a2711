import { type Clock, type Random, toBase64url, unixSeconds } from '@attestel/core';
import type { Change, WalletStorage } from './storage/wallet-storage.ts';
import type { HistoryEntry } from './types.ts';

const MAX_ENTRIES = 500;

export interface HistoryPorts {
  readonly storage: WalletStorage;
  readonly clock: Clock;
  readonly random: Random;
}

/** The newest first. */
export async function listHistory(storage: WalletStorage): Promise<readonly HistoryEntry[]> {
  const entries = [...(await storage.list('history'))];
  return entries.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
}

/** The changes that append an entry and drop the oldest beyond the limit; the caller writes them. */
export async function historyChanges(
  entry: Pick<HistoryEntry, 'kind'> & Partial<Omit<HistoryEntry, 'id' | 'at' | 'kind'>>,
  ports: HistoryPorts,
): Promise<Change[]> {
  const at = unixSeconds(ports.clock);
  const id = `${String(at).padStart(12, '0')}-${toBase64url(ports.random.bytes(6))}`;
  const put = { cardId: null, operator: null, asker: null, claims: [], ...entry, id, at };
  const surplus = (await listHistory(ports.storage)).slice(MAX_ENTRIES - 1);
  return [
    { collection: 'history', put },
    ...surplus.map(({ id }) => ({ collection: 'history', delete: id }) as const),
  ];
}
