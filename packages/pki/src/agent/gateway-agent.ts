import { type Bytes, isAppError, type Logger, toHex } from '@attestel/core';
import { sha256 } from '../sha256.ts';
import type { IkeDaemon, IkeSa } from './ike-daemon.ts';

/** Whether a certificate may hold a tunnel, and if not, why: a code. */
export type TunnelVerdict = { readonly ok: true } | { readonly ok: false; readonly code: string };

export interface GatewayAgentOptions {
  readonly daemon: IkeDaemon;
  /** By the hash of the whole certificate, never by its serial alone. Not ok when what is known is too old. */
  readonly check: (certificate: Bytes) => TunnelVerdict | Promise<TunnelVerdict>;
  readonly logger: Logger;
  /** Told of each security association that was ended. */
  readonly onTerminated?: (ended: { readonly sa: IkeSa; readonly code: string }) => void;
}

export interface GatewayAgent {
  /** Looks at every security association again, as after a change of status. Rounds that overlap become one. */
  look(): Promise<void>;
  /** Certificates that hold a tunnel here now: SHA-256, hex. */
  live(): readonly string[];
}

/**
 * Ends every tunnel whose peer did not show a certificate that is published and in force. What the daemon itself checks
 * is the chain and, by OCSP, a serial; a certificate with a copied serial passes there and not here, and a tunnel that is up
 * is not asked again by anybody else.
 */
export async function startGatewayAgent(options: GatewayAgentOptions): Promise<GatewayAgent> {
  const { daemon, logger } = options;
  /** Certificates with which each came up, by its id. */
  const known = new Map<string, readonly Bytes[]>();
  let round: Promise<void> | undefined;
  let again = false;
  /** What the daemon saw before this agent came says nothing of who comes now. */
  let isFirst = true;

  const end = async (sa: IkeSa, code: string): Promise<void> => {
    known.delete(sa.id);
    await daemon.terminate(sa.id);
    logger.warn('tunnel_ended', { sa: sa.id, code });
    options.onTerminated?.({ sa, code });
  };
  const examine = async (sa: IkeSa): Promise<void> => {
    const certificates = known.get(sa.id) ?? (await daemon.certificatesOf(sa.peer));
    // Fail closed: a tunnel of which nobody can say with which certificate it began.
    if (certificates.length === 0) return end(sa, 'certificate_unseen');
    for (const certificate of certificates) {
      const verdict = await options.check(certificate);
      if (!verdict.ok) return end(sa, verdict.code);
    }
    known.set(sa.id, certificates);
  };
  /** What the daemon says of one, such as that it went by itself or cannot be named, must not keep the others unexamined. */
  const examineAlone = async (sa: IkeSa): Promise<void> => {
    try {
      await examine(sa);
    } catch (error) {
      if (!isAppError(error) || error.code !== 'vici_refused') throw error;
      await end(sa, error.code).catch((cause: unknown) => {
        if (!isAppError(cause) || cause.code !== 'vici_refused') throw cause;
      });
    }
  };
  const lookOnce = async (): Promise<void> => {
    let established = await daemon.established();
    const ids = new Set(established.map(({ id }) => id));
    for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
    const examined = new Set(known.keys());
    let isNew = isFirst;
    while (established.length > 0) {
      for (const sa of established) await examineAlone(sa);
      isNew ||= established.some(({ id }) => !examined.has(id));
      for (const { id } of established) examined.add(id);
      // What came up meanwhile is looked at before anything is forgotten.
      established = (await daemon.established()).filter(({ id }) => !examined.has(id));
    }
    // So that the next one is judged by what it shows, not by what another with its name has shown before. One that comes
    // up in this very moment is ended, unseen, and has to come again.
    if (isNew) await daemon.forgetCertificates();
    isFirst = false;
  };
  const rounds = async (): Promise<void> => {
    do {
      again = false;
      try {
        await lookOnce();
      } catch (error) {
        logger.error('agent_round_failed', { cause: isAppError(error) ? error.code : 'no error given' });
        throw error;
      }
    } while (again);
  };
  const look = (): Promise<void> => {
    again = true;
    round ??= rounds().finally(() => {
      round = undefined;
    });
    return round;
  };
  await daemon.onChange(() => void look().catch(() => {}));
  await look();
  return {
    look,
    live: () => [...known.values()].flat().map((der) => toHex(sha256(der))),
  };
}
