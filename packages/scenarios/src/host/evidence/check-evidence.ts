import { equalBytes, isAppError, type JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { Module } from '../../module/module.ts';
import { isByAuthor } from '../blind/author-proof.ts';
import { foldErased } from '../commands/fold-events.ts';
import { receiversOf } from '../fold/fold-line.ts';
import { nextRows } from '../fold/next-rows.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { hasItsItems } from '../payload/batch-items.ts';
import { commitmentOf } from '../payload/commitment-of.ts';
import type { Kept } from '../payload/payload.schema.ts';
import { shapeFaults } from '../receive/check-shape.ts';
import type { ObjectRow } from '../store/object-rows.ts';
import { decideAgain, type PastReads } from './decide-again.ts';
import type { EvidenceLine, ObjectEvidence } from './object-evidence.ts';

/** An object as the lines of the ledger at this node make it. */
export interface ProvedObject {
  readonly channel: string;
  readonly module: Module;
  readonly id: string;
  readonly state: JsonValue;
  /** Hex. */
  readonly head: string;
  /** The state after each line, by the line, oldest first. */
  readonly states: ReadonlyMap<string, JsonValue>;
  /** Block times of its lines, unix seconds. */
  readonly times: readonly number[];
  /** Lines whose payload was not shown: erased, it is said. What they did is not in the state. */
  readonly gaps: number;
  /** Lines that could not be decided again, since something that they looked at is not here. */
  readonly unchecked: number;
}

const NOTHING: PastReads = async () => 'unknown';

type Line = NonNullable<ReturnType<HostParts['view']['line']>>;

/**
 * Makes an object from evidence, by the ledger at this node alone: all its lines and no other, each payload opens the
 * digest of its line, and each command, done again, gives what its payload says. Nothing that is kept here is used.
 * @throws AppError evidence_forged with the place in `field` and why, not_found where the ledger has no such object
 */
export async function checkEvidence(
  parts: HostParts,
  evidence: ObjectEvidence,
  reads: PastReads = NOTHING,
): Promise<ProvedObject> {
  const { channel, module: name, id, lines } = evidence;
  const { module } = parts.modules.named(name);
  assertWhole(parts, evidence);
  let row: ObjectRow | undefined;
  let [gaps, unchecked] = [0, 0];
  const states = new Map<string, JsonValue>();
  const times: number[] = [];
  for (const [number, shown] of lines.entries()) {
    const onLedger = parts.view.line(channel, shown.line);
    if (!onLedger) throw forged(number, 'no_line');
    const step = { channel, module: name, id, number, shown, onLedger, row };
    const isSettled = laterResolved(parts, evidence, number);
    const done = shown.kept
      ? await proved(parts, { ...step, kept: shown.kept }, isSettled ? NOTHING : reads)
      : { row: stubbed(module, step), verdict: 'gap' as const };
    row = done.row;
    if (done.verdict === 'gap') gaps += 1;
    if (done.verdict === 'unchecked') unchecked += 1;
    if (row) states.set(shown.line, row.state);
    times.push(onLedger.time);
  }
  if (!row) throw forged(lines.length - 1, 'events');
  return { channel, module, id, state: row.state, head: row.head, states, times, gaps, unchecked };
}

/** Neither a line more, nor one less, nor another order. */
function assertWhole({ view }: HostParts, { channel, module, id, lines }: ObjectEvidence): void {
  const ref = refOfObject(module, id);
  const count = view.head(channel, ref)?.count ?? 0;
  if (count === 0) throw fail('not_found', { field: '/id' });
  const odd = lines.findIndex(({ line }, i) => view.lineAt(channel, ref, i + 1) !== line);
  if (odd >= 0) throw forged(odd, 'line');
  if (lines.length !== count) throw forged(lines.length, 'left_out');
}

interface Step {
  readonly channel: string;
  readonly module: string;
  readonly id: string;
  readonly number: number;
  readonly shown: EvidenceLine;
  readonly onLedger: Line;
  /** The object at the line before. */
  readonly row: ObjectRow | undefined;
}

const forged = (number: number, why: string) =>
  fail('evidence_forged', { field: `/lines/${number}`, extra: { why } });

async function proved(
  parts: HostParts,
  { channel, module: name, id, number, shown, onLedger, row, kept }: Step & { readonly kept: Kept },
  reads: PastReads,
): Promise<{ readonly row: ObjectRow | undefined; readonly verdict: 'checked' | 'unchecked' }> {
  const { payload } = kept;
  const digest = commitmentOf(kept);
  if (!equalBytes(digest, onLedger.digest)) throw forged(number, 'digest');
  if (!hasItsItems(kept)) throw forged(number, 'items');
  const { module } = parts.modules.find(payload.module);
  if (module.name !== name) throw forged(number, 'module');
  if (module.blind && !isByAuthor(parts, kept, digest)) throw forged(number, 'proof');
  const [fault] = shapeFaults(payload, onLedger, { name, author: module.blind ? onLedger.actor : null });
  if (fault !== undefined) throw forged(number, fault);
  const { line } = shown;
  const again = await decideAgain(parts, { channel, line, kept, module, id, row }, reads).catch(
    (error: unknown) => {
      if (!isAppError(error)) throw error;
      return error.code;
    },
  );
  if (again !== 'checked' && again !== 'unchecked') throw forged(number, again);
  const { time } = onLedger;
  const receivers = receiversOf(parts, channel, payload.parties);
  const checked = again === 'checked';
  const folding = { module, payload, line, time, receivers, checked };
  return { row: nextRows(folding, new Map([[id, row]])).get(id), verdict: again };
}

function stubbed(module: Module, { id, shown, onLedger, row }: Step): ObjectRow {
  const { actor: party, time } = onLedger;
  const state = foldErased(module, row?.state, { object: id, party, time });
  const kept = row ?? { complete: [], given: [], unchecked: false, generation: 0 };
  return { ...kept, head: shown.line, count: (row?.count ?? 0) + 1, state };
}

/** Whether its parties agreed later to let a disputed line stand: then it is not for a third one to judge. */
const laterResolved = ({ view }: HostParts, { channel, lines }: ObjectEvidence, number: number): boolean =>
  lines.slice(number + 1).some(({ line }) => (view.line(channel, line)?.resolved.length ?? 0) > 0);
