import { setImmediate } from 'node:timers/promises';
import { fail } from '../../errors.ts';

/** Milliseconds for which a long piece of work keeps all others waiting. */
const TURN_MILLISECONDS = 10;

/** Called between the steps of a long piece of work: lets others go on where its turn is over. */
export type Pause = () => Promise<void>;

/**
 * Turns of one piece of work. What is done between two pauses is one step: the work keeps it small.
 * @param signal aborted when nobody waits for the answer any more: then the next pause throws `stopped`
 */
export function createPause(signal?: AbortSignal): Pause {
  let since = performance.now();
  return async () => {
    if (signal?.aborted) throw fail('stopped');
    if (performance.now() - since < TURN_MILLISECONDS) return;
    await setImmediate();
    since = performance.now();
  };
}
