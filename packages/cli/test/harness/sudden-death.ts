import { setTimeout } from 'node:timers/promises';

/** When a process dies: so many milliseconds after this process sent its n-th request (0: from the start). */
export interface Moment {
  readonly hop: number;
  readonly milliseconds: number;
}

export interface Outcome<T> {
  /** What the work answered before the process died; undefined where it did not get that far. */
  readonly value: T | undefined;
  readonly error: unknown;
  readonly hops: number;
}

let hops = 0;
let onHop: ((count: number) => void) | undefined;
const send = globalThis.fetch;

/** Every request of this process passes here; call it before anything keeps its own `fetch`. */
export function countRequests(): void {
  globalThis.fetch = (...request) => {
    hops += 1;
    onHop?.(hops);
    return send(...request);
  };
}

/** Runs some work and has `kill` strike at that moment, or as soon as the work is done. */
export async function dieDuring<T>(
  work: () => Promise<T>,
  moment: Moment,
  kill: () => Promise<void>,
): Promise<Outcome<T>> {
  let death: Promise<void> | undefined;
  const die = (): Promise<void> => {
    death ??= kill();
    return death;
  };
  const strike = (): void => void setTimeout(moment.milliseconds).then(die);
  hops = 0;
  onHop = (count) => {
    if (count === moment.hop) strike();
  };
  if (moment.hop === 0) strike();
  const settled = await work().then(
    (value) => ({ value, error: undefined }),
    (error: unknown) => ({ value: undefined, error }),
  );
  onHop = undefined;
  await die();
  return { ...settled, hops };
}
