import type { Bytes, Clock, Logger } from '@attestel/core';
import type { Policy } from '@attestel/proof';
import { createLedgerClient } from '../client/ledger-client.ts';
import { startHeartbeat, type Timer } from '../drivers/heartbeat.ts';
import { fail } from '../errors.ts';
import { createLedgerHost, type LedgerHost } from '../executor/ledger-host.ts';
import { type OpenExecutorOptions, openExecutor } from '../executor/open-executor.ts';
import type { Ledger } from '../ledger.ts';
import { createAlarmLog } from './alarm-log.ts';
import type { Alarm } from './evidence.ts';
import { type FollowLoop, startFollowLoop } from './follow-loop.ts';
import { Follower } from './follower.ts';
import { forwardSubmissions } from './forward-submissions.ts';
import { createLogMirror } from './log-mirror.ts';
import { assertTrust, type LogTrust } from './signed-head.ts';
import { watchEvents } from './watch-events.ts';

export interface OpenFollowedLedgerOptions extends Omit<OpenExecutorOptions, 'signer' | 'origin'>, LogTrust {
  /** Node that orders operations: submissions go there. */
  readonly url: string;
  /** Other nodes that follow the same log: they show what they were shown, and serve when the first is away. */
  readonly peers?: readonly string[];
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whose cosignatures count for receipts; without `checkpointKey`, whose quorum signs for the log. */
  readonly policy?: Policy | undefined;
  /** Operation ids of block 1: what makes it this ledger and not another one of the same key. */
  readonly genesis?: readonly Bytes[] | undefined;
  /** Number of the last alarm that the operator has looked into; following goes on after it. */
  readonly acknowledgedAlarm?: number | undefined;
  /** Between rounds; default 1,000. `manual`: whoever holds the ledger calls `follow`. */
  readonly pollMilliseconds?: number | 'manual';
  /** Signs the head again while nothing happens; without it, receipts of an idle ledger go stale. */
  readonly heartbeat?: { readonly seconds: number; readonly timer: Timer };
  /** How long a submitter waits for its operation to come back in the log. Default 10,000. */
  readonly returnMilliseconds?: number;
}

/** A ledger that another node orders and this one executes, compares and cosigns. */
export interface FollowedLedger extends Ledger {
  /** One round now; true when nothing newer is known. @throws AppError following_stopped */
  follow(): Promise<boolean>;
  /** What the log did wrong, oldest first; kept across restarts. */
  alarms(): readonly Alarm[];
  /** Resolves when this node has executed so many entries. Bounded by the caller's signal. */
  reached(size: number, signal: AbortSignal): Promise<void>;
}

/**
 * Follows a log from any node that serves it. Nothing is durable or cosigned before the log's signature, its root and
 * its state root were compared with what this node computed. A log at fault is followed no further: the last good state is
 * served, nothing is cosigned, and the evidence is kept.
 * @throws AppError store_mismatch, store_damaged, alarm_unknown; TypeError without key and policy
 */
export async function openFollowedLedger(options: OpenFollowedLedgerOptions): Promise<FollowedLedger> {
  const { store, clock, policy, url, peers = [], fetch, acknowledgedAlarm: acknowledged } = options;
  assertTrust(options);
  const logger = options.logger.child({ ledger: options.origin });
  const { book, executor } = await openExecutor(options);
  const host = createLedgerHost({ book, store, executor, policy, logger });
  const alarms = createAlarmLog(store, { clock, logger, acknowledged });
  const mirrors = [url, ...peers].map((each) => createLogMirror({ url: each, fetch }));
  const { genesis } = options;
  const follower = new Follower({
    book,
    store,
    executor,
    host,
    trust: options,
    genesis,
    mirrors,
    alarms,
    logger,
  });
  let heart = { stop() {} };
  if (!alarms.standing()) heart = startHeartbeat(options.heartbeat, { host, executor, logger });
  const follow = oneAtATime(async () => {
    try {
      return await follower.round();
    } catch (error) {
      // A node that contradicts the log must not seem to stand by it.
      if (alarms.standing()) heart.stop();
      throw error;
    }
  });
  const { pollMilliseconds = 1000 } = options;
  const loop = pollMilliseconds === 'manual' ? NO_LOOP : start(follow, pollMilliseconds, options, host);
  const forward = forwardSubmissions({
    client: createLedgerClient({ url, fetch, timeoutMilliseconds: options.returnMilliseconds }),
    ledger: host.ledger,
    wake: () => loop.wake(),
    returnMilliseconds: options.returnMilliseconds ?? 10_000,
  });
  const reached = (size: number, signal: AbortSignal) => untilSize(host, size, signal);
  return {
    ...host.ledger,
    follow,
    alarms: () => alarms.all(),
    reached,
    async submit(operations) {
      // What is ordered now would never come back to here.
      if (!alarms.standing()) return forward(operations);
      return operations.map(({ id }) => ({ ok: false, id, error: fail('following_stopped') }));
    },
    async close() {
      heart.stop();
      await loop.stop();
    },
  };
}

const NO_LOOP: FollowLoop = { wake() {}, async stop() {} };

/** Rounds at intervals, and at once when the node that orders has news. */
function start(
  round: () => Promise<boolean>,
  pollMilliseconds: number,
  { url, fetch, logger }: OpenFollowedLedgerOptions,
  { ledger }: LedgerHost,
): FollowLoop {
  const loop = startFollowLoop({ round, pollMilliseconds, logger });
  const watch = watchEvents({ url, fetch, from: () => ledger.head().size, onNews: () => loop.wake() });
  return {
    wake: () => loop.wake(),
    async stop() {
      await watch.stop();
      await loop.stop();
    },
  };
}

/** Rounds would otherwise execute the same block twice. */
function oneAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };
}

function untilSize({ ledger }: LedgerHost, size: number, signal: AbortSignal): Promise<void> {
  if (ledger.head().size >= size) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      leave();
      signal.removeEventListener('abort', expire);
      settle();
    };
    const expire = (): void => end(() => reject(fail('not_final')));
    const leave = ledger.onBlock(({ head }) => {
      if (head.size >= size) end(resolve);
    });
    signal.addEventListener('abort', expire);
    if (signal.aborted) expire();
  });
}
