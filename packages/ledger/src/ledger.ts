import type { AppError, Bytes } from '@attestel/core';
import type { LedgerEvent, StateReader } from './module.ts';
import type { Operation } from './operation.ts';
import type { RunTask } from './threads/thread-pool.ts';

export type OperationResult =
  | {
      readonly ok: true;
      readonly id: Bytes;
      readonly index: number;
      readonly height: number;
      readonly events: readonly LedgerEvent[];
    }
  | { readonly ok: false; readonly id: Bytes; readonly error: AppError };

export interface Head {
  readonly height: number;
  /** Block time, unix seconds (milliseconds rounded down); 0 before the first block. */
  readonly time: number;
  /** Entries in the log. */
  readonly size: number;
  readonly root: Bytes;
  /** Root of the state trie. */
  readonly state: Bytes;
  /** The checkpoint's text: origin, size, log root and state root, without signatures. */
  readonly body: string;
  /** SHA-256 of the body. */
  readonly appHash: Bytes;
  /** The checkpoint as a C2SP note with all signatures known so far; empty while there are none. */
  readonly checkpoint: string;
}

/** A block as the log has it. */
export interface BlockSummary {
  readonly height: number;
  /** Log size after the block. */
  readonly size: number;
  /** C2SP note; empty when nobody had signed it yet. */
  readonly checkpoint: string;
}

export interface BlockNotice {
  readonly head: Head;
  readonly operations: readonly {
    readonly operation: Operation;
    readonly index: number;
    readonly events: readonly LedgerEvent[];
  }[];
}

/** `path`: the checkpoint as its hash, served once and cached; `full`: with body and cosignatures inside. */
export type ReceiptForm = 'path' | 'full';

/**
 * Proofs of what the ledger holds, from the newest checkpoint that enough witnesses cosigned (where no policy is
 * configured: that anybody signed).
 */
export interface ProofSource {
  /** That a key has its value or is absent, in the encoding of `@attestel/proof`. @throws AppError proof_unavailable */
  stateReceipt(module: string, key: string, form: ReceiptForm): Bytes;
  /** That an entry is in the log. @throws AppError proof_unavailable when that checkpoint is older than the entry */
  eventReceipt(index: number, form: ReceiptForm): Bytes;
  /** Hash of a complete subtree of the log, for tiles. @throws AppError store_damaged beyond the log */
  logNode(level: number, index: number): Bytes;
  /** RFC 6962 consistency proof between two sizes. @throws RangeError unless from ≤ to ≤ size */
  consistency(from: number, to: number): Bytes[];
  /**
   * Stands for what receipts are made from now: the same object as long as the same question has the same receipt.
   * @throws AppError proof_unavailable
   */
  source(): object;
  /** Note of a checkpoint by the SHA-256 of its body. */
  checkpoint(hash: Bytes): string | undefined;
}

/** What the rest of a node sees of the ledger, whatever driver orders it. */
export interface Ledger {
  readonly network: string;
  /** Resolves when each operation is durable or refused; one result per operation, in order. */
  submit(operations: readonly Operation[]): Promise<readonly OperationResult[]>;
  head(): Head;
  /** Committed state of a module. */
  state(module: string): StateReader;
  /** Next `sequence` of an actor in a module ordered by actor. */
  sequence(module: string, actor: string): number;
  /** Log entries as their exact leaf bytes. */
  entries(from: number, limit: number): Iterable<{ readonly index: number; readonly bytes: Bytes }>;
  attachment(operationId: Bytes): Bytes | undefined;
  /** Index of an operation in the log; undefined when it is not in it. */
  indexOf(operationId: Bytes): number | undefined;
  /** Blocks from a height on, each with its checkpoint as it was signed when the block became durable. */
  blocks(fromHeight: number, limit: number): Iterable<BlockSummary>;
  readonly proofs: ProofSource;
  /**
   * Adds cosignatures that others put on a recent checkpoint of this ledger. Those of the configured witnesses
   * count, newer ones replace older ones; anything else in the note is left out. Returns how many were added.
   * @throws AppError checkpoint_unknown; ProofError when it is no note or a witness's line does not verify
   */
  cosign(note: string): number;
  /** Called after each durable block, in order. Returns the unsubscriber. */
  onBlock(listener: (block: BlockNotice) => void): () => void;
  /** Threads of this node for what modules check ahead, for builders to use them too; absent where it has none. */
  readonly run?: RunTask | undefined;
  close(): Promise<void>;
}
