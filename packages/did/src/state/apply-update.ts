import type { ApplyContext, State } from '@attestel/ledger';
import { fail } from '../errors.ts';
import { nextCommitment } from '../genesis/next-commitment.ts';
import type { Sha256 } from '../sha256-port.ts';
import { assertRevealed } from './authorization.ts';
import type { DidOperation } from './operation-body.ts';
import { type HeadRecord, markShown, shownAs, writeHead } from './records.ts';
import { assertFollows, assertNeverShown } from './succession.ts';

/** Replaces document, ledger keys and commitments as a whole (§6.2 Update). */
export function applyUpdate(
  state: State,
  parsed: DidOperation & { kind: 'update' },
  context: ApplyContext,
  sha256: Sha256,
): HeadRecord {
  const { did, body, operation } = parsed;
  const before = assertFollows(state, parsed);
  const opened = assertRevealed(before, body.keys, context.signers, sha256);
  const ledgerKeys = body.ledgerKeys.map(([, key]) => nextCommitment(key, sha256));
  assertNeverShown(state, did, body.next);
  if (ledgerKeys.some((commitment) => shownAs(state, did, commitment) === 'control')) {
    throw fail('key_reused', { field: '/ledgerKeys' });
  }
  const head: HeadRecord = {
    version: before.version + 1,
    operation: operation.id,
    documentOperation: operation.id,
    created: before.created,
    updated: context.time,
    deactivated: false,
    next: body.next,
    nextThreshold: body.nextThreshold,
    ledgerKeys: body.ledgerKeys,
    document: body.document,
    recovery: body.recovery,
  };
  writeHead(state, did, head);
  markShown(state, did, opened, 'control');
  markShown(state, did, ledgerKeys, 'ledger');
  return head;
}
