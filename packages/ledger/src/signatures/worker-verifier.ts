import type { Logger } from '@attestel/core';
import { createThreadPool, taskUrl } from '../threads/thread-pool.ts';
import type { BatchVerifier } from './batch-verifier.ts';
import { packJobs } from './job-bytes.ts';

export interface WorkerVerifierOptions {
  /** Threads; default: as many as there are processors. */
  readonly workers?: number;
  /** Told when threads fail. */
  readonly logger?: Logger;
}

const VERIFY = taskUrl('./verify-task', import.meta.url);

/**
 * Verifies on threads of their own, so that the ledger executes one block while the signatures of the next are
 * checked; what modules can check ahead is done there, too. A thread that dies refuses what it had; who asked then
 * checks on its own thread.
 */
export function createWorkerVerifier({ workers, logger }: WorkerVerifierOptions = {}): BatchVerifier {
  const pool = createThreadPool(workers, logger);
  return {
    async verifyBatch(jobs) {
      const packed = packJobs(jobs);
      return (await pool.runFirst(VERIFY, packed, [packed])) as Uint8Array;
    },
    run: pool.run,
    close: pool.close,
  };
}
