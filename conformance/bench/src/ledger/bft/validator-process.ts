import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { atExit } from '../../at-exit.ts';
import { processCpuSeconds } from '../../process-cpu.ts';
import type { Answer, Load, Question, ValidatorSettings } from './protocol.ts';

/** One validator in a process of its own. */
export interface ValidatorProcess {
  /** Milliseconds from submission to final answer, of each operation. */
  load(load: Load): Promise<readonly number[]>;
  head(): Promise<{ readonly appHash: string; readonly engineHeight: number }>;
  /** CPU time so far, microseconds. */
  cpu(): Promise<{ readonly application: number; readonly engine: number }>;
  stop(): Promise<void>;
}

/** Resolves when the application listens; the engine takes a moment longer. */
export async function startValidator(settings: ValidatorSettings): Promise<ValidatorProcess> {
  const script = fileURLToPath(new URL('./validator.ts', import.meta.url));
  const child = fork(script, [JSON.stringify(settings)], {
    execArgv: ['--conditions=source'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const letGo = atExit(() => void child.kill('SIGKILL'));
  const ask = questions(child);
  await ask.ready;
  return {
    load: (load) => ask.send<readonly number[]>('load', load),
    head: () => ask.send('head'),
    async cpu() {
      const { microseconds, enginePid } = await ask.send<{ microseconds: number; enginePid?: number }>('cpu');
      return { application: microseconds, engine: 1e6 * processCpuSeconds(enginePid) };
    },
    async stop() {
      const gone = once(child, 'exit');
      await ask.send('stop').catch(() => {});
      await gone;
      letGo();
    },
  };
}

interface Questions {
  readonly ready: Promise<unknown>;
  send<T>(method: Question['method'], load?: Load): Promise<T>;
}

function questions(child: ChildProcess): Questions {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let asked = 0;
  const wait = (id: number): Promise<unknown> => {
    const one = Promise.withResolvers<unknown>();
    waiting.set(id, one);
    return one.promise;
  };
  child.on('message', (message) => {
    const { id, result, error } = message as Answer;
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve(result);
    else one?.reject(new Error(error));
  });
  child.on('exit', (code, signal) => {
    for (const one of waiting.values()) one.reject(new Error(`bench: a validator ended: ${code ?? signal}`));
    waiting.clear();
  });
  return {
    ready: wait(0),
    send<T>(method: Question['method'], load?: Load) {
      const id = ++asked;
      child.send({ id, method, load });
      return wait(id) as Promise<T>;
    },
  };
}
