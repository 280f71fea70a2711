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
import type { ObjectName, ObjectRow } from '../store/object-rows.ts';
import { decideAgain, type NotChecked, type PastReads } from './decide-again.ts';
import type { EvidenceLine, ObjectEvidence } from './object-evidence.ts';
import { createPause, type Pause } from './turns.ts';

/** An object as the lines of the ledger at this node make it. */
export interface ProvedObject {
  readonly channel: string;
  readonly module: Module;
  readonly id: string;
  readonly state: JsonValue;
  /** Hex. */
  readonly head: string;
  /** Lines whose payload was not shown: erased, it is said. What they did is not in the state. */
  readonly gaps: number;
  /** Lines that could not be decided again, gaps among them: one entry for each reason. */
  readonly unchecked: readonly Unchecked[];
}

/** Lines of one object that could not be decided again for one reason. */
export interface Unchecked {
  readonly why: NotChecked;
  /** The first of them, hex. */
  readonly line: string;
  readonly lines: number;
}

/** Evidence whose lines are fetched one after another. */
export type EvidenceSource = Omit<ObjectEvidence, 'v' | 'lines'> & {
  readonly lines: Iterable<EvidenceLine>;
};

export interface Checking {
  readonly reads?: PastReads;
  readonly pause?: Pause;
  /** Filled with the state after each line, by the line, oldest first. */
  readonly states?: Map<string, JsonValue>;
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
  { pause = createPause(), ...checking }: Checking = {},
): Promise<ProvedObject> {
  await assertWhole(parts, evidence, pause);
  return checkLines(parts, evidence, { ...checking, pause });
}

/** The same of the lines that are given, which are the object's first ones. @throws AppError evidence_forged */
export async function checkLines(
  parts: HostParts,
  { channel, module: name, id, lines }: EvidenceSource,
  { reads = NOTHING, pause = createPause(), states }: Checking,
): Promise<ProvedObject> {
  const { module } = parts.modules.named(name);
  const letStand = await lastLetStand(parts, { channel, module: name, id }, pause);
  let row: ObjectRow | undefined;
  let [number, gaps] = [0, 0];
  const unchecked = new Map<NotChecked, Unchecked>();
  for (const shown of lines) {
    const { line } = shown;
    const onLedger = parts.view.line(channel, line);
    if (!onLedger) throw forged(number, 'no_line');
    const step = { channel, module: name, id, number, shown, onLedger, row };
    // On a state with gaps nothing can be decided again, nor for a third one what its parties let stand.
    const settled = number < letStand ? 'let_stand' : reads;
    const done = await folded(parts, module, step, gaps > 0 ? 'after_erased' : settled);
    row = done.row;
    if (row) states?.set(line, row.state);
    if (!shown.kept) gaps += 1;
    if (done.why) countUnchecked(unchecked, done.why, line);
    number += 1;
    await pause();
  }
  if (!row) throw forged(Math.max(number - 1, 0), 'events');
  const { state, head } = row;
  return { channel, module, id, state, head, gaps, unchecked: [...unchecked.values()] };
}

function countUnchecked(unchecked: Map<NotChecked, Unchecked>, why: NotChecked, line: string): void {
  const before = unchecked.get(why) ?? { why, line, lines: 0 };
  unchecked.set(why, { ...before, lines: before.lines + 1 });
}

interface Folded {
  readonly row: ObjectRow | undefined;
  /** Why it was not decided again. */
  readonly why: NotChecked | undefined;
}

const folded = async (
  parts: HostParts,
  module: Module,
  step: Step,
  reads: PastReads | NotChecked,
): Promise<Folded> =>
  step.shown.kept
    ? proved(parts, { ...step, kept: step.shown.kept }, reads)
    : { row: stubbed(module, step), why: 'erased' };

const [UNKNOWN_LINE, LEFT_OUT] = ['line_unknown', 'left_out'];

/** Whether evidence would be as it should be at a node that is a few lines ahead of this one, or behind it. */
export const isOfAnotherHead = ({ extra: { why } }: AppError): boolean =>
  why === UNKNOWN_LINE || why === LEFT_OUT;

/** Neither a line more, nor one less, nor another order. */
async function assertWhole(
  { view }: HostParts,
  { channel, module, id, lines }: ObjectEvidence,
  pause: Pause,
): Promise<void> {
  const ref = refOfObject(module, id);
  const count = view.head(channel, ref)?.count ?? 0;
  if (count === 0) throw fail('not_found', { field: '/id' });
  for (const [i, { line }] of lines.entries()) {
    // At the end it may also be that one of both nodes is behind the other.
    if (view.lineAt(channel, ref, i + 1) !== line) throw forged(i, i < count ? 'line' : UNKNOWN_LINE);
    await pause();
  }
  if (lines.length < count) throw forged(lines.length, LEFT_OUT);
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
  reads: PastReads | NotChecked,
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
  const again = typeof reads === 'string' ? { unchecked: reads } : await decideAgain(parts, past, reads);
  if ('fault' in again) throw forged(number, again.fault);
  const { time } = onLedger;
  const receivers = receiversOf(parts, channel, payload.parties);
  const why = 'unchecked' in again ? again.unchecked : undefined;
  const folding = { module, payload, line, time, receivers, checked: why === undefined };
  return { row: nextRows(folding, new Map([[id, row]])).get(id), why };
}

function stubbed(module: Module, { id, shown, onLedger, row }: Step): ObjectRow {
  const { actor: party, time } = onLedger;
  const state = foldErased(module, row?.state, { object: id, party, time });
  const kept = row ?? { complete: [], given: [], unchecked: false, generation: 0 };
  return { ...kept, head: shown.line, count: (row?.count ?? 0) + 1, state };
}

/** How many of the object's lines, from the first on, its parties agreed later to let stand. */
async function lastLetStand(
  { view }: HostParts,
  { channel, module, id }: ObjectName,
  pause: Pause,
): Promise<number> {
  const ref = refOfObject(module, id);
  for (let number = view.head(channel, ref)?.count ?? 0; number > 1; number -= 1) {
    const line = view.lineAt(channel, ref, number);
    if (line && (view.line(channel, line)?.resolved.length ?? 0) > 0) return number - 1;
    await pause();
  }
  return 0;
}
