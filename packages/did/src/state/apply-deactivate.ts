import type { ApplyContext, State } from '@attestel/ledger';
import type { Sha256 } from '../sha256-port.ts';
import { assertRevealed } from './authorization.ts';
import type { DidOperation } from './operation-body.ts';
import { type HeadRecord, writeHead } from './records.ts';
import { assertFollows } from './succession.ts';

/** Final: the tombstone holds no keys, so nothing can follow (§6.2 Deactivate). */
export function applyDeactivate(
  state: State,
  parsed: DidOperation & { kind: 'deactivate' },
  context: ApplyContext,
  sha256: Sha256,
): HeadRecord {
  const before = assertFollows(state, parsed);
  assertRevealed(before, parsed.body.keys, context.signers, sha256);
  const head: HeadRecord = {
    ...before,
    version: before.version + 1,
    operation: parsed.operation.id,
    updated: context.time,
    deactivated: true,
    next: [],
    nextThreshold: 0,
    ledgerKeys: [],
    recovery: null,
  };
  writeHead(state, parsed.did, head);
  return head;
}
