import type { Bytes, StoreWriter } from '@attestel/core';
import type { Head } from '../ledger.ts';
import type { Operation } from '../operation.ts';
import type { Executed } from '../state/execute-block.ts';

export interface Block {
  /** Block time, unix milliseconds; greater than that of the block before. */
  readonly timeMs: number;
  readonly operations: readonly Operation[];
  /** `log`: read back from a log, where attachments may have been erased. Default `submitted`. */
  readonly source?: 'submitted' | 'log';
}

/** An executed block of which nothing is durable. */
export interface Candidate {
  readonly height: number;
  readonly timeMs: number;
  /** One per operation, in order; refused ones too. */
  readonly outcomes: readonly Executed[];
  /** New entries of the log; the block leaf is the last. */
  readonly leaves: readonly Bytes[];
  readonly stateRoot: Bytes;
  /** Checkpoint body after the block. */
  readonly body: string;
  /** SHA-256 of the body. */
  readonly appHash: Bytes;
  /** False when no operation was accepted: there is no such block, the head stays as it is. */
  readonly changed: boolean;
}

/** One deterministic state machine under every driver: executes into memory, becomes durable in one step. */
export interface Executor {
  /** Last committed. */
  readonly head: Head;
  /**
   * Executes a block on the head, synchronously and without effect on the store. Operations are admitted here too:
   * whatever was not yet found to be in order is checked, signatures included. Several candidates may stand side by
   * side until one is committed. `id` names the block: the same id again gives the same candidate.
   * @throws AppError version_missing, ledger_halted; TypeError when the time does not increase, or for more
   * operations than a block takes
   */
  execute(block: Block, id?: string): Candidate;
  /**
   * Exactly one durable transaction: block, state, trie, checkpoint with this node's signatures, and whatever `extra`
   * adds. A candidate without change writes only what `extra` does. All other candidates are void afterwards.
   * @throws AppError checkpoint_not_signed, cosign_refused (nothing is written then); whatever the store throws: then
   * the outcome is unknown and the executor has halted
   */
  commit(candidate: Candidate, extra?: (writer: StoreWriter) => void): Promise<Head>;
  /** Forgets a candidate that nobody will commit; one whose commit is under way stays. */
  discard(candidate: Candidate): void;
  /**
   * Checks signatures, and what modules can check of attachments, ahead on other threads where there are any, so that
   * `admit` and `execute` need not. Says nothing itself: what is wrong is refused by those. Resolves at once without
   * such threads. `incoming`: from anybody, so of attachments only what passes {@link screen}.
   */
  verify(operations: readonly Operation[], from: 'incoming' | 'block'): Promise<void>;
  /**
   * Refuses an operation that comes in and that no block is going to take, as far as that is cheap to see; to be asked
   * before {@link admit}. What is in a block is not asked. @throws AppError
   */
  screen(operation: Operation): void;
  /** Checks that need no state beyond the version in force. @throws AppError */
  admit(operation: Operation): void;
}
