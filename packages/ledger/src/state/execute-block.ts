import { type AppError, isAppError, type StoreReader } from '@attestel/core';
import { fail } from '../errors.ts';
import type { LedgerEvent } from '../module.ts';
import type { Operation } from '../operation.ts';
import { createOverlay, type Overlay } from '../store/overlay.ts';
import { TABLES, u64 } from '../tables.ts';
import { applyOperation } from './apply-operation.ts';
import type { Rules } from './rules.ts';

/** Bounds of a block: work between two commits, and memory of a replay. */
export const MAX_BLOCK_OPERATIONS = 1000;
export const MAX_BLOCK_BYTES = 8_000_000;

export interface BlockHeader {
  readonly height: number;
  readonly timeMs: number;
  /** Log size before the block. */
  readonly size: number;
}

export type Executed =
  | { readonly operation: Operation; readonly index: number; readonly events: readonly LedgerEvent[] }
  | { readonly operation: Operation; readonly error: AppError };

export interface Execution {
  /** One per operation, in order. */
  readonly outcomes: readonly Executed[];
  /** Every state change of the block; nothing is written yet. */
  readonly writes: Overlay;
}

/** Block time as operations and modules see it. */
export const secondsOf = (timeMs: number): number => Math.floor(timeMs / 1000);

/**
 * Executes admitted operations one after another on an overlay. An operation that is refused leaves no
 * trace in it. Same operations, same state, same header: same result, on every machine.
 */
export function executeBlock(
  rules: Rules,
  base: StoreReader,
  operations: readonly Operation[],
  header: BlockHeader,
): Execution {
  const writes = createOverlay(base);
  const block = { height: header.height, time: secondsOf(header.timeMs) };
  let index = header.size;
  const outcomes = operations.map((operation): Executed => {
    try {
      const events = writes.attempt(() => {
        const told = applyOperation(rules, writes, operation, block);
        writes.give(TABLES.operations, operation.id, u64(index));
        return told;
      });
      const accepted = { operation, index, events };
      index += 1;
      return accepted;
    } catch (error) {
      return { operation, error: isAppError(error) ? error : fail('module_failed', { cause: error }) };
    }
  });
  return { outcomes, writes };
}

export const isAccepted = (outcome: Executed): outcome is Exclude<Executed, { error: AppError }> =>
  !('error' in outcome);
