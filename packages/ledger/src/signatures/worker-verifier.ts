import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { BatchVerifier } from './batch-verifier.ts';
import { packJobs } from './job-bytes.ts';

export interface WorkerVerifierOptions {
  /** Threads; default: as many as there are processors. */
  readonly workers?: number;
}

interface Pending {
  readonly resolve: (results: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

interface Seat {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
  broken: Error | undefined;
}

/**
 * Verifies on threads of their own, so that the ledger executes one block while the signatures of the next are
 * checked. A thread that dies refuses what it had; who asked then checks on its own thread.
 */
export function createWorkerVerifier({
  workers = availableParallelism(),
}: WorkerVerifierOptions = {}): BatchVerifier {
  if (!Number.isInteger(workers) || workers < 1) throw new TypeError('ledger: needs a worker at least');
  const seats = Array.from({ length: workers }, openSeat);
  let next = 0;
  return {
    verifyBatch(jobs) {
      const working = seats.filter(({ broken }) => !broken);
      // The one with the least to do; its queue is in the order of the calls.
      const [seat] = working.sort((a, b) => a.pending.size - b.pending.size);
      if (!seat) return Promise.reject(new Error('ledger: no signature worker is left'));
      const id = next++;
      const packed = packJobs(jobs);
      return new Promise((resolve, reject) => {
        seat.pending.set(id, { resolve, reject });
        // Who waits for an answer keeps the process; an idle thread does not.
        seat.worker.ref();
        seat.worker.postMessage({ id, jobs: packed }, [packed]);
      });
    },
    async close() {
      await Promise.all(seats.map(({ worker }) => worker.terminate()));
    },
  };
}

function openSeat(): Seat {
  const isSource = import.meta.url.endsWith('.ts');
  const file = `./verify-worker.${isSource ? 'ts' : 'js'}`;
  const worker = new Worker(new URL(file, import.meta.url), {
    // Sources import each other through the condition that tests and development run with.
    execArgv: isSource ? ['--conditions=source'] : [],
  });
  const seat: Seat = { worker, pending: new Map(), broken: undefined };
  worker.on('message', ({ id, results }: { id: number; results: Uint8Array }) => {
    seat.pending.get(id)?.resolve(results);
    seat.pending.delete(id);
    if (seat.pending.size === 0) worker.unref();
  });
  const end = (error: Error): void => {
    seat.broken ??= error;
    for (const { reject } of seat.pending.values()) reject(error);
    seat.pending.clear();
  };
  worker.on('error', (error) =>
    end(error instanceof Error ? error : new Error('ledger: signature worker failed')),
  );
  worker.on('exit', () => end(new Error('ledger: signature worker ended')));
  worker.unref(); // last: a listener for messages holds the process again
  return seat;
}
