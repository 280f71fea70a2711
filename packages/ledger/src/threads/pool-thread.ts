import { type MessagePort, parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { isAppError } from '@attestel/core';
import type { TaskAnswer, TaskMessage } from './thread-pool.ts';

// Runs on a thread of its own, started by createThreadPool.
type Run = (input: unknown) => unknown;

const tasks = new Map<string, Promise<Run>>();

const load = async (url: string): Promise<Run> => ((await import(url)) as { readonly run: Run }).run;

const first: TaskMessage[] = [];
const others: TaskMessage[] = [];
let isWorking = false;

const take = (message: TaskMessage): void => void (message.isFirst ? first : others).push(message);

/** What came while a task was done is looked through before the next one is begun. */
function nextTask(port: MessagePort): TaskMessage | undefined {
  for (let came = receiveMessageOnPort(port); came; came = receiveMessageOnPort(port)) take(came.message);
  return first.shift() ?? others.shift();
}

async function perform({ id, task, input }: TaskMessage, port: MessagePort): Promise<void> {
  const answer = (message: TaskAnswer): void => port.postMessage(message);
  try {
    const loading = tasks.get(task) ?? load(task);
    tasks.set(task, loading);
    answer({ id, output: (await loading)(input) });
  } catch (error) {
    // What broke is found again by whoever asked, where it can be told. A refusal of hostile input is no fault.
    const fault = error instanceof Error ? error.name : 'no error';
    answer(isAppError(error) ? { id, failed: true } : { id, failed: true, fault });
  }
}

async function work(port: MessagePort): Promise<void> {
  if (isWorking) return;
  isWorking = true;
  for (let task = nextTask(port); task; task = nextTask(port)) await perform(task, port);
  isWorking = false;
}

const port = parentPort;
port?.on('message', (message: TaskMessage) => {
  take(message);
  void work(port);
});
