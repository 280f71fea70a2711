import type { Line } from '@attestel/registry';
import { foldErased } from '../commands/fold-events.ts';
import type { HostParts } from '../host-parts.ts';
import { type ObjectName, readStoredRow, writeObjectRow } from '../store/object-rows.ts';

/** Folds a line whose payload was erased before it came here. @returns the object, for what comes after it */
export async function foldStub(
  parts: HostParts,
  { line, onLedger, ...name }: ObjectName & { readonly line: string; readonly onLedger: Line },
): Promise<readonly string[]> {
  const { module } = parts.modules.named(name.module);
  const { actor: party, time } = onLedger;
  await parts.store.transact((writer) => {
    const before = readStoredRow(writer, parts.vault, name);
    const row = before?.row;
    const state = foldErased(module, row?.state, { object: name.id, party, time });
    const kept = row ?? { complete: [], given: [], unchecked: false, generation: 0 };
    const next = { ...kept, head: line, count: (row?.count ?? 0) + 1, state };
    writeObjectRow(writer, parts, name, { row: next, before });
  });
  return [name.id];
}
