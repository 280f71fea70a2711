import type { Store } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { Executor } from '../../executor/executor.ts';
import { assertSameGenesis, commitGenesis } from '../../executor/genesis.ts';
import type { Head } from '../../ledger.ts';
import type { ContinuedLedger, GenesisDocument } from './genesis-document.ts';

export interface GenesisParts {
  readonly executor: Executor;
  readonly store: Store;
  readonly network: string;
  readonly origin: string;
}

/**
 * Where the ledger begins, from the engine's genesis file: with block 1, which becomes durable here and not in
 * `Commit`, since the engine asks again until its first block is committed and gets the same answer; or with the
 * head of a history that this node has imported.
 * @throws AppError genesis_refused, genesis_mismatch
 */
export async function foundLedger(
  parts: GenesisParts,
  genesis: GenesisDocument,
  timeMs: number,
): Promise<Head> {
  const { executor, store, network, origin } = parts;
  if (genesis.network !== network) throw fail('genesis_mismatch', { field: 'network' });
  if (genesis.origin !== origin) throw fail('genesis_mismatch', { field: 'origin' });
  if ('checkpoint' in genesis) return continuedFrom(executor.head, genesis);
  if (genesis.operations.length === 0) throw fail('genesis_refused', { field: 'length' });
  if (executor.head.height > 1) throw fail('genesis_mismatch', { field: 'height' });
  if (executor.head.height === 0) return commitGenesis(executor, genesis.operations, timeMs);
  assertSameGenesis(store, genesis.operations);
  return executor.head;
}

/** The body names size, log root and state root: an import that is shorter, longer or of another log has another. */
function continuedFrom(head: Head, { checkpoint }: ContinuedLedger): Head {
  if (head.height === 0) throw fail('genesis_mismatch', { field: 'checkpoint: import the history first' });
  if (head.body !== checkpoint) throw fail('genesis_mismatch', { field: 'checkpoint' });
  return head;
}
