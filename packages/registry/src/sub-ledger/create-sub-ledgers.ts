import type { Ledger } from '@attestel/ledger';
import { listAnchors, listSubLedgers, readAnchor, readSubLedger, SUB_LEDGER_MODULE } from './records.ts';
import type { Anchor, SubLedger } from './types.ts';

/** Anchors that one answer holds, at most. */
export const MAX_ANCHORS = 1000;

/** What the parent ledger says about its sub-ledgers, at the last block. */
export interface SubLedgers {
  subLedger(origin: string): SubLedger | undefined;
  subLedgers(): readonly SubLedger[];
  /** Smallest first. */
  anchors(origin: string): Iterable<Anchor>;
  /** The newest {@link MAX_ANCHORS}, largest first. */
  lastAnchors(origin: string): readonly Anchor[];
  anchorAt(origin: string, size: number): Anchor | undefined;
}

export function createSubLedgers(ledger: Pick<Ledger, 'state'>): SubLedgers {
  const state = () => ledger.state(SUB_LEDGER_MODULE);
  return {
    subLedger: (origin) => readSubLedger(state(), origin),
    subLedgers: () => listSubLedgers(state()),
    anchors: (origin) => listAnchors(state(), origin),
    lastAnchors: (origin) => [...listAnchors(state(), origin)].slice(-MAX_ANCHORS).reverse(),
    anchorAt: (origin, size) => readAnchor(state(), origin, size),
  };
}
