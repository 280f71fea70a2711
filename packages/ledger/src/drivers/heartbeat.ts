import { isAppError, type Logger } from '@attestel/core';
import type { LedgerExecutor } from '../executor/ledger-executor.ts';
import type { LedgerHost } from '../executor/ledger-host.ts';

/** Calls back every so often until stopped. */
export interface Timer {
  every(seconds: number, work: () => void): { stop(): void };
}

export interface Heart {
  readonly host: LedgerHost;
  readonly executor: LedgerExecutor;
  readonly logger: Logger;
}

/**
 * Signs the head again at each tick in which nothing else was signed, and at once: a ledger that was closed for long
 * has a head that nobody stood by meanwhile.
 */
export function startHeartbeat(
  options: { readonly seconds: number; readonly timer: Timer } | undefined,
  { host, executor, logger }: Heart,
): { stop(): void } {
  if (!options) return { stop() {} };
  let last = executor.head.height;
  let beating = false;
  const beat = async (): Promise<void> => {
    try {
      await host.heartbeat();
    } catch (error) {
      logger.error('heartbeat_failed', { cause: isAppError(error) ? error.code : 'no error given' });
    }
    beating = false;
  };
  const start = (): void => {
    if (beating || executor.halted) return;
    beating = true;
    void beat();
  };
  // What the store keeps may be old: a node that comes back says at once that it still stands by it.
  start();
  return options.timer.every(options.seconds, () => {
    const { height } = executor.head;
    const idle = height === last;
    last = height;
    if (idle) start();
  });
}
