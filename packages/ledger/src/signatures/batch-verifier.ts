import type { Bytes, MultikeyBytes } from '@attestel/core';
import type { RunTask } from '../threads/thread-pool.ts';
import { createSignatureVerifier } from './verify-signature.ts';

export interface SignatureJob {
  readonly key: MultikeyBytes;
  readonly message: Bytes;
  readonly signature: Bytes;
}

/** The one signature rule of the ledger, many at a time, wherever there is a processor for it. */
export interface BatchVerifier {
  /** 1 for each job whose signature verifies, 0 for each other; in order. Never says yes by mistake: it rejects. */
  verifyBatch(jobs: readonly SignatureJob[]): Promise<Uint8Array>;
  /** Runs what modules check ahead; absent where there are no threads. */
  readonly run?: RunTask;
  close(): Promise<void>;
}

/** On the thread that asks. */
export function createLocalBatchVerifier(): BatchVerifier {
  const verifier = createSignatureVerifier();
  return {
    verifyBatch: async (jobs) =>
      Uint8Array.from(jobs, ({ key, message, signature }) =>
        verifier.verify(key, message, signature) ? 1 : 0,
      ),
    async close() {},
  };
}
