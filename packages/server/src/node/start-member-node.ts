import { join } from 'node:path';
import { type Clock, isAppError, type Logger, type Random, systemClock, systemRandom } from '@attestel/core';
import { type Alarm, type Ledger, openLmdbStore } from '@attestel/ledger';
import { startWhole } from '../closers.ts';
import type { NodeConfig } from '../config.schema.ts';
import { fail } from '../errors.ts';
import { createLogger } from '../log.ts';
import type { ConfiguredPolicy } from './configured-files.ts';
import { type AttestelNode, createNode } from './create-node.ts';
import { createLedgerMeter } from './ledger-meter.ts';
import { type CometPorts, openComet } from './open-comet.ts';
import { openFollowed } from './open-followed.ts';
import { openParty } from './open-party.ts';
import { openSolo } from './open-solo.ts';

const FIRST_ROUND_MILLISECONDS = 20_000;

export interface MemberNodeOptions {
  /** Opens the party's keys. */
  readonly passphrase: string;
  readonly scryptN?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
  readonly fetch?: typeof fetch;
  /** Told what takes long: the engine is built once. */
  readonly progress?: (line: string) => void;
}

export interface MemberNode {
  readonly node: AttestelNode;
  readonly ledger: Ledger;
  close(): Promise<void>;
}

/**
 * One member's node as its configuration says: its own keys, its own copy of the ledger, its roles.
 * @throws AppError ledger_not_configured, witness_unknown, engine_missing, what opening keys, stores and ports throws
 */
export const startMemberNode = (config: NodeConfig, options: MemberNodeOptions): Promise<MemberNode> =>
  startWhole(async (opened) => {
    const { clock = systemClock, random = systemRandom, fetch: get = fetch, ...secret } = options;
    const logger =
      options.logger ??
      createLogger(config.logLevel === 'silent' ? 'error' : config.logLevel, { node: config.instance });
    const party = await openParty({
      dataDir: config.dataDir,
      passphrase: secret.passphrase,
      ...(secret.scryptN ? { scryptN: secret.scryptN } : {}),
    });
    opened.add(() => party.close());
    const store = await openLmdbStore({ path: join(config.dataDir, 'ledger') });
    opened.add(() => store.close());
    const meter = createLedgerMeter();
    const own = await openMemberLedger(config, {
      ...{ network: config.network, party, store, clock, logger, fetch: get, meter },
      progress: options.progress ?? (() => {}),
    });
    opened.add(() => own.ledger.close());
    const ledger = meter.watch(own.ledger);
    await firstRound(own, logger);
    const node = await createNode(config, {
      ...{ ledger, party, clock, random, logger, fetch: get, meter },
      policyText: own.policyText,
      policyChain: own.policyChain,
      alarms: own.alarms,
    });
    opened.add(() => node.close());
    return { node, ledger, close: opened.close };
  });

interface MemberLedger extends ConfiguredPolicy {
  readonly ledger: Ledger;
  readonly alarms?: () => readonly Alarm[];
  /** Resolves when there is something to read. */
  readonly begun: (signal: AbortSignal) => Promise<unknown>;
}

/** @throws AppError ledger_not_configured; what opening it throws */
async function openMemberLedger(
  { ledger, instance, dataDir }: NodeConfig,
  ports: Omit<CometPorts, 'instance' | 'dataDir'>,
): Promise<MemberLedger> {
  if (ledger?.cometbft) {
    const opened = await openComet(ledger.cometbft, { ...ports, instance, dataDir });
    return { ...opened, begun: (signal) => opened.ledger.begun(signal) };
  }
  if (ledger?.solo) return { ...(await openSolo(ledger.solo, ports)), begun: async () => {} };
  if (!ledger?.follow) throw fail('ledger_not_configured');
  const opened = await openFollowed(ledger.follow, ports);
  return { ...opened, alarms: opened.ledger.alarms, begun: () => opened.ledger.follow() };
}

/** Roles want to find themselves in the registry. A log that cannot be had now must not keep the node from serving. */
async function firstRound({ begun }: MemberLedger, logger: Logger): Promise<void> {
  try {
    const signal = AbortSignal.timeout(FIRST_ROUND_MILLISECONDS);
    const { promise: late, reject } = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => reject(signal.reason));
    // A long log, or a mirror that takes its time, goes on behind a node that serves already.
    await Promise.race([begun(signal), late]);
  } catch (error) {
    logger.error('first_round_failed', { code: isAppError(error) ? error.code : 'internal' });
  }
}
