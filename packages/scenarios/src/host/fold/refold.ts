import type { StoreReader } from '@attestel/core';
import type { Line } from '@attestel/registry';
import { foldErased } from '../commands/fold-events.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import type { ObjectName, ObjectRow } from '../store/object-rows.ts';
import { openKept, readPayloadRecord } from '../store/payload-records.ts';
import { receiversOf } from './fold-line.ts';
import { nextRows } from './next-rows.ts';

/** Where to stop: after so many lines, and before the first that is later than a time (unix seconds). */
export interface Extent {
  readonly count: number;
  readonly until?: number;
}

/**
 * An object made anew from its lines and payloads; a stub stands for what was erased. Undefined where nothing had
 * happened by then. Credentials and generation are not what it is for.
 */
export function refold(
  parts: HostParts,
  reader: StoreReader,
  name: ObjectName,
  { count, until = Number.POSITIVE_INFINITY }: Extent,
): ObjectRow | undefined {
  const ref = refOfObject(name.module, name.id);
  let row: ObjectRow | undefined;
  for (let number = 1; number <= count; number += 1) {
    const line = parts.view.lineAt(name.channel, ref, number);
    const onLedger = line === undefined ? undefined : parts.view.line(name.channel, line);
    if (line === undefined || !onLedger || onLedger.time > until) break;
    row = step(parts, reader, name, { line, onLedger, row });
  }
  return row;
}

interface Step {
  readonly line: string;
  readonly onLedger: Line;
  readonly row: ObjectRow | undefined;
}

function step(
  parts: HostParts,
  reader: StoreReader,
  name: ObjectName,
  { line, onLedger, row }: Step,
): ObjectRow | undefined {
  const { vault, modules } = parts;
  const record = readPayloadRecord(reader, line);
  if (!record) return row;
  const { time, actor: party } = onLedger;
  if (record.sealed === null) {
    const { module } = modules.named(name.module);
    const state = foldErased(module, row?.state, { object: name.id, party, time });
    const kept = row ?? { complete: [], given: [], unchecked: false, generation: 0 };
    return { ...kept, head: line, count: (row?.count ?? 0) + 1, state };
  }
  const { payload } = openKept(vault, line, record.sealed);
  const { module } = modules.find(payload.module);
  const receivers = receiversOf(parts, name.channel, payload.parties);
  const checked = record.verdict === 'checked';
  return nextRows({ module, payload, line, time, receivers, checked }, new Map([[name.id, row]])).get(
    name.id,
  );
}
