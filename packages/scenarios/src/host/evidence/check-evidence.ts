import { type AppError, equalBytes, type JsonValue } from '@attestel/core';
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
  const counts = { checked: 0, unchecked: 0, gap: 0 };
  const states = new Map<string, JsonValue>();
  for (const [number, shown] of lines.entries()) {
    const onLedger = parts.view.line(channel, shown.line);
    if (!onLedger) throw forged(number, 'no_line');
    // On a state with gaps nothing can be decided again, nor for a third one what its parties let stand.
    const isOpen = counts.gap === 0 && !laterResolved(parts, evidence, number);
    const step = { channel, module: name, id, number, shown, onLedger, row };
    const done = await folded(parts, module, step, isOpen ? reads : undefined);
    counts[done.verdict] += 1;
    row = done.row;
    if (row) states.set(shown.line, row.state);
  }
  if (!row) throw forged(lines.length - 1, 'events');
  const { gap: gaps, unchecked } = counts;
  return { channel, module, id, state: row.state, head: row.head, states, gaps, unchecked };
}

interface Folded {
  readonly row: ObjectRow | undefined;
  readonly verdict: 'checked' | 'unchecked' | 'gap';
}

const folded = async (
  parts: HostParts,
  module: Module,
  step: Step,
  reads: PastReads | undefined,
): Promise<Folded> =>
  step.shown.kept
    ? proved(parts, { ...step, kept: step.shown.kept }, reads)
    : { row: stubbed(module, step), verdict: 'gap' };

const [UNKNOWN_LINE, LEFT_OUT] = ['line_unknown', 'left_out'];

/** Whether evidence would be as it should be at a node that is a few lines ahead of this one, or behind it. */
export const isOfAnotherHead = ({ extra: { why } }: AppError): boolean =>
  why === UNKNOWN_LINE || why === LEFT_OUT;

/** Neither a line more, nor one less, nor another order. */
function assertWhole({ view }: HostParts, { channel, module, id, lines }: ObjectEvidence): void {
  const ref = refOfObject(module, id);
  const count = view.head(channel, ref)?.count ?? 0;
  if (count === 0) throw fail('not_found', { field: '/id' });
  const odd = lines.findIndex(({ line }, i) => view.lineAt(channel, ref, i + 1) !== line);
  // At the end it may also be that one of both nodes is behind the other.
  if (odd >= 0) throw forged(odd, odd < count ? 'line' : UNKNOWN_LINE);
  if (lines.length !== count) throw forged(lines.length, LEFT_OUT);
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
  reads: PastReads | undefined,
): Promise<Folded> {
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
  const past = { channel, line, kept, module, id, row };
  const again = reads ? await decideAgain(parts, past, reads) : 'unchecked';
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

/** Whether its parties agreed later to let a disputed line stand. */
const laterResolved = ({ view }: HostParts, { channel, lines }: ObjectEvidence, number: number): boolean =>
  lines.slice(number + 1).some(({ line }) => (view.line(channel, line)?.resolved.length ?? 0) > 0);
