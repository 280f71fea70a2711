import type { SeenObject } from '../commands/load-objects.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { isOver } from '../receive/seen-before.ts';
import { hasGap, type ObjectName } from '../store/object-rows.ts';
import { checkEvidence, type ProvedObject } from './check-evidence.ts';
import type { PastDecision, PastReads } from './decide-again.ts';
import type { ObjectEvidence } from './object-evidence.ts';

/** Reads from evidence of the objects that were read, each proved once. @throws AppError evidence_forged */
export function provedReads(
  parts: HostParts,
  find: (name: ObjectName) => ObjectEvidence | undefined,
): PastReads {
  const proved = new Map<string, Promise<ProvedObject | undefined>>();
  const prove = (name: ObjectName): Promise<ProvedObject | undefined> => {
    const key = `${name.channel}|${name.module}|${name.id}`;
    const known = proved.get(key);
    if (known) return known;
    // An object that reads itself by detours is not proved by it.
    proved.set(key, Promise.resolve(undefined));
    const evidence = find(name);
    const fresh = evidence ? checkEvidence(parts, evidence, reads) : Promise.resolve(undefined);
    proved.set(key, fresh);
    return fresh;
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
  prove: (name: ObjectName) => Promise<ProvedObject | undefined>,
): Promise<SeenObject | 'stale' | 'unknown'> {
  const { channel } = decision;
  const object = head === null ? undefined : await prove({ channel, module, id });
  const lines = [...(object?.states.keys() ?? [])];
  const number = head === null ? 0 : lines.indexOf(head) + 1;
  if (head !== null && number === 0) return 'unknown';
  const next = parts.view.lineAt(channel, refOfObject(module, id), number + 1);
  if (isOver(parts, decision, next)) return 'stale';
  const state = head === null ? undefined : object?.states.get(head);
  // What a gap hides may have been the very thing that forbade it.
  if (state !== undefined && hasGap({ state, generation: 0 })) return 'unknown';
  return { module, id, head, state };
}
