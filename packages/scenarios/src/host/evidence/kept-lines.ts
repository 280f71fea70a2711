import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import type { Kept } from '../payload/payload.schema.ts';
import type { ObjectName } from '../store/object-rows.ts';
import { openKept, readPayloadRecord } from '../store/payload-records.ts';
import type { EvidenceLine } from './object-evidence.ts';

/** Numbers of lines of an object, from 1, both inclusive. */
export interface Lines {
  readonly from: number;
  readonly to: number;
}

/** Lines that the ledger has of an object. */
export const countOf = ({ view }: HostParts, { channel, module, id }: ObjectName): number =>
  view.head(channel, refOfObject(module, id))?.count ?? 0;

/** What this party keeps of an object’s lines, one after another as they are asked for. */
export function* keptLines(
  parts: HostParts,
  name: ObjectName,
  { from, to }: Lines,
  mayShow: (kept: Kept) => boolean = () => true,
): Iterable<EvidenceLine> {
  const ref = refOfObject(name.module, name.id);
  for (let number = from; number <= to; number += 1) {
    const line = parts.view.lineAt(name.channel, ref, number) ?? '';
    const sealed = readPayloadRecord(parts.store, line)?.sealed;
    const kept = sealed ? openKept(parts.vault, line, sealed) : null;
    yield { line, kept: kept && mayShow(kept) ? kept : null };
  }
}

/** How much this party keeps of one line, bytes: nearly the length of its JSON. */
export function keptBytes({ view, store }: HostParts, name: ObjectName, number: number): number {
  const line = view.lineAt(name.channel, refOfObject(name.module, name.id), number);
  return (line && readPayloadRecord(store, line)?.sealed?.length) || 0;
}
