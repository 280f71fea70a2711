import type { StoredCard, StoredCopy } from '../storage/wallet-storage.ts';
import type { Card, CardState } from '../types.ts';

/** With this many fresh copies left, or this much life, the wallet asks to renew. */
const FEW_COPIES = 2;
const RENEW_BEFORE_SECONDS = 3 * 24 * 3600;

/** Copies that can still be shown, the fresh ones first, then the least used, oldest first. */
export function usableCopies(copies: readonly StoredCopy[], now: number): StoredCopy[] {
  return copies
    .filter((copy) => copy.expiresAt > now)
    .sort((a, b) => a.uses - b.uses || a.expiresAt - b.expiresAt || (a.id < b.id ? -1 : 1));
}

/** What the pages show of a card. */
export function toCardView(stored: StoredCard, copies: readonly StoredCopy[], now: number): Card {
  const usable = usableCopies(copies, now);
  const fresh = usable.filter((copy) => copy.uses === 0).length;
  const validUntil = Math.max(0, ...copies.map((copy) => copy.expiresAt));
  const state = stateOf(usable.length, fresh, copies.length);
  return {
    id: stored.id,
    operator: stored.operator,
    vct: stored.vct,
    maskedNumber: stored.maskedNumber,
    addedAt: stored.addedAt,
    validUntil,
    copiesLeft: fresh,
    copiesTotal: copies.length,
    state,
    renew: state !== 'ready' || validUntil - now < RENEW_BEFORE_SECONDS,
  };
}

function stateOf(usable: number, fresh: number, total: number): CardState {
  if (usable === 0) return 'expired';
  if (fresh === 0) return 'reusing';
  return fresh <= Math.min(FEW_COPIES, total - 1) ? 'few-copies' : 'ready';
}
