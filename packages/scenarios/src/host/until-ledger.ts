import type { HostLedger } from './host-parts.ts';

/** What a look finds, at once or after a later block: a node that follows others answers before its own state has it. */
export function untilLedger<T>(ledger: Pick<HostLedger, 'onBlock'>, look: () => T | undefined): Promise<T> {
  return new Promise<T>((resolve) => {
    const tryOnce = (): boolean => {
      const found = look();
      if (found !== undefined) resolve(found);
      return found !== undefined;
    };
    const stop = ledger.onBlock(() => {
      if (tryOnce()) stop();
    });
    if (tryOnce()) stop();
  });
}
