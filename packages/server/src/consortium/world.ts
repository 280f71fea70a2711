import { type Clock, type Logger, type Random, systemClock, systemRandom } from '@attestel/core';
import { createLogger } from '../log.ts';
import type { LoopbackTls } from './loopback-tls.ts';
import { DEMO_FOUNDERS, DEMO_OPERATORS, demoPorts } from './parties.ts';
import type { Provisioner } from './provision.ts';

export type DemoDriver = 'solo' | 'cometbft';

export interface ConsortiumOptions {
  readonly dataDir: string;
  readonly basePort: number;
  /** How many of the three operators take part. */
  readonly operators?: number;
  /** Who orders the ledger: the first operator, with the others as witnesses (default), or four validators. */
  readonly driver?: DemoDriver;
  readonly host?: string;
  readonly statusRefreshSeconds?: number;
  readonly quarantineDays?: number;
  /** Also the nodes, channels and first objects of the scenarios. Default: operators run them, and nothing is there yet. */
  readonly scenarios?: boolean;
  /** Serve everything but the apps over TLS, with a certificate for localhost made on the spot. */
  readonly tls?: boolean;
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly clock?: Clock;
  readonly random?: Random;
  readonly fetch?: typeof fetch;
  readonly progress?: (line: string) => void;
}

/** Everything about the demo that follows from its options and the label of its network. */
export type World = ReturnType<typeof describeWorld>;

export function describeWorld(options: ConsortiumOptions, network: string, tls: LoopbackTls | undefined) {
  const count = options.operators ?? DEMO_OPERATORS.length;
  const ports = demoPorts(options.basePort, count);
  const scheme = tls ? 'https' : 'http';
  const origin = (port: number) => `${scheme}://localhost:${port}`;
  // The apps are outsiders: they serve plain http on loopback also when everything else is TLS.
  const appOrigin = (port: number) => `http://localhost:${port}`;
  const logLevel = options.logLevel ?? 'warn';
  const p: Provisioner = {
    network,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
  };
  return {
    ...p,
    options,
    tls,
    driver: options.driver ?? 'solo',
    ports,
    origin,
    appOrigin,
    logLevel,
    operators: DEMO_OPERATORS.slice(0, count),
    founders: DEMO_FOUNDERS.filter((f) => !f.roles.includes('operator') || DEMO_OPERATORS.indexOf(f) < count),
    statusRefreshSeconds: options.statusRefreshSeconds ?? 30,
    logger: createLogger(logLevel, { node: 'consortium' }) as Logger,
    urls: {
      start: origin(ports.start),
      operators: ports.operators.map(origin),
      bridge: origin(ports.bridge),
      wallet: origin(ports.wallet),
      shop: appOrigin(ports.shop),
      forum: appOrigin(ports.forum),
    },
  };
}
