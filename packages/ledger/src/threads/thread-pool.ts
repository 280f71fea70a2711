import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Logger, silentLogger } from '@attestel/core';

/**
 * Runs a task on another thread: `task` is the URL of a module whose `run` takes the input and returns the output,
 * both as structured clones. Rejects where it throws, or where its thread died: who asked then does the work itself.
 */
export type RunTask = (task: string, input: unknown, transfer?: readonly ArrayBuffer[]) => Promise<unknown>;

export interface ThreadPool {
  readonly run: RunTask;
  /** For what is short and waited for: its thread does it before whatever else it has not begun. */
  readonly runFirst: RunTask;
  readonly size: number;
  close(): Promise<void>;
}

/** What the thread is told, and what it answers. */
export interface TaskMessage {
  readonly id: number;
  readonly isFirst: boolean;
  readonly task: string;
  readonly input: unknown;
}
export type TaskAnswer =
  | { readonly id: number; readonly output: unknown }
  | {
      readonly id: number;
      readonly failed: true /** Its name, where it was no refusal. */;
      readonly fault?: string;
    };

interface Pending {
  readonly task: string;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Seat {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
  broken: Error | undefined;
}

/**
 * Each thread does its tasks in the order they came, those of `runFirst` before the others. `size`: default as many as
 * there are processors. The log is told once of each task that breaks and of each thread that ends: slower is all that
 * anybody else would notice.
 */
export function createThreadPool(size = availableParallelism(), logger: Logger = silentLogger): ThreadPool {
  if (!Number.isInteger(size) || size < 1) throw new TypeError('ledger: needs a worker at least');
  const faults = faultLog(logger);
  const seats = Array.from({ length: size }, () => openSeat(faults));
  let next = 0;
  const runAs =
    (isFirst: boolean): RunTask =>
    (task, input, transfer = []) => {
      const working = seats.filter(({ broken }) => !broken);
      // The one with the least to do.
      const [seat] = working.sort((a, b) => a.pending.size - b.pending.size);
      if (!seat) return Promise.reject(new Error('ledger: no worker is left'));
      const message: TaskMessage = { id: next++, isFirst, task, input };
      return new Promise((resolve, reject) => {
        seat.pending.set(message.id, { task, resolve, reject });
        // Who waits for an answer keeps the process; an idle thread does not.
        seat.worker.ref();
        seat.worker.postMessage(message, [...transfer]);
      });
    };
  return {
    size,
    run: runAs(false),
    runFirst: runAs(true),
    async close() {
      faults.end();
      await Promise.all(seats.map(({ worker }) => worker.terminate()));
    },
  };
}

const isSource = import.meta.url.endsWith('.ts');

/** URL of a module beside the one that asks, as {@link RunTask} wants it: `./name` without its ending. */
export const taskUrl = (name: string, from: string): string =>
  new URL(`${name}.${from.endsWith('.ts') ? 'ts' : 'js'}`, from).href;

interface FaultLog {
  task(url: string, cause: string): void;
  thread(cause: string): void;
  /** Threads end now because they are told to. */
  end(): void;
}

function faultLog(logger: Logger): FaultLog {
  const told = new Set<string>();
  let ended = false;
  return {
    task(url, cause) {
      if (told.has(url)) return;
      told.add(url);
      logger.warn('thread_task_failed', { task: url.slice(url.lastIndexOf('/') + 1), cause });
    },
    thread(cause) {
      if (!ended) logger.warn('thread_ended', { cause });
    },
    end() {
      ended = true;
    },
  };
}

function openSeat(faults: FaultLog): Seat {
  const worker = new Worker(new URL(taskUrl('./pool-thread', import.meta.url)), {
    // Sources import each other through the condition that tests and development run with.
    execArgv: isSource ? ['--conditions=source'] : [],
  });
  const seat: Seat = { worker, pending: new Map(), broken: undefined };
  worker.on('message', (answer: TaskAnswer) => {
    const asked = seat.pending.get(answer.id);
    seat.pending.delete(answer.id);
    if (seat.pending.size === 0) worker.unref();
    if (!('failed' in answer)) asked?.resolve(answer.output);
    else {
      if (asked && answer.fault !== undefined) faults.task(asked.task, answer.fault);
      asked?.reject(new Error('ledger: a task failed on its thread'));
    }
  });
  const end = (error: Error): void => {
    if (!seat.broken) faults.thread(error.name);
    seat.broken ??= error;
    for (const { reject } of seat.pending.values()) reject(error);
    seat.pending.clear();
  };
  worker.on('error', (error) => end(error instanceof Error ? error : new Error('ledger: worker failed')));
  worker.on('exit', () => end(new Error('ledger: worker ended')));
  worker.unref(); // last: a listener for messages holds the process again
  return seat;
}
