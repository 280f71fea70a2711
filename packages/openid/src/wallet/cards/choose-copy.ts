import type { StoredCopy } from '../storage/wallet-storage.ts';
import { usableCopies } from './card-view.ts';

/**
 * The copy to show. Each is shown once. When none is fresh, renewing is what the person should do; until
 * then a used copy serves, with notice: first one that this verifier has seen before, since showing it
 * again tells the verifier least, then the least used.
 */
export function chooseCopy(
  copies: readonly StoredCopy[],
  clientId: string,
  now: number,
): StoredCopy | undefined {
  const usable = usableCopies(copies, now);
  const [best] = usable;
  if (best === undefined || best.uses === 0) return best;
  return usable.find((copy) => copy.seenBy.includes(clientId)) ?? best;
}
