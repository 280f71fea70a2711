import type { JsonValue } from '@attestel/core';
import type { SeenObject } from '../commands/load-objects.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { isOver, seenShared } from '../receive/seen-before.ts';
import { hasGap, type ObjectName } from '../store/object-rows.ts';
import { checkLines, type EvidenceSource } from './check-evidence.ts';
import type { PastDecision, PastReads } from './decide-again.ts';
import { createPause, type Pause } from './turns.ts';

/** States of an object after each of its lines, by the line, oldest first. */
type States = ReadonlyMap<string, JsonValue>;
type Prove = (name: ObjectName) => Promise<States | undefined>;

/**
 * Reads from evidence of the objects that were read, each proved once.
 * @param find undefined where it is not here, or too long to be proved for this
 * @throws AppError evidence_forged
 */
export function provedReads(
  parts: HostParts,
  find: (name: ObjectName) => EvidenceSource | undefined,
  pause: Pause = createPause(),
): PastReads {
  const proved = new Map<string, States | undefined>();
  const proving = new Set<string>();
  const prove: Prove = async (name) => {
    const key = `${name.channel}|${name.module}|${name.id}`;
    // An object that reads itself by detours is not proved by it.
    if (proved.has(key) || proving.has(key)) return proved.get(key);
    const evidence = find(name);
    if (!evidence) return undefined;
    const states = new Map<string, JsonValue>();
    proving.add(key);
    try {
      await checkLines(parts, evidence, { reads, pause, states });
    } finally {
      proving.delete(key);
    }
    proved.set(key, states);
    return states;
  };
  const reads: PastReads = async (decision) => {
    const seen: SeenObject[] = [];
    for (const read of decision.kept.payload.reads) {
      const found = await readOne(parts, decision, read, prove);
      if (typeof found === 'string') return found;
      seen.push(found);
    }
    return seen;
  };
  return reads;
}

async function readOne(
  parts: HostParts,
  decision: PastDecision,
  { module, id, head }: { readonly module: string; readonly id: string; readonly head: string | null },
  prove: Prove,
): Promise<SeenObject | 'stale' | 'unknown'> {
  const { channel } = decision;
  const ref = refOfObject(module, id);
  if (head !== null && parts.view.head(channel, ref)?.shared)
    return seenShared(parts, decision, { channel, module, id }, head);
  const states = head === null ? undefined : await prove({ channel, module, id });
  const lines = [...(states?.keys() ?? [])];
  const number = head === null ? 0 : lines.indexOf(head) + 1;
  if (head !== null && number === 0) return 'unknown';
  const next = parts.view.lineAt(channel, ref, number + 1);
  if (isOver(parts, decision, next)) return 'stale';
  const state = head === null ? undefined : states?.get(head);
  // What a gap hides may have been the very thing that forbade it.
  if (state !== undefined && hasGap({ state, generation: 0 })) return 'unknown';
  return { module, id, head, state };
}
