import type { Bytes } from '@attestel/core';
import type { Executor } from '../../executor/executor.ts';
import type { Operation } from '../../operation.ts';
import type { EnvelopeCache } from './envelope-cache.ts';

interface Parts {
  readonly executor: Pick<Executor, 'verify'>;
  readonly envelopes: EnvelopeCache;
}

/** Checks the signatures of transactions ahead; see {@link Executor.verify}. */
export type VerifyTxs = (txs: readonly Bytes[]) => Promise<void>;

/**
 * The engine shows a transaction again and again, and a proposal may hold one that `checkTx` still waits for: what is
 * being verified is not verified a second time. It hangs on the decoded operations, which the cache finds by the hash
 * of their exact bytes, and goes with them.
 */
export function createVerifyOnce(parts: Parts): VerifyTxs {
  const begun = new WeakMap<readonly Operation[], Promise<void>>();
  const verifyOne = (operations: readonly Operation[]): Promise<void> => {
    const known = begun.get(operations);
    if (known) return known;
    const verifying = parts.executor.verify(operations);
    begun.set(operations, verifying);
    return verifying;
  };
  return async (txs) => {
    const lists = txs.map((tx) => parts.envelopes.read(tx).operations);
    await Promise.all(lists.flatMap((list) => (list ? [verifyOne(list)] : [])));
  };
}
