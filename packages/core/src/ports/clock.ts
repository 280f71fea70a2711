/** Wall clock. State-machine code never sees one; its time comes from the block. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Whole seconds since 1970, as JWT NumericDate and block time use them. */
export const unixSeconds = (clock: Clock): number => Math.floor(clock.now() / 1000);
