import { equalBytes } from '@attestel/core';
import type { ApplyContext, LedgerModule, Operation, State } from '@attestel/ledger';
import { fail } from '../errors.ts';
import { parseStrict } from '../rules/parse-strict.ts';
import { REGISTRY_MODULE } from '../state/collections.ts';
import { activeMember, requireAccreditationVotes } from '../state/votes.ts';
import { SUB_LEDGER_BODIES, type SubLedgerBody, type SubLedgerKind } from './bodies.schema.ts';
import { readAnchor, readSubLedger, SUB_LEDGER_MODULE, writeAnchor, writeSubLedger } from './records.ts';
import type { SubLedger } from './types.ts';
import { assertGoesOn, isCosigned, parsePolicyFor, verifyNote } from './verify-note.ts';

interface Change<K extends SubLedgerKind> {
  readonly state: State;
  readonly body: SubLedgerBody<K>;
  readonly operation: Operation;
  readonly context: ApplyContext;
}

const OPERATIONS: { readonly [K in SubLedgerKind]: (change: Change<K>) => void } = {
  register({ state, body: { origin, policy }, context }) {
    requireAccreditationVotes(context.read(REGISTRY_MODULE), context);
    if (readSubLedger(state, origin)) throw fail('sub_ledger_exists', { field: '/origin' });
    writeSubLedger(state, { origin, policy, anchor: null, fork: null });
  },
  /**
   * Also what lets a sub-ledger go on that showed two histories: from the anchored one, and by other cosigners, since
   * whoever has the evidence could else show it again.
   */
  policy({ state, body: { origin, policy }, context }) {
    requireAccreditationVotes(context.read(REGISTRY_MODULE), context);
    const record = known(state, origin);
    if (record.fork && isCosigned({ origin, policy }, record.fork.note)) {
      throw fail('sub_ledger_not_cured', { field: '/policy' });
    }
    writeSubLedger(state, { ...record, policy, fork: null });
  },
  /** By any member: note and proof speak for themselves. */
  anchor({ state, body, operation, context }) {
    const record = running(state, body.origin);
    const { anchor } = record;
    const size = anchor?.size ?? 0;
    if (body.oldSize !== size) throw fail('sub_ledger_size_conflict', { field: '/oldSize', extra: { size } });
    const shown = verifyNote(record, body.note);
    if (shown.size !== body.newSize) throw fail('sub_ledger_body_invalid', { field: '/newSize' });
    if (!equalBytes(shown.root, body.root)) throw fail('sub_ledger_body_invalid', { field: '/root' });
    if (shown.size < size) throw fail('sub_ledger_not_newer', { field: '/newSize', extra: { size } });
    assertGoesOn(anchor, body);
    if (shown.size === size) throw fail('sub_ledger_not_newer', { field: '/newSize', extra: { size } });
    const next = {
      size: shown.size,
      previous: anchor?.size ?? null,
      root: shown.root,
      state: shown.state,
      cosigned: shown.time,
      operation: operation.id,
      time: context.time,
    };
    writeAnchor(state, body.origin, next);
    writeSubLedger(state, { ...record, anchor: next });
  },
  /** A second checkpoint of an anchored size under the same quorum: its cosigners signed two histories. */
  fork({ state, body: { origin, note }, operation, context }) {
    const record = running(state, origin);
    const shown = verifyNote(record, note);
    const anchor = readAnchor(state, origin, shown.size);
    if (!anchor || (equalBytes(shown.root, anchor.root) && equalBytes(shown.state, anchor.state))) {
      throw fail('sub_ledger_no_fork', { field: '/note' });
    }
    const fork = { operation: operation.id, size: shown.size, note, time: context.time };
    writeSubLedger(state, { ...record, fork });
  },
};

/**
 * Ledgers of their own that anchor here. Pure and deterministic; the host has checked the actor's signature and
 * sequence. Every actor is an active member.
 */
export const subLedgerModule: LedgerModule = {
  name: SUB_LEDGER_MODULE,
  ordering: 'actor',
  checkStateless({ payload, attachment }: Operation): void {
    assertSubLedgerKind(payload.kind);
    const body = parseSubLedgerBody(payload.kind, payload.body);
    if ('policy' in body) parsePolicyFor(body.origin, body.policy);
    if (attachment !== null) throw fail('sub_ledger_body_invalid', { field: '/attachment' });
  },
  apply(state, operation, context) {
    const { kind, actor } = operation.payload;
    assertSubLedgerKind(kind);
    const body = parseSubLedgerBody(kind, operation.payload.body);
    activeMember(context.read(REGISTRY_MODULE), context, { did: actor, field: '/actor' });
    (OPERATIONS[kind] as (change: Change<SubLedgerKind>) => void)({ state, body, operation, context });
    return [{ module: SUB_LEDGER_MODULE, type: kind, data: { origin: body.origin } }];
  },
};

export function assertSubLedgerKind(kind: string): asserts kind is SubLedgerKind {
  if (!Object.hasOwn(SUB_LEDGER_BODIES, kind)) throw fail('sub_ledger_kind_unknown');
}

/** @throws AppError sub_ledger_body_invalid that names the first field at fault and its rule */
export const parseSubLedgerBody = <K extends SubLedgerKind>(kind: K, body: unknown): SubLedgerBody<K> =>
  parseStrict(SUB_LEDGER_BODIES[kind], body, 'sub_ledger_body_invalid') as SubLedgerBody<K>;

function known(state: State, origin: string): SubLedger {
  const record = readSubLedger(state, origin);
  if (!record) throw fail('sub_ledger_unknown', { field: '/origin' });
  return record;
}

function running(state: State, origin: string): SubLedger {
  const record = known(state, origin);
  if (record.fork) throw fail('sub_ledger_stopped', { field: '/origin' });
  return record;
}
