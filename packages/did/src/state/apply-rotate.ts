import type { ApplyContext, State } from '@attestel/ledger';
import type { Sha256 } from '../sha256-port.ts';
import { assertRevealed } from './authorization.ts';
import type { DidOperation } from './operation-body.ts';
import { type HeadRecord, markShown, writeHead } from './records.ts';
import { assertFollows, assertNeverShown } from './succession.ts';

/** Replaces the commitments and their threshold, and nothing else (§6.2 Rotate). */
export function applyRotate(
  state: State,
  parsed: DidOperation & { kind: 'rotate' },
  context: ApplyContext,
  sha256: Sha256,
): HeadRecord {
  const { did, body, operation } = parsed;
  const before = assertFollows(state, parsed);
  const opened = assertRevealed(before, body.keys, context.signers, sha256);
  assertNeverShown(state, did, body.next);
  const head: HeadRecord = {
    ...before,
    version: before.version + 1,
    operation: operation.id,
    updated: context.time,
    next: body.next,
    nextThreshold: body.nextThreshold,
  };
  writeHead(state, did, head);
  markShown(state, did, opened, 'control');
  return head;
}
