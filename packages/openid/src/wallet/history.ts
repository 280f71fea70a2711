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
  return entries.sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** The changes that append an entry and drop the oldest beyond the limit; the caller writes them. */
export async function historyChanges(
  entry: Pick<HistoryEntry, 'kind'> & Partial<Omit<HistoryEntry, 'id' | 'at' | 'kind'>>,
  ports: HistoryPorts,
): Promise<Change[]> {
  const past = await listHistory(ports.storage);
  const at = unixSeconds(ports.clock);
  // Numbered, so that the order does not hang on the clock; random, so that two at once do not collide.
  const number = Number(past[0]?.id.split('-', 1)[0] ?? 0) + 1;
  const id = `${String(number).padStart(8, '0')}-${toBase64url(ports.random.bytes(6))}`;
  const put = { cardId: null, operator: null, asker: null, claims: [], ...entry, id, at };
  const surplus = past.slice(MAX_ENTRIES - 1);
  return [
    { collection: 'history', put },
    ...surplus.map(({ id }) => ({ collection: 'history', delete: id }) as const),
  ];
}
