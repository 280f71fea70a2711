import type { AppError, Bytes } from '@attestel/core';
import type { LedgerEvent, StateReader } from './module.ts';
import type { Operation } from './operation.ts';

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
  /** Signed C2SP checkpoint text of this head. */
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
  /** Called after each durable block, in order. Returns the unsubscriber. */
  onBlock(listener: (block: BlockNotice) => void): () => void;
  close(): Promise<void>;
}
