import { join } from 'node:path';
import { type Clock, isAppError, type Logger, type Random, systemClock, systemRandom } from '@attestel/core';
import { type FollowedLedger, openLmdbStore } from '@attestel/ledger';
import type { NodeConfig } from '../config.schema.ts';
import { fail } from '../errors.ts';
import { createLogger } from '../log.ts';
import { type AttestelNode, createNode } from './create-node.ts';
import { createLedgerMeter } from './ledger-meter.ts';
import { openFollowed } from './open-followed.ts';
import { openParty } from './open-party.ts';

export interface MemberNodeOptions {
  /** Opens the party's keys. */
  readonly passphrase: string;
  readonly scryptN?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
  readonly fetch?: typeof fetch;
}

export interface MemberNode {
  readonly node: AttestelNode;
  readonly ledger: FollowedLedger;
  close(): Promise<void>;
}

/**
 * One member's node as its configuration says: its own keys, its own copy of the ledger, its roles.
 * @throws AppError ledger_not_configured, witness_unknown, what opening keys, stores and ports throws
 */
export async function startMemberNode(config: NodeConfig, options: MemberNodeOptions): Promise<MemberNode> {
  const { clock = systemClock, random = systemRandom, fetch: get = fetch, ...secret } = options;
  const follow = config.ledger?.follow;
  if (!follow) throw fail('ledger_not_configured');
  const logger =
    options.logger ??
    createLogger(config.logLevel === 'silent' ? 'error' : config.logLevel, { node: config.instance });
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    const party = await openParty({
      dataDir: config.dataDir,
      passphrase: secret.passphrase,
      ...(secret.scryptN ? { scryptN: secret.scryptN } : {}),
    });
    closers.push(() => party.close());
    const store = await openLmdbStore({ path: join(config.dataDir, 'ledger') });
    closers.push(() => store.close());
    const meter = createLedgerMeter();
    const { network } = config;
    const ports = { network, party, store, clock, logger, fetch: get, meter };
    const { ledger: followed, policyText } = await openFollowed(follow, ports);
    closers.push(() => followed.close());
    const ledger = meter.watch(followed);
    await firstRound(ledger, logger);
    const node = await createNode(config, {
      ...{ ledger, party, policyText, clock, random, logger, fetch: get },
      ...{ alarms: ledger.alarms, meter },
    });
    closers.push(() => node.close());
    return { node, ledger, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Roles want to find themselves in the registry. A log that cannot be had now must not keep the node from serving. */
async function firstRound(ledger: FollowedLedger, logger: Logger): Promise<void> {
  try {
    await ledger.follow();
  } catch (error) {
    logger.error('first_round_failed', { code: isAppError(error) ? error.code : 'internal' });
  }
}
