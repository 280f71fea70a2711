/** Answers that leave together at most, so that the first of them does not wait for all of a crowd. */
const MOST = 16;

/**
 * Lets the answers that one turn of the event loop makes leave together at its end. A write wakes the client that it is for, and
 * where that one's processor sleeps, this costs as much as the signature; a proxy with several connections is woken once.
 * @returns what an answer waits for; those that wait go on in their order
 */
export function createDepartures(): () => Promise<void> {
  let gate: PromiseWithResolvers<void> | undefined;
  let waiting = 0;
  const open = (): PromiseWithResolvers<void> => {
    const opened = Promise.withResolvers<void>();
    waiting = 0;
    setImmediate(() => leave(opened));
    return opened;
  };
  const leave = (left: PromiseWithResolvers<void>): void => {
    if (gate === left) gate = undefined;
    left.resolve();
  };
  return () => {
    gate ??= open();
    const present = gate;
    waiting += 1;
    if (waiting === MOST) leave(present);
    return present.promise;
  };
}
