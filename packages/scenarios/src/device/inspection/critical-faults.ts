import type { JsonValue } from '@attestel/core';
import type { CaseState } from '../../kinds/case.ts';
import type { Row } from '../../module/module.ts';
import type { FaultFacts } from '../modules/device-fault.ts';

/** A critical fault of a device, half-open, unix seconds: until it is mended; null: it is not yet. */
export interface CriticalFault {
  readonly from: number;
  readonly until: number | null;
}

/** Critical faults by device. One that was opened again counts from its beginning: it was not mended. */
export function criticalFaults(
  rows: Iterable<Row<JsonValue>>,
): ReadonlyMap<string, readonly CriticalFault[]> {
  const found = new Map<string, readonly CriticalFault[]>();
  for (const { state } of rows) {
    const fault = state as unknown as CaseState<FaultFacts>;
    const { status, category, facts, begun, resolved } = fault;
    const isOne = status !== 'unknown' && status !== 'cancelled' && category === 'fault';
    if (!isOne || facts.severity !== 'critical') continue;
    found.set(facts.device, [...(found.get(facts.device) ?? []), { from: begun, until: resolved }]);
  }
  return found;
}

/** Whether a device had one at that time. */
export const isCritical = (faults: readonly CriticalFault[] | undefined, time: number): boolean =>
  faults?.some(({ from, until }) => from <= time && (until === null || time < until)) === true;
