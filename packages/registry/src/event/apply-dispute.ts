import { equalBytes } from '@attestel/core';
import type { ApplyContext, Operation, State } from '@attestel/ledger';
import { fail } from '../errors.ts';
import type { DisputeBody } from './line.schema.ts';
import { readLineHead, writeLineHead } from './records.ts';
import { type ActingKeys, createPartyCount } from './rule.ts';

interface DisputeChange {
  readonly state: State;
  readonly operation: Operation;
  readonly body: DisputeBody;
  readonly context: ApplyContext;
  readonly actingKeys: ActingKeys;
}

/**
 * Marks the last line of an object: somebody its rule names found that the payload does not fit. The object then
 * moves only by as many signatures as the rule asks for a resolution. @throws AppError
 */
export function applyDispute({ state, operation, body, context, actingKeys }: DisputeChange): void {
  const { actor } = operation.payload;
  const head = readLineHead(state, context.ns, body.ref);
  if (!head || !equalBytes(head.line, body.head)) throw fail('line_head_conflict', { field: '/head' });
  // What every node has executed leaves nothing to disagree on.
  if (head.shared !== null) throw fail('line_execution', { field: '/ref' });
  if (head.dispute) throw fail('line_disputed', { field: '/head' });
  const count = createPartyCount(actor, context, actingKeys);
  if (count(head.rule) < 1) throw fail('line_not_party', { field: '/ref' });
  const dispute = { operation: operation.id, actor, digest: body.digest, time: context.time };
  writeLineHead(state, context.ns, body.ref, { ...head, dispute });
}
