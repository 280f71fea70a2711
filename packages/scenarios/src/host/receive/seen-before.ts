import type { SeenObject } from '../commands/load-objects.ts';
import type { PastDecision } from '../evidence/decide-again.ts';
import { refold } from '../fold/refold.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { sharedStateAfter } from '../shared/shared-objects.ts';
import { hasGap, type ObjectName, readObjectRow } from '../store/object-rows.ts';

/**
 * What a command read, as it was then. `stale`: it read what was no longer so when it was decided; `unknown`: this
 * party does not have it.
 */
export function seenBefore(
  parts: HostParts,
  decision: PastDecision,
): readonly SeenObject[] | 'stale' | 'unknown' {
  const seen: SeenObject[] = [];
  for (const read of decision.kept.payload.reads) {
    const found = seenOne(parts, decision, read);
    if (typeof found === 'string') return found;
    seen.push(found);
  }
  return seen;
}

function seenOne(
  parts: HostParts,
  decision: PastDecision,
  { module, id, head }: { module: string; id: string; head: string | null },
): SeenObject | 'stale' | 'unknown' {
  const { channel } = decision;
  const ref = refOfObject(module, id);
  const name = { channel, module, id };
  if (head !== null && parts.view.head(channel, ref)?.shared) return seenShared(parts, decision, name, head);
  const row = readObjectRow(parts.store, parts.vault, name);
  if (head !== null && !row) return 'unknown';
  if (row && hasGap(row)) return 'unknown';
  const number = head === null ? 0 : numberOf(parts, channel, ref, head, row?.count ?? 0);
  if (number === undefined) return 'unknown';
  if (isOver(parts, decision, parts.view.lineAt(channel, ref, number + 1))) return 'stale';
  const state =
    number === row?.count ? row.state : refold(parts, parts.store, name, { count: number })?.state;
  return { module, id, head, state };
}

/** What nodes execute, each of them has, whoever was given it. */
export function seenShared(
  parts: HostParts,
  decision: PastDecision,
  name: ObjectName,
  head: string,
): SeenObject | 'stale' | 'unknown' {
  const { channel, module, id } = name;
  const found = sharedStateAfter(parts, name, head);
  if (!found) return 'unknown';
  const next = parts.view.lineAt(channel, refOfObject(module, id), found.lines + 1);
  return isOver(parts, decision, next) ? 'stale' : { module, id, head, state: found.state };
}

function numberOf(
  { view }: HostParts,
  channel: string,
  ref: Uint8Array,
  head: string,
  count: number,
): number | undefined {
  for (let number = count; number > 0; number -= 1)
    if (view.lineAt(channel, ref, number) === head) return number;
  return undefined;
}

/** Whether the next line of what was read was there before the decision; one in between both is nobody's fault. */
export function isOver(
  { view }: HostParts,
  { channel, line, kept }: PastDecision,
  next: string | undefined,
): boolean {
  const later = next === undefined ? undefined : view.line(channel, next);
  if (next === undefined || !later) return false;
  const isBefore = (view.indexOf(next) ?? 0) < (view.indexOf(line) ?? Number.POSITIVE_INFINITY);
  return isBefore && later.time < kept.payload.at;
}
