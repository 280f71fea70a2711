import { type Clock, isAppError, type Logger, type Signer, type Store } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { Ledger, OperationResult } from '../../ledger.ts';
import type { Operation } from '../../operation.ts';
import { toConsistent } from '../../operations/decode-operation.ts';
import { createSignatureVerifier } from '../../signatures/verify-signature.ts';
import { admitOperation } from '../../state/admit-operation.ts';
import { nextSequence } from '../../state/apply-operation.ts';
import { assertFresh } from '../../state/assert-fresh.ts';
import { createStateReader } from '../../state/module-state.ts';
import { createRules, HOST_MODULE, type Rules, type RulesOptions } from '../../state/rules.ts';
import { fromU64, TABLES, u64 } from '../../tables.ts';
import { type BlockQueue, createBlockQueue } from './block-queue.ts';
import { type Genesis, openHead } from './open-head.ts';
import { Sequencer } from './sequencer.ts';

const DEFAULT_CLOCK_LEAP_SECONDS = 90 * 86_400;

export interface OpenLedgerOptions extends RulesOptions {
  /** Unique name of the log, and the key name of its checkpoints. */
  readonly origin: string;
  /** Owned by the caller: closing the ledger does not close it. */
  readonly store: Store;
  /** Ed25519; signs checkpoints and nothing else. */
  readonly signer: Signer;
  readonly clock: Clock;
  readonly logger: Logger;
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
}

/**
 * Opens the solo driver: this process alone orders operations. One durable transaction per block holds
 * log, attachments, state, frontier, height, time and the signed checkpoint.
 * @throws AppError store_mismatch, store_damaged, genesis_missing, genesis_mismatch, genesis_refused
 */
export async function openLedger(options: OpenLedgerOptions): Promise<Ledger> {
  const { origin, store, signer, clock, genesis, collectMilliseconds = 3 } = options;
  const { maxClockLeapSeconds = DEFAULT_CLOCK_LEAP_SECONDS } = options;
  const rules = createRules(options, createSignatureVerifier());
  const producer = { rules, store, signer, clock, maxClockLeapSeconds };
  const head = await openHead({ producer, origin, genesis });
  const sequencer = new Sequencer(producer, head, options.logger.child({ ledger: origin }));
  const queue = createBlockQueue({
    admit(operation) {
      assertFresh(store, operation, sequencer.head);
      admitOperation(rules, operation, 'submitted');
    },
    produce: (operations) => sequencer.produce(operations),
    collectMilliseconds,
  });
  return {
    ...readersOf(rules, store, sequencer),
    submit: (operations) => Promise.all(operations.map((operation) => submit(queue, operation))),
    head: () => sequencer.head,
    onBlock: (listener) => sequencer.onBlock(listener),
    close: () => queue.close(),
  };
}

/** Even an operation whose bytes are malformed gets an answer of its own. */
async function submit(queue: BlockQueue, operation: Operation): Promise<OperationResult> {
  try {
    return await queue.submit(toConsistent(operation));
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { ok: false, id: operation.id, error };
  }
}

function readersOf(
  rules: Rules,
  store: Store,
  sequencer: Sequencer,
): Pick<Ledger, 'network' | 'state' | 'sequence' | 'entries' | 'attachment'> {
  return {
    network: rules.network,
    state(module) {
      if (!rules.modules.has(module)) throw fail('unknown_module');
      return createStateReader(store, module);
    },
    sequence(module, actor) {
      if (rules.modules.get(module)?.ordering !== 'actor') throw fail('unknown_module');
      return nextSequence(createStateReader(store, HOST_MODULE), module, actor);
    },
    *entries(from, limit) {
      const to = Math.min(sequencer.head.size, from + limit);
      if (to <= from) return;
      for (const [key, bytes] of store.range(TABLES.entries, { from: u64(from), to: u64(to) })) {
        yield { index: fromU64(key), bytes };
      }
    },
    attachment: (operationId) => store.get(TABLES.attachments, operationId),
  };
}
