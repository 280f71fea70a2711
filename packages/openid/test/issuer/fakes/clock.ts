import type { Clock } from '@attestel/core';

export interface TestClock extends Clock {
  advance(seconds: number): void;
  seconds(): number;
}

export function testClock(start = Date.UTC(2026, 10, 22, 12)): TestClock {
  let now = start;
  return {
    now: () => now,
    seconds: () => Math.floor(now / 1000),
    advance: (seconds) => {
      now += seconds * 1000;
    },
  };
}
