import type { MultikeyBytes } from '@attestel/core';
import type { ApplyContext, State } from '@attestel/ledger';
import { fail } from '../errors.ts';
import { nextCommitment } from '../genesis/next-commitment.ts';
import type { Sha256 } from '../sha256-port.ts';
import { assertThreshold } from './authorization.ts';
import type { DidOperation } from './operation-body.ts';
import { type HeadRecord, markShown, readHead, writeHead } from './records.ts';

/** Puts a DID on the ledger: signed by `threshold` of the keys its genesis names (§6.2 Create). */
export function applyCreate(
  state: State,
  { did, genesis, operation }: DidOperation & { kind: 'create' },
  context: ApplyContext,
  sha256: Sha256,
): HeadRecord {
  const existing = readHead(state, did);
  if (existing) throw fail(existing.deactivated ? 'did_deactivated' : 'did_exists');
  assertThreshold(context.signers, genesis.keys, genesis.threshold);
  const head: HeadRecord = {
    version: 1,
    operation: operation.id,
    documentOperation: operation.id,
    created: context.time,
    updated: context.time,
    deactivated: false,
    next: genesis.next,
    nextThreshold: genesis.nextThreshold,
    ledgerKeys: genesis.ledgerKeys,
    document: genesis.document,
    recovery: genesis.recovery,
  };
  writeHead(state, did, head);
  const commit = (key: MultikeyBytes) => nextCommitment(key, sha256);
  markShown(state, did, genesis.keys.map(commit), 'control');
  markShown(
    state,
    did,
    genesis.ledgerKeys.map(([, key]) => commit(key)),
    'ledger',
  );
  return head;
}
