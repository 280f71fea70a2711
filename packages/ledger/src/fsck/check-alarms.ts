import type { StoreReader } from '@attestel/core';
import { parseNote } from '@attestel/proof';
import { type Alarm, decodeAlarm } from '../follow/evidence.ts';
import { TABLES } from '../tables.ts';
import { numberOf, parsed, StoreFault } from './store-fault.ts';

/**
 * Alarms are numbered from 1 without gaps, since an operator acknowledges all up to a number, and each holds evidence whose
 * notes can be read. Returns how many there are. @throws StoreFault
 */
export function checkAlarms(store: StoreReader): number {
  let last = 0;
  for (const [key, bytes] of store.range(TABLES.alarms)) {
    const id = numberOf(TABLES.alarms, `alarm ${last + 1}`, key);
    const at = `alarm ${id}`;
    if (id !== last + 1) throw new StoreFault(TABLES.alarms, `alarm ${last + 1}`, 'is missing');
    const alarm = parsed(TABLES.alarms, at, () => decodeAlarm(bytes));
    if (alarm.id !== id) throw new StoreFault(TABLES.alarms, at, 'bears another number');
    for (const note of parsed(TABLES.alarms, at, () => notesOf(alarm)))
      parsed(TABLES.alarms, at, () => parseNote(note));
    last = id;
  }
  return last;
}

/** @throws TypeError for what no follower wrote */
function notesOf({ time, shownBy, evidence }: Alarm): readonly string[] {
  const isTold = Number.isSafeInteger(time) && typeof shownBy === 'string';
  if (isTold && evidence.kind === 'two-checkpoints') return [evidence.first, evidence.second];
  if (isTold && evidence.kind === 'inconsistent') return [evidence.older, evidence.newer];
  if (isTold && evidence.kind === 'bad-block') return [evidence.note];
  throw new TypeError('no alarm');
}
