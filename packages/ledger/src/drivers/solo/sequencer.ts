import { type AppError, isAppError, type Logger } from '@attestel/core';
import { createFrontier } from '@attestel/proof';
import { fail } from '../../errors.ts';
import type { BlockNotice, Head, OperationResult } from '../../ledger.ts';
import type { HeadRecord } from '../../log/head-record.ts';
import type { Operation } from '../../operation.ts';
import { sha256 } from '../../sha256.ts';
import { type Executed, isAccepted, secondsOf } from '../../state/execute-block.ts';
import { type Candidate, commitBlock, type Producer, prepareBlock } from './produce-block.ts';

type Failure = { readonly id: Operation['id']; readonly ok: false; readonly error: AppError };

/** Holds the head of a ledger and moves it block by block; one block at a time. */
export class Sequencer {
  readonly #producer: Producer;
  readonly #logger: Logger;
  readonly #listeners = new Set<(block: BlockNotice) => void>();
  #record: HeadRecord;
  #head: Head;
  #halted = false;

  constructor(producer: Producer, record: HeadRecord, logger: Logger) {
    this.#producer = producer;
    this.#record = record;
    this.#head = toHead(record);
    this.#logger = logger;
  }

  get head(): Head {
    return this.#head;
  }

  onBlock(listener: (block: BlockNotice) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Executes, signs, commits, delivers. Never throws: every operation gets its answer. */
  async produce(operations: readonly Operation[]): Promise<readonly OperationResult[]> {
    if (this.#halted) return failAll(operations, fail('ledger_halted'));
    let candidate: Candidate;
    try {
      candidate = await prepareBlock(this.#producer, this.#record, operations);
    } catch (error) {
      const known = isAppError(error) ? error : fail('checkpoint_not_signed', { cause: error });
      this.#logger.error('block_not_prepared', { code: known.code, cause: nameOf(known.cause) });
      return failAll(operations, known);
    }
    this.#logBrokenModules(candidate.execution.outcomes);
    return this.#commit(candidate);
  }

  async #commit({ execution, block }: Candidate): Promise<readonly OperationResult[]> {
    const { outcomes } = execution;
    if (block) {
      const { height } = block.head;
      try {
        await commitBlock(this.#producer, execution, block);
      } catch (error) {
        // Whether the block is durable is now known to the disk only. Going on could fork the log.
        this.#halted = true;
        this.#logger.error('commit_failed', { height, cause: nameOf(error) });
        const unknown = fail('outcome_unknown', { cause: error });
        return outcomes.map((outcome) => toResult(outcome, height, unknown));
      }
      this.#record = block.head;
      this.#head = toHead(block.head);
      this.#deliver({ head: this.#head, operations: outcomes.filter(isAccepted) });
    }
    return outcomes.map((outcome) => toResult(outcome, this.#head.height));
  }

  #deliver(notice: BlockNotice): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(notice);
      } catch (error) {
        // A reader's bug must not make a durable block look failed.
        this.#logger.error('block_listener_failed', { height: notice.head.height, cause: nameOf(error) });
      }
    }
  }

  /** Refusals are everyday; a module that breaks is not. */
  #logBrokenModules(outcomes: readonly Executed[]): void {
    for (const outcome of outcomes) {
      if (isAccepted(outcome) || outcome.error.kind !== 'internal') continue;
      const { module, kind } = outcome.operation.payload;
      this.#logger.error('module_failed', {
        module,
        kind,
        cause: outcome.error.detail ?? outcome.error.code,
      });
    }
  }
}

function toHead({ height, timeMs, frontier, checkpoint }: HeadRecord): Head {
  const root = createFrontier(sha256, frontier).root();
  return { height, time: secondsOf(timeMs), size: frontier.size, root, checkpoint };
}

function toResult(outcome: Executed, height: number, failure?: AppError): OperationResult {
  const { id } = outcome.operation;
  if (!isAccepted(outcome)) return { ok: false, id, error: outcome.error };
  if (failure) return { ok: false, id, error: failure };
  return { ok: true, id, index: outcome.index, height, events: outcome.events };
}

const failAll = (operations: readonly Operation[], error: AppError): readonly Failure[] =>
  operations.map(({ id }) => ({ ok: false, id, error }));

const nameOf = (error: unknown): string => (error instanceof Error ? error.message : 'no error given');
