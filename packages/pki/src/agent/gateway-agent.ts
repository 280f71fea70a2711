import { isAppError } from '@attestel/core';
import { coalesced } from './coalesced.ts';
import { forEachBounded } from './for-each-bounded.ts';
import type { IkeChange } from './ike-daemon.ts';
import { createSettling } from './settle-tunnels.ts';
import {
  type CertificateCheck,
  createTunnelJudge,
  namesOf,
  type Tunnel,
  type TunnelJudgeOptions,
} from './tunnel-judge.ts';

export interface GatewayAgentOptions extends TunnelJudgeOptions, CertificateCheck {
  /** Tunnels that are judged at once. Default 16. */
  readonly concurrency?: number;
  /** Told what holds a tunnel here, after each look and when somebody came up. */
  readonly onTunnels?: (tunnels: readonly Tunnel[]) => void;
}

export interface GatewayAgent {
  /** Looks at every security association again. Rounds that overlap become one. */
  look(): Promise<void>;
  /** Asks about these certificates (SHA-256, hex) at once: something was heard of them. */
  lookAt(certificates: readonly string[]): Promise<void>;
  /** What holds a tunnel here now. */
  tunnels(): readonly Tunnel[];
  /** Ends what waits; tunnels stay as they are. */
  stop(): void;
}

const CONCURRENCY = 16;

/**
 * Ends every tunnel whose peer did not show a certificate that is published and in force. What the daemon itself checks
 * is the chain and, by OCSP, a serial; a certificate with a copied serial passes there and not here, and a tunnel that is up
 * is not asked again by anybody else.
 */
export async function startGatewayAgent(options: GatewayAgentOptions): Promise<GatewayAgent> {
  const { daemon, logger, concurrency = CONCURRENCY } = options;
  const judge = createTunnelJudge(options);
  const { shown, settle, stop } = createSettling({ daemon, concurrency }, judge);
  const reporting = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      logger.error('agent_round_failed', { cause: isAppError(error) ? error.code : 'no error given' });
      throw error;
    }
  };
  const tunnels = (): readonly Tunnel[] => [...judge.standing().values()];
  const tell = (): void => options.onTunnels?.(tunnels());
  const look = coalesced(async () => {
    await options.refresh?.();
    const { up } = await daemon.associations();
    const ids = new Set(up.map(({ id }) => id));
    for (const id of judge.standing().keys()) if (!ids.has(id)) judge.gone(id);
    // Those that nobody has seen yet are for `settle`.
    const known = up.filter(({ id }) => judge.has(id));
    await forEachBounded(known, concurrency, (sa) => judge.judge(sa));
    await settle();
    tell();
  });
  const onChange = (change: IkeChange): void => {
    if (change.kind === 'down') for (const id of change.ids) judge.gone(id);
    else if (change.kind === 'rekeyed') judge.rekeyed(change.from, change.to);
    else {
      // At once, before anybody else is looked at: until it is judged, it has its tunnel.
      shown();
      const judged = Promise.all(change.sas.map((sa) => judge.judge(sa)));
      void reporting(judged.then(settle).then(tell)).catch(() => {});
    }
  };
  await daemon.onChange(onChange);
  await reporting(look());
  return {
    look: () => reporting(look()),
    async lookAt(certificates) {
      const wanted = new Set(certificates);
      const isMeant = (tunnel: Tunnel): boolean => namesOf(tunnel).some((name) => wanted.has(name));
      const meant = [...judge.standing().values()].filter(isMeant);
      await reporting(forEachBounded(meant, concurrency, ({ sa }) => judge.judge(sa, { isUrgent: true })));
    },
    tunnels,
    stop,
  };
}
