import { setTimeout } from 'node:timers/promises';
import { type GatewayAgentOptions, startGatewayAgent } from './gateway-agent.ts';
import { createStrongSwan } from './ike-daemon.ts';
import type { ViciClient } from './vici/vici-client.ts';

export interface RunAgentOptions extends Omit<GatewayAgentOptions, 'daemon'> {
  /** Connects with the IKE daemon beside; tried again until it is there. */
  readonly connect: () => Promise<ViciClient>;
  /** Calls back when something may have changed on the ledger, until stopped. */
  readonly watch: (onNews: () => void) => { stop(): Promise<void> };
  /** All tunnels are looked at this often, whatever was heard. */
  readonly everyMilliseconds: number;
  readonly signal: AbortSignal;
}

const RETRY_MILLISECONDS = 1000;
/** News come in swarms; each look answers all that came before it. */
const PAUSE_MILLISECONDS = 50;

/** Keeps an agent at work beside its IKE daemon, also when that is restarted. Returns when told to stop. */
export async function runGatewayAgent(options: RunAgentOptions): Promise<void> {
  const { signal, logger } = options;
  let isAway = false;
  while (!signal.aborted) {
    try {
      const client = await options.connect();
      isAway = false;
      logger.info('ike_daemon_connected');
      await accompany(client, options);
    } catch {
      // told below
    }
    if (signal.aborted) return;
    if (!isAway) logger.error('ike_daemon_away');
    isAway = true;
    await setTimeout(RETRY_MILLISECONDS, undefined, { signal }).catch(() => {});
  }
}

/** Until the connection ends, or one is told to stop. */
async function accompany(client: ViciClient, options: RunAgentOptions): Promise<void> {
  const { signal, everyMilliseconds } = options;
  const stop = (): void => client.close();
  signal.addEventListener('abort', stop, { once: true });
  let woken = Promise.withResolvers<void>();
  const wake = (): void => woken.resolve();
  const watching = options.watch(wake);
  const clock = setInterval(wake, everyMilliseconds);
  let isConnected = true;
  void client.ended.then(() => {
    isConnected = false;
    wake();
  });
  try {
    const agent = await startGatewayAgent({ ...options, daemon: createStrongSwan(client) });
    while (isConnected) {
      await woken.promise;
      woken = Promise.withResolvers<void>();
      await setTimeout(PAUSE_MILLISECONDS);
      if (isConnected) await agent.look();
    }
  } finally {
    clearInterval(clock);
    signal.removeEventListener('abort', stop);
    client.close();
    await watching.stop();
  }
}
