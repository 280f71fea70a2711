import { type Bytes, equalBytes, toHex } from '@attestel/core';
import type { ApplyContext, Operation, State } from '@attestel/ledger';
import { hasSigned } from '../channels/standing.ts';
import { fail } from '../errors.ts';
import type { DecideHead, DeciderContext } from './decider.ts';
import { deciderContextOf } from './decider-context.ts';
import { assertMayBePrivate, type Deciders, sharedDecider } from './deciders.ts';
import type { LineBody } from './line.schema.ts';
import {
  readLineHead,
  readObject,
  writeEvents,
  writeLine,
  writeLineHead,
  writeLineId,
  writeObject,
} from './records.ts';
import { type ActingKeys, type CountParties, createPartyCount, withoutWriter } from './rule.ts';
import { runDecider } from './run-decider.ts';
import { assertTokens, moveTokens, sharedTokens } from './tokens.ts';
import type { LineHead, Rule } from './types.ts';

export interface LineChange {
  readonly state: State;
  readonly operation: Operation;
  readonly body: LineBody;
  readonly context: ApplyContext;
  readonly actingKeys: ActingKeys;
  readonly deciders: Deciders;
}

type Head = LineBody['heads'][number];

interface Moved {
  readonly head: Head;
  /** Undefined: the line begins the object. */
  readonly before: LineHead | undefined;
}

/** Moves every head of the line or, by throwing, none. @throws AppError */
export function applyLine(change: LineChange): void {
  const { state, operation, body, context } = change;
  const count = createPartyCount(operation.payload.actor, context, change.actingKeys);
  const moved = body.heads.map((head, i): Moved => {
    const before = readLineHead(state, context.ns, head.ref);
    assertNext(head, before, i);
    if (before) assertRule(before, { head, count, field: `/heads/${i}` });
    return { head, before };
  });
  if (body.shared === null) assertPrivate(change, moved);
  else executeShared(change, moved);
  moveTokens(state, context.ns, { id: operation.id, body });
  writeHeads(change, moved);
}

/** Two lines that follow the same one cannot both stand: nobody holds two histories of one object. */
function assertNext({ prevHead }: Head, before: LineHead | undefined, i: number): void {
  const isNext = before ? prevHead !== null && equalBytes(prevHead, before.line) : prevHead === null;
  if (isNext) return;
  const extra = before && { head: toHex(before.line) };
  throw fail('line_head_conflict', { field: `/heads/${i}/prevHead`, ...(extra && { extra }) });
}

/**
 * A new rule asks for as many as would settle a dispute: else whoever moves the object alone could write what the
 * others disagree with and, by the same line, take away their say.
 */
function assertRule(
  { rule, dispute }: LineHead,
  { head, count, field }: { head: Head; count: CountParties; field: string },
): void {
  const needed = dispute || head.rule ? rule.resolution : rule.threshold;
  const signed = count(head.rule ? withoutWriter(rule) : rule);
  if (signed < needed) throw fail('line_rule_unmet', { field, extra: { signed, needed } });
}

/** Objects that nodes decide on move by commands that nodes decided on. */
function assertPrivate({ body, context, deciders }: LineChange, moved: readonly Moved[]): void {
  const { moduleDigest: digest } = body;
  if (digest !== null) assertMayBePrivate(deciders, context.read, { ns: context.ns, digest });
  moved.forEach(({ before }, i) => {
    if (before && before.shared !== null) throw fail('line_execution', { field: `/heads/${i}` });
  });
}

function executeShared(change: LineChange, moved: readonly Moved[]): void {
  const { state, body, context, deciders, operation } = change;
  const { ns } = context;
  const digest = body.moduleDigest as Bytes; // by its schema
  const decider = sharedDecider(deciders, context.read, { ns, digest });
  const goesOn = (before: LineHead): boolean =>
    before.shared !== null &&
    (equalBytes(before.shared, digest) || decider.declaration.succeeds.includes(toHex(before.shared)));
  moved.forEach(({ before }, i) => {
    if (before && !goesOn(before)) throw fail('line_execution', { field: `/heads/${i}` });
  });
  const { events, states } = runDecider(decider, {
    heads: body.heads.map(decideHead),
    states: moved.map(({ head }) => readObject(state, ns, head.ref)),
    command: (body.shared as NonNullable<LineBody['shared']>).payload,
    context: contextOf(change),
  });
  assertTokens(body, sharedTokens(ns, decider.declaration.name, events));
  writeEvents(state, ns, operation.id, events);
  moved.forEach(({ head }, i) => {
    writeObject(state, ns, head.ref, states[i] ?? null);
  });
}

const decideHead = ({ ref, rule }: Head): DecideHead => ({
  ref: toHex(ref),
  rule: rule && { ...rule, keys: rule.keys.map(toHex) },
});

function contextOf({ operation, context }: LineChange): DeciderContext {
  const { ns, height, time, read } = context;
  const { actor } = operation.payload;
  return deciderContextOf({
    ...{ channel: ns, actor, height, time, read },
    signedBy: (did) => hasSigned(context, did),
  });
}

function writeHeads({ state, operation, body, context }: LineChange, moved: readonly Moved[]): void {
  const { ns, height, time } = context;
  const { id, payload } = operation;
  for (const { head, before } of moved) {
    const number = (before?.count ?? 0) + 1;
    writeLineHead(state, ns, head.ref, {
      line: id,
      count: number,
      // Its schema: the first line of an object carries a rule.
      rule: (head.rule ?? before?.rule) as Rule,
      shared: body.shared === null ? null : body.moduleDigest,
      dispute: null,
    });
    writeLineId(state, ns, { ref: head.ref, number, id });
  }
  writeLine(state, ns, id, {
    actor: payload.actor,
    height,
    time,
    moduleDigest: body.moduleDigest,
    digest: body.digest,
    batch: body.batch,
    refs: moved.map(({ head }) => head.ref),
    resolved: moved.flatMap(({ before }) => (before?.dispute ? [before.dispute.operation] : [])),
  });
}
