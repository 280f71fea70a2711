import { type Bytes, toHex } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { PKI_MODULE } from '../state/records.ts';
import { notGoodIndices, readStatusRoot } from '../state/status-bits.ts';
import { encodeStatusSet } from './status-set.ts';

/** Sets of the newest changes: a checkpoint that enough have cosigned is some blocks behind the head. */
const MAX_KEPT = 16;

/**
 * The whole status set as a node serves it, encoded once for each change.
 * @returns the set with a root, undefined for one that is not among the newest
 */
export function createStatusSetSource(
  ledger: Pick<Ledger, 'state' | 'onBlock'>,
): (root: Bytes) => Bytes | undefined {
  const sets = new Map<string, Bytes>();
  const keep = (): void => {
    const state = ledger.state(PKI_MODULE);
    const name = toHex(readStatusRoot(state));
    if (sets.has(name)) return;
    const notGood = notGoodIndices(state);
    // No further than the last one: certificates that are published later do not change the set.
    sets.set(name, encodeStatusSet((notGood.at(-1) ?? -1) + 1, notGood));
    for (const oldest of sets.keys()) {
      if (sets.size <= MAX_KEPT) break;
      sets.delete(oldest);
    }
  };
  ledger.onBlock(keep);
  return (root) => {
    keep();
    return sets.get(toHex(root));
  };
}
