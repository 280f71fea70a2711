/** How fast something went, over the whole of the run. */
export interface Rate {
  readonly count: number;
  readonly perSecond: number;
  /** Of one call, milliseconds. */
  readonly meanMs: number;
}

/** Calls `one` with rising numbers, `inFlight` at a time, until time is up. */
export async function load(
  one: (i: number) => Promise<unknown>,
  { inFlight, seconds }: { inFlight: number; seconds: number },
): Promise<Rate> {
  const began = performance.now();
  const deadline = began + seconds * 1000;
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < deadline) {
      await one(next++);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const elapsed = performance.now() - began;
  return { count: done, perSecond: (1000 * done) / elapsed, meanMs: (elapsed * inFlight) / done };
}
