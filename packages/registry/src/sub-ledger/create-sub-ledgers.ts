import type { Ledger } from '@attestel/ledger';
import { listSubLedgers, readAnchor, readSubLedger, SUB_LEDGER_MODULE } from './records.ts';
import type { Anchor, SubLedger } from './types.ts';

/** Anchors that one answer holds, at most. */
const MAX_ANCHORS = 1000;

/** What the parent ledger says about its sub-ledgers, at the last block. */
export interface SubLedgers {
  subLedger(origin: string): SubLedger | undefined;
  subLedgers(): readonly SubLedger[];
  /** The newest {@link MAX_ANCHORS}, largest first. */
  lastAnchors(origin: string): readonly Anchor[];
  anchorAt(origin: string, size: number): Anchor | undefined;
}

export function createSubLedgers(ledger: Pick<Ledger, 'state'>): SubLedgers {
  const state = () => ledger.state(SUB_LEDGER_MODULE);
  return {
    subLedger: (origin) => readSubLedger(state(), origin),
    subLedgers: () => listSubLedgers(state()),
    lastAnchors(origin) {
      const reader = state();
      const anchors: Anchor[] = [];
      let next = readSubLedger(reader, origin)?.anchor ?? undefined;
      while (next && anchors.length < MAX_ANCHORS) {
        anchors.push(next);
        next = next.previous === null ? undefined : readAnchor(reader, origin, next.previous);
      }
      return anchors;
    },
    anchorAt: (origin, size) => readAnchor(state(), origin, size),
  };
}
