import { type Clock, isAppError, type Logger, type Signer } from '@attestel/core';
import type { Policy } from '@attestel/proof';
import { fail } from '../../errors.ts';
import { assertSameGenesis, commitGenesis, type Genesis } from '../../executor/genesis.ts';
import { createLedgerHost } from '../../executor/ledger-host.ts';
import { type OpenExecutorOptions, openExecutor } from '../../executor/open-executor.ts';
import type { Ledger, OperationResult } from '../../ledger.ts';
import { readCometRecord } from '../../log/comet-record.ts';
import { ed25519Key } from '../../log/sign-checkpoint.ts';
import type { Operation } from '../../operation.ts';
import { toConsistent } from '../../operations/decode-operation.ts';
import { assertFresh } from '../../state/assert-fresh.ts';
import { startHeartbeat, type Timer } from '../heartbeat.ts';
import { type BlockQueue, createBlockQueue } from './block-queue.ts';
import { Sequencer } from './sequencer.ts';

const DEFAULT_CLOCK_LEAP_SECONDS = 90 * 86_400;

export interface OpenLedgerOptions extends OpenExecutorOptions {
  /** Ed25519; signs the log's checkpoints and nothing else. Its name in notes is the origin. */
  readonly signer: Signer;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whose cosignatures count; without one, proofs are made from the head as soon as it is durable. */
  readonly policy?: Policy | undefined;
  /**
   * Block 1 of a new ledger; a ledger that began otherwise does not open. An empty store needs it, since
   * whoever submits first would else found the registry. `none`: for tests of what needs no founders.
   */
  readonly genesis?: Genesis;
  /**
   * How far the clock may be ahead of the last block. Default 90 days: more than a node is off, less than a
   * broken clock says. Whoever knows that the clock is right opens the ledger with more.
   */
  readonly maxClockLeapSeconds?: number;
  /** How long a block waits for more operations. Default 3. */
  readonly collectMilliseconds?: number;
  /** Signs the head again while nothing happens; without it, receipts of an idle ledger go stale. */
  readonly heartbeat?: { readonly seconds: number; readonly timer: Timer };
}

/**
 * Opens the solo driver: this process alone orders operations. One durable transaction per block holds
 * log, attachments, state, trie, frontier, height, time and the signed checkpoint.
 * @throws AppError store_mismatch, store_damaged, genesis_missing, genesis_mismatch, genesis_refused
 */
export async function openLedger(options: OpenLedgerOptions): Promise<Ledger> {
  const { origin, store, signer, clock, genesis, policy, collectMilliseconds = 3 } = options;
  const { maxClockLeapSeconds = DEFAULT_CLOCK_LEAP_SECONDS } = options;
  ed25519Key(signer.publicKey);
  // One party alone must not go on with what validators agreed on: there would be two histories.
  if (readCometRecord(store)) throw fail('store_mismatch', { field: 'driver: validators order this ledger' });
  const { book, executor } = await openExecutor(options);
  const logger = options.logger.child({ ledger: origin });
  const host = createLedgerHost({ book, store, executor, policy, logger });
  const onBlock = host.deliver;
  const sequencer = new Sequencer({ executor, clock, maxClockLeapSeconds, logger, onBlock });
  if (executor.head.height > 0) {
    if (genesis && genesis !== 'none') assertSameGenesis(store, genesis);
  } else if (genesis === undefined || genesis.length === 0) {
    throw fail('genesis_missing', { field: 'genesis' });
  } else if (genesis !== 'none') {
    host.deliver({ head: await commitGenesis(executor, genesis, sequencer.nextTimeMs()), operations: [] });
  }
  const queue = createBlockQueue({
    verify: options.batchVerifier && ((operations) => executor.verify(operations, 'incoming')),
    admit(operation) {
      assertFresh(store, operation, executor.head);
      executor.screen(operation);
      executor.admit(operation);
    },
    begin: (operations) => sequencer.begin(operations),
    collectMilliseconds,
  });
  const heartbeat = startHeartbeat(options.heartbeat, { host, executor, logger });
  return {
    ...host.ledger,
    run: options.batchVerifier?.run,
    submit: (operations) => submitAll(queue, operations),
    async close() {
      heartbeat.stop();
      await queue.close();
    },
  };
}

/** Even an operation whose bytes are malformed gets an answer of its own. */
const submitAll = (queue: BlockQueue, operations: readonly Operation[]): Promise<OperationResult[]> =>
  new Promise((resolve) => {
    const results: OperationResult[] = [];
    let open = operations.length;
    if (open === 0) resolve(results);
    operations.forEach((operation, i) => {
      const settle = (result: OperationResult): void => {
        results[i] = result;
        open -= 1;
        if (open === 0) resolve(results);
      };
      try {
        queue.enqueue(toConsistent(operation), settle);
      } catch (error) {
        if (!isAppError(error)) throw error;
        settle({ ok: false, id: operation.id, error });
      }
    });
  });
