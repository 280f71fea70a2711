import type { Timer } from '@attestel/ledger';

/** Real seconds. */
export const intervalTimer: Timer = {
  every(seconds, work) {
    const interval = setInterval(work, seconds * 1000);
    return { stop: () => clearInterval(interval) };
  },
};
