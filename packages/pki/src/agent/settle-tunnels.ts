import { coalesced } from './coalesced.ts';
import { forEachBounded } from './for-each-bounded.ts';
import type { IkeDaemon } from './ike-daemon.ts';
import type { TunnelJudge } from './tunnel-judge.ts';

/** A peer that is about to come up has shown a certificate that must not be forgotten yet; but not for ever. */
const FORGET_WITHIN_MILLISECONDS = 10_000;
const RETRY_MILLISECONDS = 250;

export interface Settling {
  /** Somebody has shown a certificate. */
  shown(): void;
  /** Judges whatever is up and not judged, then lets the daemon forget what was shown. */
  settle(): Promise<void>;
  /** Ends what waits. */
  stop(): void;
}

/**
 * The daemon names certificates by their peers' names. So that the next one is judged by what it shows, not by what another
 * with its name has shown before, it is made to forget whenever all that is up is judged.
 */
export function createSettling(
  { daemon, concurrency }: { readonly daemon: IkeDaemon; readonly concurrency: number },
  judge: TunnelJudge,
): Settling {
  // What it saw before this agent came says nothing of who comes now.
  let forgetBy: number | undefined = performance.now();
  let retry: NodeJS.Timeout | undefined;
  let isStopped = false;
  const shown = (): void => {
    forgetBy ??= performance.now() + FORGET_WITHIN_MILLISECONDS;
  };
  const later = (): void => {
    clearTimeout(retry);
    if (!isStopped) retry = setTimeout(() => void settle().catch(() => {}), RETRY_MILLISECONDS);
  };
  /** Until nothing is up that is not judged. Returns how many are about to come up. */
  const judgeAll = async (): Promise<number> => {
    const judged = new Set(judge.standing().keys());
    for (;;) {
      const { up, coming } = await daemon.associations();
      const fresh = up.filter(({ id }) => !judged.has(id));
      if (fresh.length === 0) return coming;
      shown();
      await forEachBounded(fresh, concurrency, (sa) => judge.judge(sa));
      for (const { id } of fresh) judged.add(id);
    }
  };
  const settle = coalesced(async () => {
    const coming = await judgeAll();
    if (forgetBy === undefined) return;
    if (coming > 0 && performance.now() < forgetBy) return later();
    // One that comes up in this very moment is ended, unseen, and has to come again.
    await daemon.forgetCertificates();
    forgetBy = undefined;
  });
  return {
    shown,
    settle,
    stop() {
      isStopped = true;
      clearTimeout(retry);
    },
  };
}
