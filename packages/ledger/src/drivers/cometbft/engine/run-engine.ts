import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Logger } from '@attestel/core';

/** Time an engine gets to close its databases. */
const STOP_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** Whoever ran this long did not fail at the start. */
const STEADY_MS = 60_000;

export interface RunEngineOptions {
  readonly binary: string;
  readonly home: string;
  readonly logger: Logger;
}

export interface RunningEngine {
  /** Undefined between two runs. */
  readonly pid: number | undefined;
  /** Ends it and does not start it again. */
  stop(): Promise<void>;
}

/**
 * Keeps an engine running until told otherwise: it ends whenever its application's socket does, and when it was
 * killed. The application must listen already. What the engine prints goes to `engine.log` in its home.
 */
export function superviseEngine({ binary, home, logger }: RunEngineOptions): RunningEngine {
  const stopping = new AbortController();
  let child: ChildProcess | undefined;
  const run = async (): Promise<void> => {
    let pause = FIRST_PAUSE_MS;
    while (!stopping.signal.aborted) {
      const started = performance.now();
      const log = await open(join(home, 'engine.log'), 'a', 0o600);
      child = spawn(binary, ['start', '--home', home], { stdio: ['ignore', log.fd, log.fd] });
      const [code, signal] = await once(child, 'close').catch((error: Error) => [error.message, null]);
      child = undefined;
      await log.close();
      if (stopping.signal.aborted) return;
      logger.warn('engine_ended', { code: String(code), signal: signal ?? undefined });
      pause =
        performance.now() - started > STEADY_MS ? FIRST_PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS);
      await setTimeout(pause, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  const done = run();
  return {
    get pid() {
      return child?.pid;
    },
    async stop() {
      stopping.abort();
      child?.kill('SIGTERM');
      const patience = setTimeout(STOP_MS, 'late', { ref: false });
      if ((await Promise.race([done, patience])) === 'late') child?.kill('SIGKILL');
      await done;
    },
  };
}
