import { setTimeout } from 'node:timers/promises';

/** When a process dies: so many milliseconds after this process sent its n-th request (0: from the start). */
export interface Moment {
  readonly hop: number;
  readonly milliseconds: number;
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

/** How many requests some work sends, and how long it takes. */
export async function measure(work: () => Promise<void>): Promise<{ hops: number; ms: number }> {
  const [before, started] = [hops, Date.now()];
  await work();
  return { hops: hops - before, ms: Date.now() - started };
}

/** Runs some work and has `kill` strike at that moment, or as soon as the work is done. */
export async function dieDuring<T>(
  work: () => Promise<T>,
  moment: Moment,
  kill: () => Promise<void>,
): Promise<T> {
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
  const result = await work();
  onHop = undefined;
  await die();
  return result;
}
