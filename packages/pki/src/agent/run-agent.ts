import { setTimeout as pause } from 'node:timers/promises';
import { type GatewayAgentOptions, startGatewayAgent } from './gateway-agent.ts';
import { createStrongSwan } from './ike-daemon.ts';
import type { ViciClient } from './vici/vici-client.ts';

export interface RunAgentOptions extends Omit<GatewayAgentOptions, 'daemon'> {
  /** Connects with the IKE daemon beside; tried again until it is there. */
  readonly connect: () => Promise<ViciClient>;
  /** Calls back when something may have changed on the ledger, with what is named (SHA-256, hex), until stopped. */
  readonly watch: (onNews: (certificates: readonly string[]) => void) => { stop(): Promise<void> };
  /** All tunnels are looked at this often, whatever was heard. */
  readonly everyMilliseconds: number;
  readonly signal: AbortSignal;
}

const RETRY_MILLISECONDS = 1000;
/** News come in swarms; each look answers all that came before it. */
const PAUSE_MILLISECONDS = 50;
/** A checkpoint that enough have cosigned comes after the block that one hears of: what was named is asked about again. */
const ASK_AGAIN_MILLISECONDS = [0, 300, 1000, 3000];

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
    await pause(RETRY_MILLISECONDS, undefined, { signal }).catch(() => {});
  }
}

/** Until the connection ends, or one is told to stop. */
async function accompany(client: ViciClient, options: RunAgentOptions): Promise<void> {
  const { signal, everyMilliseconds } = options;
  const stop = (): void => client.close();
  signal.addEventListener('abort', stop, { once: true });
  const bell = createBell();
  const watching = options.watch(bell.ring);
  const clock = setInterval(bell.ring, everyMilliseconds, []);
  let isConnected = true;
  void client.ended.then(() => {
    isConnected = false;
    bell.ring([]);
  });
  let agent: Awaited<ReturnType<typeof startGatewayAgent>> | undefined;
  try {
    agent = await startGatewayAgent({ ...options, daemon: createStrongSwan(client) });
    while (isConnected) {
      const named = await bell.rings();
      if (isConnected && named.length > 0) await agent.lookAt(named);
      await pause(PAUSE_MILLISECONDS);
      if (isConnected) await agent.look();
    }
  } finally {
    clearInterval(clock);
    bell.stop();
    agent?.stop();
    signal.removeEventListener('abort', stop);
    client.close();
    await watching.stop();
  }
}

/** Rung with names, it rings again with them a few times. Whoever waits hears all that were named since. */
function createBell() {
  let heard = new Set<string>();
  let rung = Promise.withResolvers<void>();
  const timers = new Set<NodeJS.Timeout>();
  const sound = (names: readonly string[]): void => {
    for (const name of names) heard.add(name);
    rung.resolve();
  };
  return {
    ring(names: readonly string[]): void {
      const times = names.length > 0 ? ASK_AGAIN_MILLISECONDS : [0];
      for (const after of times) {
        const timer = setTimeout(() => {
          timers.delete(timer);
          sound(names);
        }, after);
        timers.add(timer);
      }
    },
    async rings(): Promise<readonly string[]> {
      await rung.promise;
      const names = [...heard];
      heard = new Set();
      rung = Promise.withResolvers();
      return names;
    },
    stop(): void {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
