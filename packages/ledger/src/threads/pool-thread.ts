import { parentPort } from 'node:worker_threads';
import { isAppError } from '@attestel/core';
import type { TaskAnswer, TaskMessage } from './thread-pool.ts';

// Runs on a thread of its own, started by createThreadPool.
type Run = (input: unknown) => unknown;

const tasks = new Map<string, Promise<Run>>();

const load = async (url: string): Promise<Run> => ((await import(url)) as { readonly run: Run }).run;

parentPort?.on('message', async ({ id, task, input }: TaskMessage) => {
  const answer = (message: TaskAnswer): void => parentPort?.postMessage(message);
  try {
    const loading = tasks.get(task) ?? load(task);
    tasks.set(task, loading);
    answer({ id, output: (await loading)(input) });
  } catch (error) {
    // What broke is found again by whoever asked, where it can be told. A refusal of hostile input is no fault.
    const fault = error instanceof Error ? error.name : 'no error';
    answer(isAppError(error) ? { id, failed: true } : { id, failed: true, fault });
  }
});
