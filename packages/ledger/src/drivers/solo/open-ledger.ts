import { type Clock, isAppError, type Logger, type Signer, type Store } from '@attestel/core';
import { createFrontier } from '@attestel/proof';
import { fail } from '../../errors.ts';
import type { BlockNotice, Head, Ledger, OperationResult } from '../../ledger.ts';
import type { HeadRecord } from '../../log/head-record.ts';
import type { Operation } from '../../operation.ts';
import { toConsistent } from '../../operations/decode-operation.ts';
import { sha256 } from '../../sha256.ts';
import { createSignatureVerifier } from '../../signatures/verify-signature.ts';
import { admitOperation } from '../../state/admit-operation.ts';
import { nextSequence } from '../../state/apply-operation.ts';
import { type Executed, isAccepted, secondsOf } from '../../state/execute-block.ts';
import { createStateReader } from '../../state/module-state.ts';
import { createRules, HOST_MODULE, type RulesOptions } from '../../state/rules.ts';
import { fromU64, TABLES, u64 } from '../../tables.ts';
import { createBlockQueue } from './block-queue.ts';
import { openHead } from './open-head.ts';
import { commitBlock, type Producer, prepareBlock } from './produce-block.ts';

export interface OpenLedgerOptions extends RulesOptions {
  /** Unique name of the log, and the key name of its checkpoints. */
  readonly origin: string;
  /** Owned by the caller: closing the ledger does not close it. */
  readonly store: Store;
  /** Ed25519; signs checkpoints and nothing else. */
  readonly signer: Signer;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Block 1 of a new ledger. A ledger that began otherwise does not open. */
  readonly genesis?: readonly Operation[];
  /** How long a block waits for more operations. Default 3. */
  readonly collectMilliseconds?: number;
}

/**
 * Opens the solo driver: this process alone orders operations. One durable transaction per block holds
 * log, attachments, state, frontier, height, time and the signed checkpoint.
 * @throws AppError store_mismatch, store_damaged, genesis_mismatch, genesis_refused
 */
export async function openLedger(options: OpenLedgerOptions): Promise<Ledger> {
  const { origin, store, signer, clock, genesis = [], collectMilliseconds = 3 } = options;
  const logger = options.logger.child({ ledger: origin });
  const rules = createRules(options, createSignatureVerifier());
  const producer: Producer = { rules, store, signer, clock };
  let record = await openHead({ producer, origin, genesis });
  let head = toHead(record);
  let halted = false;
  const listeners = new Set<(block: BlockNotice) => void>();

  const notify = (notice: BlockNotice): void => {
    for (const listener of [...listeners]) {
      try {
        listener(notice);
      } catch (error) {
        // A reader's bug must not make a durable block look failed.
        logger.error('block_listener_failed', { height: notice.head.height, cause: nameOf(error) });
      }
    }
  };
  const produce = async (operations: readonly Operation[]): Promise<readonly OperationResult[]> => {
    if (halted) return operations.map(({ id }) => ({ ok: false, id, error: fail('ledger_halted') }));
    const candidate = await prepareBlock(producer, record, operations).catch((error: unknown) => {
      const known = isAppError(error) ? error : fail('checkpoint_not_signed', { cause: error });
      logger.error('block_not_prepared', { code: known.code, cause: nameOf(known.cause) });
      return known;
    });
    if (isAppError(candidate)) return operations.map(({ id }) => ({ ok: false, id, error: candidate }));
    const { execution, block } = candidate;
    logFailures(execution.outcomes, logger.error);
    if (block) {
      try {
        await commitBlock(producer, execution, block);
      } catch (error) {
        // Whether the block is durable is now known to the disk only. Going on could fork the log.
        halted = true;
        logger.error('commit_failed', { height: block.head.height, cause: nameOf(error) });
        return execution.outcomes.map((outcome) =>
          toResult(outcome, block.head.height, () => fail('outcome_unknown', { cause: error })),
        );
      }
      record = block.head;
      head = toHead(record);
      notify({ head, operations: execution.outcomes.filter(isAccepted) });
    }
    return execution.outcomes.map((outcome) => toResult(outcome, head.height));
  };
  const queue = createBlockQueue({
    admit: (operation) => admitOperation(rules, operation, 'submitted'),
    produce,
    collectMilliseconds,
  });
  return {
    network: rules.network,
    submit: (operations) =>
      Promise.all(
        operations.map(async (operation) => {
          try {
            return await queue.submit(toConsistent(operation));
          } catch (error) {
            if (!isAppError(error)) throw error;
            return { ok: false, id: operation.id, error } as const;
          }
        }),
      ),
    head: () => head,
    state(module) {
      if (!rules.modules.has(module)) throw fail('unknown_module');
      return createStateReader(store, module);
    },
    sequence(module, actor) {
      if (rules.modules.get(module)?.ordering !== 'actor') throw fail('unknown_module');
      return nextSequence(createStateReader(store, HOST_MODULE), module, actor);
    },
    *entries(from, limit) {
      const to = Math.min(head.size, from + limit);
      if (to <= from) return;
      for (const [key, bytes] of store.range(TABLES.entries, { from: u64(from), to: u64(to) })) {
        yield { index: fromU64(key), bytes };
      }
    },
    attachment: (operationId) => store.get(TABLES.attachments, operationId),
    onBlock(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => queue.close(),
  };
}

function toHead({ height, timeMs, frontier, checkpoint }: HeadRecord): Head {
  const root = createFrontier(sha256, frontier).root();
  return { height, time: secondsOf(timeMs), size: frontier.size, root, checkpoint };
}

function toResult(
  outcome: Executed,
  height: number,
  failed?: () => ReturnType<typeof fail>,
): OperationResult {
  const { id } = outcome.operation;
  if (!isAccepted(outcome)) return { ok: false, id, error: outcome.error };
  if (failed) return { ok: false, id, error: failed() };
  return { ok: true, id, index: outcome.index, height, events: outcome.events };
}

/** Refusals are everyday; a module that breaks is not. */
function logFailures(outcomes: readonly Executed[], log: Logger['error']): void {
  for (const outcome of outcomes) {
    if (isAccepted(outcome) || outcome.error.kind !== 'internal') continue;
    const { module, kind } = outcome.operation.payload;
    log('module_failed', { module, kind, cause: outcome.error.detail ?? outcome.error.code });
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.message : 'threw a non-error');
