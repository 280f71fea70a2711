import type { StoreReader } from '@attestel/core';
import { fail } from '../errors.ts';
import type { Head } from '../ledger.ts';
import type { Operation } from '../operation.ts';
import { fromU64, TABLES } from '../tables.ts';
import { nextSequence } from './apply-operation.ts';
import { createStateReader } from './module-state.ts';
import { HOST_MODULE } from './rules.ts';

/**
 * Refuses what a block would refuse for certain, at the price of one read: operations that are in the log
 * (anybody can send those again, validly signed as they are) and those whose time is over. Saves work, and
 * decides nothing: execution checks it all again. @throws AppError
 */
export function assertFresh(store: StoreReader, { id, payload }: Operation, head: Head): void {
  const index = store.get(TABLES.operations, id);
  // Beyond the head: a commit that reported failure. What became of it is not for this check to say.
  if (index && fromU64(index) < head.size) {
    if (payload.sequence === undefined) throw fail('operation_duplicate');
    const expected = nextSequence(createStateReader(store, HOST_MODULE), payload.module, payload.actor);
    throw fail('sequence_conflict', { field: '/payload/sequence', extra: { expected } });
  }
  if (payload.notAfter < head.time) {
    throw fail('operation_expired', { field: '/payload/notAfter', extra: { blockTime: head.time } });
  }
}
