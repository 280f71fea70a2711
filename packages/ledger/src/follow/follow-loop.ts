import { setTimeout } from 'node:timers/promises';
import { isAppError, type Logger } from '@attestel/core';

export interface FollowLoopOptions {
  /** One look around; true when nothing newer is known. @throws AppError following_stopped to end the loop */
  readonly round: () => Promise<boolean>;
  /** Between rounds while nothing wakes the loop. */
  readonly pollMilliseconds: number;
  readonly logger: Logger;
}

export interface FollowLoop {
  /** Starts the next round now. */
  wake(): void;
  /** Resolves when no round is under way and none will come. */
  stop(): Promise<void>;
}

const MAX_PAUSE_MILLISECONDS = 30_000;
/** However often it is woken: who floods the events of a node must not make it flood the others. */
const MIN_PAUSE_MILLISECONDS = 50;
/** After these no round can do better: the operator has to look. */
const FINAL = ['following_stopped', 'ledger_halted', 'cosign_refused'];

/** Runs rounds one after another; pauses grow while rounds fail. */
export function startFollowLoop(options: FollowLoopOptions): FollowLoop {
  const { pollMilliseconds } = options;
  const stopping = new AbortController();
  let waking = new AbortController();
  let pause = pollMilliseconds;
  const rounds = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      waking = new AbortController();
      const outcome = await oneRound(options);
      if (outcome === 'final') return;
      pause = outcome === 'reached' ? pollMilliseconds : Math.min(pause * 2, MAX_PAUSE_MILLISECONDS);
      const rest = Math.min(MIN_PAUSE_MILLISECONDS, pause);
      await setTimeout(rest, undefined, { signal: stopping.signal }).catch(() => {});
      const signal = AbortSignal.any([waking.signal, stopping.signal]);
      await setTimeout(pause - rest, undefined, { signal }).catch(() => {});
    }
  };
  const done = rounds();
  return {
    wake: () => waking.abort(),
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function oneRound({ round, logger }: FollowLoopOptions): Promise<'reached' | 'behind' | 'final'> {
  try {
    return (await round()) ? 'reached' : 'behind';
  } catch (error) {
    const code = isAppError(error) ? error.code : 'internal';
    const cause = error instanceof Error ? error.message : 'no error given';
    logger.error('follow_failed', { code, cause });
    return FINAL.includes(code) ? 'final' : 'behind';
  }
}
