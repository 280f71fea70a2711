import { parentPort } from 'node:worker_threads';
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
  } catch {
    // What broke is found again by whoever asked, where it can be told.
    answer({ id, failed: true });
  }
});
