import type { Bytes } from '@attestel/core';
import type { State } from '@attestel/ledger';
import {
  type AnchorRecord,
  type BatchRecord,
  type PkiState,
  readPastSuspension,
  type Suspension,
  writePastSuspension,
} from './records.ts';

type Suspended = Pick<AnchorRecord | BatchRecord, 'suspended' | 'lifted'>;

/** Ends the suspension of an anchor or a batch; that there was one is kept, so that any day can be answered and proven. */
export function liftSuspension(
  state: State,
  id: Bytes,
  { suspended, lifted }: Suspended,
  time: number,
): Suspended {
  if (!suspended) return { suspended, lifted };
  writePastSuspension(state, id, lifted + 1, { ...suspended, ended: time });
  return { suspended: null, lifted: lifted + 1 };
}

/** The suspension that an anchor or a batch was under at a time, also one that was lifted since. */
export function suspensionAt(
  state: PkiState,
  id: Bytes,
  { suspended, lifted }: Suspended,
  at: number,
): Suspension | null {
  if (suspended && suspended.since <= at) return suspended;
  let low = 1;
  let high = lifted + 1;
  // The first that was lifted after `at` is the only one that can have held then.
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((readPastSuspension(state, id, middle)?.ended ?? Number.POSITIVE_INFINITY) > at) high = middle;
    else low = middle + 1;
  }
  const past = low > lifted ? undefined : readPastSuspension(state, id, low);
  return past && past.since <= at ? past : null;
}
