import { type Bytes, isAppError, type Logger, toHex } from '@attestel/core';
import { sha256 } from '../sha256.ts';
import type { IkeDaemon, IkeSa } from './ike-daemon.ts';

/** Whether a certificate may hold a tunnel, and if not, why: a code. */
export type TunnelVerdict = { readonly ok: true } | { readonly ok: false; readonly code: string };

export interface CertificateCheck {
  /**
   * By the hash of the whole certificate, never by its serial alone. Not ok when what is known is too old.
   * @param how `isUrgent`: something was heard of this one, so what is known of it does not do
   */
  check(certificate: Bytes, how?: { readonly isUrgent?: boolean }): TunnelVerdict | Promise<TunnelVerdict>;
  /** Before many are checked: what is known of all of them is brought up to date. */
  refresh?(): Promise<void>;
}

/** A tunnel that was let stand, and the certificates that its peer showed. */
export interface Tunnel {
  readonly sa: IkeSa;
  readonly certificates: readonly Bytes[];
}

export interface TunnelJudgeOptions extends Pick<CertificateCheck, 'check'> {
  readonly daemon: IkeDaemon;
  readonly logger: Logger;
  /** Told of each security association that was ended. */
  readonly onTerminated?: (ended: { readonly sa: IkeSa; readonly code: string }) => void;
  /** Whoever comes up is ended where nobody has decided by then. Default 3000. */
  readonly decideWithinMilliseconds?: number;
}

export interface TunnelJudge {
  /** Lets it stand or ends it. One that is being judged already is not judged twice. */
  judge(sa: IkeSa, how?: { readonly isUrgent?: boolean }): Promise<void>;
  rekeyed(from: string, to: IkeSa): void;
  gone(id: string): void;
  /** Those that were let stand. */
  standing(): ReadonlyMap<string, Tunnel>;
  /** Whether it was let stand or is being judged: its certificates are in hand. */
  has(id: string): boolean;
}

const DECIDE_WITHIN_MILLISECONDS = 3000;

export function createTunnelJudge(options: TunnelJudgeOptions): TunnelJudge {
  const { daemon, logger, decideWithinMilliseconds = DECIDE_WITHIN_MILLISECONDS } = options;
  const tunnels = new Map<string, Tunnel>();
  const judging = new Map<string, Promise<void>>();

  const end = async (sa: IkeSa, code: string): Promise<void> => {
    tunnels.delete(sa.id);
    try {
      await daemon.terminate(sa.id);
    } catch (error) {
      // It went by itself.
      if (isRefused(error)) return;
      throw error;
    }
    logger.warn('tunnel_ended', { sa: sa.id, code });
    options.onTerminated?.({ sa, code });
  };
  const firstRefusal = async (
    certificates: readonly Bytes[],
    isUrgent: boolean,
  ): Promise<string | undefined> => {
    for (const certificate of certificates) {
      const verdict = await options.check(certificate, { isUrgent });
      if (!verdict.ok) return verdict.code;
    }
    return undefined;
  };
  const examine = async (sa: IkeSa, isUrgent: boolean): Promise<void> => {
    const known = tunnels.get(sa.id);
    const certificates = known?.certificates ?? (await daemon.certificatesOf(sa.peer));
    // Fail closed: a tunnel of which nobody can say with which certificate it began.
    if (certificates.length === 0) return end(sa, 'certificate_unseen');
    const judged = firstRefusal(certificates, isUrgent);
    // One that stands has been good so far; one that comes does not get traffic for as long as nodes are slow.
    const code = await (known ? judged : within(decideWithinMilliseconds, judged));
    if (code !== undefined) return end(sa, code);
    // Gone or ended meanwhile: it must not come back to life here.
    if (!known || tunnels.has(sa.id)) tunnels.set(sa.id, { sa, certificates });
  };
  /** What the daemon says of one, such as that it cannot be named, must not keep the others unexamined. */
  const examineAlone = async (sa: IkeSa, isUrgent: boolean): Promise<void> => {
    try {
      await examine(sa, isUrgent);
    } catch (error) {
      if (!isRefused(error)) throw error;
      await end(sa, 'vici_refused');
    }
  };
  return {
    async judge(sa, { isUrgent = false } = {}) {
      const before = judging.get(sa.id);
      if (before && !isUrgent) return before;
      await before?.catch(() => {});
      const work = examineAlone(sa, isUrgent).finally(() => {
        if (judging.get(sa.id) === work) judging.delete(sa.id);
      });
      judging.set(sa.id, work);
      return work;
    },
    rekeyed(from, to) {
      const tunnel = tunnels.get(from);
      if (tunnel) tunnels.set(to.id, { ...tunnel, sa: to });
    },
    gone: (id) => void tunnels.delete(id),
    standing: () => tunnels,
    has: (id) => tunnels.has(id) || judging.has(id),
  };
}

export const namesOf = ({ certificates }: Tunnel): readonly string[] =>
  certificates.map((der) => toHex(sha256(der)));

const isRefused = (error: unknown): boolean => isAppError(error) && error.code === 'vici_refused';

/** What the work says, or `certificate_undecided` where it takes longer. */
async function within(milliseconds: number, work: Promise<string | undefined>): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(resolve, milliseconds, 'certificate_undecided');
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
