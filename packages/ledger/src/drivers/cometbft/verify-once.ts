import type { Bytes } from '@attestel/core';
import type { Executor } from '../../executor/executor.ts';
import type { Operation } from '../../operation.ts';
import type { EnvelopeCache } from './envelope-cache.ts';

interface Parts {
  readonly executor: Pick<Executor, 'verify'>;
  readonly envelopes: EnvelopeCache;
}

/** Checks transactions ahead; see {@link Executor.verify}. */
export type VerifyTxs = (txs: readonly Bytes[], from: 'incoming' | 'block') => Promise<void>;

/**
 * The engine shows a transaction again and again, and a proposal may hold one that `checkTx` still waits for: what is
 * being verified is not verified a second time. It hangs on the decoded operations, which the cache finds by the hash
 * of their exact bytes, and goes with them. A block's are asked for once more: `checkTx` may have passed some over.
 */
export function createVerifyOnce(parts: Parts): VerifyTxs {
  const begun = {
    incoming: new WeakMap<readonly Operation[], Promise<void>>(),
    block: new WeakMap<readonly Operation[], Promise<void>>(),
  };
  const verifyOne = (operations: readonly Operation[], from: 'incoming' | 'block'): Promise<void> => {
    const known = begun.block.get(operations) ?? begun[from].get(operations);
    if (known) return known;
    const before = begun.incoming.get(operations) ?? Promise.resolve();
    const verifying = before.then(() => parts.executor.verify(operations, from));
    begun[from].set(operations, verifying);
    return verifying;
  };
  return async (txs, from) => {
    const lists = txs.map((tx) => parts.envelopes.read(tx).operations);
    await Promise.all(lists.flatMap((list) => (list ? [verifyOne(list, from)] : [])));
  };
}
