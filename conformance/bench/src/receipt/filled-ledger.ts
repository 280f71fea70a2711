import { join } from 'node:path';
import { type Store, silentLogger, systemClock } from '@attestel/core';
import { type Ledger, openLedger, openLmdbStore } from '@attestel/ledger';
import type { Policy } from '@attestel/proof';
import { openExecutor } from '../../../../packages/ledger/src/executor/open-executor.ts';
import { fixedSigner } from '../fixed-signer.ts';
import { fillModule, NETWORK, operationAt } from './fill.ts';
import { ORIGIN, witnessKeyAt } from './witnesses.ts';

/** As many as a block takes. */
const BLOCK_OPERATIONS = 1000;

const openStore = (folder: string): Promise<Store> => openLmdbStore({ path: join(folder, 'store') });

const optionsOf = (store: Store) => ({
  network: NETWORK,
  origin: ORIGIN,
  store,
  modules: [fillModule],
  actorKeys: () => [],
  signer: fixedSigner('log'),
  witness: witnessKeyAt(0),
});

/** The ledger in a folder as a node opens it, and how to let go of it. */
export async function openFilled(
  folder: string,
  policy?: Policy,
): Promise<{ ledger: Ledger; close(): Promise<void> }> {
  const store = await openStore(folder);
  const options = { ...optionsOf(store), clock: systemClock, logger: silentLogger };
  const ledger = await openLedger({ ...options, genesis: 'none', ...(policy ? { policy } : {}) });
  return {
    ledger,
    async close() {
      await ledger.close();
      await store.close();
    },
  };
}

/**
 * Executes and commits operations `from` to `to` in full blocks, each durable before the next. Their
 * signatures are taken for verified: they cost the same at every size, and none of what is measured here.
 */
export async function fill(folder: string, from: number, to: number): Promise<void> {
  const store = await openStore(folder);
  const { book, executor } = await openExecutor(optionsOf(store));
  for (let next = from; next < to; next += BLOCK_OPERATIONS) {
    const timeMs = Math.max(systemClock.now(), executor.record.timeMs + 1);
    const count = Math.min(BLOCK_OPERATIONS, to - next);
    const operations = Array.from({ length: count }, (_, i) =>
      operationAt(next + i, Math.floor(timeMs / 1000)),
    );
    for (const operation of operations) book.verified.add(operation);
    const candidate = executor.execute({ timeMs, operations });
    const refused = candidate.outcomes.find((outcome) => 'error' in outcome);
    if (refused) throw new Error('bench: an operation was refused', { cause: refused });
    await executor.commit(candidate);
  }
  await store.close();
}
