import { type AppError, type Clock, isAppError, type Logger } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { Candidate } from '../../executor/executor.ts';
import type { LedgerExecutor } from '../../executor/ledger-executor.ts';
import type { BlockNotice, OperationResult } from '../../ledger.ts';
import type { Operation } from '../../operation.ts';
import { type Executed, isAccepted } from '../../state/execute-block.ts';

/** An executed block, or why there is none. */
type Begun = { readonly candidate: Candidate } | { readonly error: unknown };

type Failure = { readonly id: Operation['id']; readonly ok: false; readonly error: AppError };

export interface SequencerOptions {
  readonly executor: LedgerExecutor;
  readonly clock: Clock;
  /** How far the clock may be ahead of the last block. */
  readonly maxClockLeapSeconds: number;
  readonly logger: Logger;
  /** Told of each block once it is durable, in order. */
  readonly onBlock: (notice: BlockNotice) => void;
}

/** Moves the head block by block; one block at a time. */
export class Sequencer {
  readonly #options: SequencerOptions;
  #halted: AppError | undefined;

  constructor(options: SequencerOptions) {
    this.#options = options;
  }

  /**
   * Executes a block at once, above the one that is being committed if there is one. What it returns commits, delivers
   * and answers; it is called when that other one is done. Neither throws: every operation gets its answer.
   */
  begin(operations: readonly Operation[]): () => Promise<readonly OperationResult[]> {
    const executed = this.#execute(operations);
    return async () => {
      if (this.#halted) return failAll(operations, this.#halted);
      const isVoid = 'candidate' in executed && !this.#options.executor.has(executed.candidate);
      return this.#finish(operations, isVoid ? this.#execute(operations) : executed);
    };
  }

  #execute(operations: readonly Operation[]): Begun {
    try {
      const candidate = this.#options.executor.executeAhead({ timeMs: this.nextTimeMs(), operations });
      return { candidate };
    } catch (error) {
      return { error };
    }
  }

  async #finish(operations: readonly Operation[], begun: Begun): Promise<readonly OperationResult[]> {
    if ('error' in begun) return this.#refuse(operations, begun.error);
    const { executor } = this.#options;
    const { candidate } = begun;
    this.#logBrokenModules(candidate.outcomes);
    if (!candidate.changed) {
      executor.discard(candidate);
      return this.#resultsOf(candidate);
    }
    try {
      await executor.commit(candidate);
    } catch (error) {
      if (executor.halted) return this.#halt(candidate, error);
      executor.discard(candidate);
      return this.#refuse(operations, error);
    }
    const accepted = candidate.outcomes.filter(isAccepted);
    this.#options.onBlock({ head: executor.head, operations: accepted });
    return this.#resultsOf(candidate);
  }

  #refuse(operations: readonly Operation[], error: unknown): readonly OperationResult[] {
    const known = isAppError(error) ? error : fail('checkpoint_not_signed', { cause: error });
    this.#options.logger.error('block_not_prepared', { code: known.code, cause: nameOf(known.cause) });
    // A version that governance scheduled will not come by asking again.
    if (known.code === 'version_missing') this.#halted = known;
    return failAll(operations, known);
  }

  /**
   * Strictly increasing, whatever the clock does. For that reason a block from the far future would end the
   * ledger: until that time came, every operation would be too late for it. @throws AppError clock_leap
   */
  nextTimeMs(): number {
    const { clock, executor, maxClockLeapSeconds } = this.#options;
    const { height, timeMs } = executor.ahead;
    const now = Math.floor(clock.now());
    const leap = Math.floor((now - timeMs) / 1000);
    if (height > 0 && leap > maxClockLeapSeconds) throw fail('clock_leap', { extra: { leapSeconds: leap } });
    return Math.max(now, timeMs + 1);
  }

  /** Whether the block is durable is now known to the disk only. Going on could fork the log. */
  #halt({ outcomes, height }: Candidate, error: unknown): readonly OperationResult[] {
    this.#halted = fail('ledger_halted');
    this.#options.logger.error('commit_failed', { height, cause: nameOf(error) });
    const unknown = fail('outcome_unknown', { cause: error });
    return outcomes.map((outcome) => toResult(outcome, height, unknown));
  }

  #resultsOf({ outcomes, height }: Candidate): readonly OperationResult[] {
    return outcomes.map((outcome) => toResult(outcome, height));
  }

  /** Refusals are everyday; a module that breaks is not. */
  #logBrokenModules(outcomes: readonly Executed[]): void {
    for (const outcome of outcomes) {
      if (isAccepted(outcome) || outcome.error.kind !== 'internal') continue;
      const { module, kind } = outcome.operation.payload;
      const cause = outcome.error.detail ?? outcome.error.code;
      this.#options.logger.error('module_failed', { module, kind, cause });
    }
  }
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
