import { type AppError, equalBytes, isAppError, type StoreReader } from '@attestel/core';
import { fail } from '../errors.ts';
import type { Head } from '../ledger.ts';
import { readBlock } from '../log/head-record.ts';
import { decodeLeaf } from '../log/leaf.ts';
import type { Operation } from '../operation.ts';
import { operationId } from '../operations/operation-id.ts';
import { MAX_BLOCK_OPERATIONS } from '../state/execute-block.ts';
import { TABLES, u64 } from '../tables.ts';
import type { Candidate, Executor } from './executor.ts';

/** Operations of block 1, or `none` for a ledger that begins with whatever comes. */
export type Genesis = readonly Operation[] | 'none';

/** Block 1: every operation must be accepted, or nothing is written. @throws AppError genesis_refused */
export async function commitGenesis(
  executor: Executor,
  genesis: readonly Operation[],
  timeMs: number,
): Promise<Head> {
  if (genesis.length > MAX_BLOCK_OPERATIONS) throw fail('genesis_refused', { field: 'length' });
  const candidate = executor.execute({ timeMs, operations: genesis });
  const refused = candidate.outcomes.findIndex((outcome) => 'error' in outcome);
  if (refused >= 0) {
    executor.discard(candidate);
    throw refusedAt(candidate, refused);
  }
  return executor.commit(candidate);
}

function refusedAt({ outcomes }: Candidate, index: number): AppError {
  const outcome = outcomes[index];
  const cause = outcome && 'error' in outcome ? outcome.error : undefined;
  const reason = isAppError(cause) ? cause.code : 'module_failed';
  const detail = `${reason}: ${cause?.message ?? ''}`;
  return fail('genesis_refused', { field: `genesis/${index}`, detail, cause, extra: { reason } });
}

/**
 * Same operations in the same order. Signatures may differ: they are no part of an operation's id.
 * @throws AppError genesis_mismatch, store_damaged
 */
export function assertSameGenesis(store: StoreReader, genesis: readonly Operation[]): void {
  const first = readBlock(store, 1);
  if (first?.size !== genesis.length + 1) throw fail('genesis_mismatch', { field: 'length' });
  genesis.forEach(({ payloadBytes }, i) => {
    const bytes = store.get(TABLES.entries, u64(i));
    if (!bytes) throw fail('store_damaged', { field: `entries/${i}` });
    const leaf = decodeLeaf(bytes);
    if (leaf.kind !== 'op' || !equalBytes(leaf.operation.id, operationId(payloadBytes))) {
      throw fail('genesis_mismatch', { field: `genesis/${i}` });
    }
  });
}
