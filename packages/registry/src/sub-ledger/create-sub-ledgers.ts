import type { Ledger } from '@attestel/ledger';
import { listAnchors, listSubLedgers, readAnchor, readSubLedger, SUB_LEDGER_MODULE } from './records.ts';
import type { Anchor, SubLedger } from './types.ts';

/** What the parent ledger says about its sub-ledgers, at the last block. */
export interface SubLedgers {
  subLedger(origin: string): SubLedger | undefined;
  subLedgers(): readonly SubLedger[];
  /** Smallest first. */
  anchors(origin: string): Iterable<Anchor>;
  anchorAt(origin: string, size: number): Anchor | undefined;
}

export function createSubLedgers(ledger: Pick<Ledger, 'state'>): SubLedgers {
  const state = () => ledger.state(SUB_LEDGER_MODULE);
  return {
    subLedger: (origin) => readSubLedger(state(), origin),
    subLedgers: () => listSubLedgers(state()),
    anchors: (origin) => listAnchors(state(), origin),
    anchorAt: (origin, size) => readAnchor(state(), origin, size),
  };
}
