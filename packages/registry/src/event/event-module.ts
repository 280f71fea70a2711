import { type Bytes, equalBytes, type JsonValue } from '@attestel/core';
import type { ApplyContext, LedgerModule, Operation } from '@attestel/ledger';
import { MAIN_CHANNEL } from '../channels/channel-name.ts';
import { fail } from '../errors.ts';
import { parseStrict } from '../rules/parse-strict.ts';
import { members, REGISTRY_MODULE } from '../state/collections.ts';
import { applyDispute } from './apply-dispute.ts';
import { applyLine } from './apply-line.ts';
import { digestOf } from './commitments.ts';
import type { Decider } from './decider.ts';
import { createDeciders } from './deciders.ts';
import { type DisputeBody, LINE_BODIES, type LineBody } from './line.schema.ts';
import { EVENT_MODULE } from './records.ts';
import { type ActingKeys, createActingKeys } from './rule.ts';

type Parsed =
  | { readonly kind: 'line'; readonly body: LineBody }
  | { readonly kind: 'dispute'; readonly body: DisputeBody };

/**
 * Event lines of channels. Pure and deterministic. Ordered by object: a line that collects the signatures of
 * several parties for hours must not stop its actor from writing others, as a sequence would; and since a line
 * names the last one of every object it moves, it cannot be executed twice.
 * @param deciders modules that channels may choose to have executed by every node
 */
export function createEventModule(deciders: readonly Decider[] = []): LedgerModule {
  const known = createDeciders(deciders);
  // An operation is parsed when it is admitted and used when it is executed.
  const parsed = new WeakMap<Operation, Parsed>();
  const parsedOf = (operation: Operation): Parsed => {
    const line = parsed.get(operation) ?? parseLine(operation);
    parsed.set(operation, line);
    return line;
  };
  return {
    name: EVENT_MODULE,
    ordering: 'object',
    inChannels: true,
    checkStateless(operation: Operation): void {
      const { kind, body } = parsedOf(operation);
      if (operation.attachment !== null) throw fail('line_invalid', { field: '/attachment' });
      assertPrevious(operation, kind === 'line' ? (body.heads[0]?.prevHead ?? null) : body.head);
      if (kind === 'line' && body.shared !== null) {
        const { payload, salt } = body.shared;
        if (!equalBytes(digestOf(payload as JsonValue, salt), body.digest)) {
          throw fail('line_digest_mismatch', { field: '/digest' });
        }
      }
    },
    apply(state, operation, context) {
      const { kind, body } = parsedOf(operation);
      const actingKeys = createActingKeys(context);
      assertActor(operation, context, actingKeys);
      const change = { state, operation, context, actingKeys };
      if (kind === 'line') applyLine({ ...change, body, deciders: known });
      else applyDispute({ ...change, body });
      const refs = kind === 'line' ? body.heads.map(({ ref }) => ref) : [body.ref];
      return [{ module: EVENT_MODULE, type: kind, data: { channel: context.ns, line: operation.id, refs } }];
    },
  };
}

/** @throws AppError line_kind_unknown; line_invalid that names the first field at fault and its rule */
export function parseLine({ payload: { kind, body } }: Pick<Operation, 'payload'>): Parsed {
  if (kind === 'line') return { kind, body: parseStrict(LINE_BODIES.line, body, 'line_invalid') };
  if (kind === 'dispute') return { kind, body: parseStrict(LINE_BODIES.dispute, body, 'line_invalid') };
  throw fail('line_kind_unknown');
}

/** The object's last operation: for a line, that of its first head. */
function assertPrevious({ payload }: Operation, head: Bytes | null): void {
  const { previous = null } = payload;
  if (previous === null ? head !== null : head === null || !equalBytes(previous, head)) {
    throw fail('line_invalid', { field: '/previous' });
  }
}

/** The host has asked whether the actor writes in this channel, but not who signed. In `main`, active members write. */
function assertActor(
  { payload: { actor } }: Operation,
  { ns, read }: ApplyContext,
  actingKeys: ActingKeys,
): void {
  if (actingKeys(actor).length === 0) throw fail('line_not_signed', { field: '/signatures' });
  // Of members, only active ones may act at all.
  if (ns === MAIN_CHANNEL && !members.get(read(REGISTRY_MODULE), actor))
    throw fail('registry_not_member', { field: '/actor' });
}
