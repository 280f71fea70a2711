import { setImmediate, setTimeout } from 'node:timers/promises';
import { type AppError, isAppError } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { OperationResult } from '../../ledger.ts';
import type { Operation } from '../../operation.ts';
import { MAX_BLOCK_BYTES, MAX_BLOCK_OPERATIONS } from '../../state/execute-block.ts';

/** Operations that may wait at once; more are refused, so that a flood costs bounded memory. */
const MAX_WAITING = 20_000;
const MAX_WAITING_BYTES = 64_000_000;
/** Operations are admitted in small groups, with room for other work between them. */
const ADMIT_AT_ONCE = 16;
/** With other threads for signatures: enough in a message, and enough on the way for a block's time. */
const VERIFY_AT_ONCE = 128;
const GROUPS_AHEAD = 16;
/** While operations still arrive, a block waits at most this many collection windows. */
const MAX_WINDOWS = 6;

interface Item {
  readonly operation: Operation;
  readonly bytes: number;
  readonly settle: (result: OperationResult) => void;
}

export interface BlockQueueOptions {
  /** Checks signatures ahead on other threads; absent where there are none. Never rejects. */
  readonly verify?: ((operations: readonly Operation[]) => Promise<void>) | undefined;
  /** Checks that need no state. @throws AppError */
  readonly admit: (operation: Operation) => void;
  /**
   * Executes a block at once; what it returns makes it durable, with one result per operation, and is called when the
   * block before it is done. Neither may throw.
   */
  readonly begin: (operations: readonly Operation[]) => () => Promise<readonly OperationResult[]>;
  /** How long a block waits for more operations. */
  readonly collectMilliseconds: number;
}

export interface BlockQueue {
  submit(operation: Operation): Promise<OperationResult>;
  /** As {@link submit}, without a promise for each of many. */
  enqueue(operation: Operation, settle: (result: OperationResult) => void): void;
  /** Refuses what comes later and resolves when everything that came before is settled. */
  close(): Promise<void>;
}

/**
 * Group commit: admits operations in the order they came while the block before them is written, then
 * makes one block of all that are ready. One that is full is executed meanwhile, too.
 */
export function createBlockQueue({
  verify,
  admit,
  begin,
  collectMilliseconds,
}: BlockQueueOptions): BlockQueue {
  const waiting: Item[] = [];
  const ready: Item[] = [];
  let queued = 0;
  let queuedBytes = 0;
  let closed = false;
  // Cleared in the same turn in which the loop finds nothing left, so that no operation is stranded.
  let admitting = false;
  let producing = false;

  const settle = ({ bytes, settle: resolve }: Item, result: OperationResult): void => {
    queued -= 1;
    queuedBytes -= bytes;
    resolve(result);
  };
  const next = async (): Promise<readonly Item[]> => {
    const items = waiting.splice(0, verify ? VERIFY_AT_ONCE : ADMIT_AT_ONCE);
    await verify?.(items.map(({ operation }) => operation));
    return items;
  };
  const admitGroup = (items: readonly Item[]): void => {
    for (const item of items) {
      const error = errorOf(() => admit(item.operation));
      if (error) settle(item, { ok: false, id: item.operation.id, error });
      else ready.push(item);
    }
    if (ready.length > 0) void produceAll();
  };
  const admitAll = async (): Promise<void> => {
    if (admitting) return;
    admitting = true;
    const groupsAhead = verify ? GROUPS_AHEAD : 1;
    const ahead: Promise<readonly Item[]>[] = [];
    while (waiting.length > 0 || ahead.length > 0) {
      while (waiting.length > 0 && ahead.length < groupsAhead) ahead.push(next());
      // In the order they came, whichever group was done first.
      admitGroup((await ahead.shift()) ?? []);
      // However fast they were verified: with no thread left, admission itself verifies them.
      await setImmediate();
    }
    admitting = false;
  };
  const produceAll = async (): Promise<void> => {
    if (producing) return;
    producing = true;
    let before: Promise<void> = Promise.resolve();
    while (ready.length > 0) {
      await collect();
      // One that is not full waits: what comes until then is written with it.
      if (ready.length < MAX_BLOCK_OPERATIONS) await before;
      const block = ready.splice(0, blockLength(ready));
      const commit = begin(block.map(({ operation }) => operation));
      await before;
      before = settleAll(block, commit());
      // Its writes are handed over before the next one is executed.
      await setImmediate();
      if (ready.length === 0) await before;
    }
    producing = false;
  };
  const collect = async (): Promise<void> => {
    for (let i = 0; i < MAX_WINDOWS && ready.length < MAX_BLOCK_OPERATIONS; i++) {
      await setTimeout(collectMilliseconds);
      if (!admitting) return;
    }
  };
  const settleAll = async (
    block: readonly Item[],
    committing: Promise<readonly OperationResult[]>,
  ): Promise<void> => {
    const results = await committing;
    block.forEach((item, i) => {
      settle(item, results[i] as OperationResult);
    });
  };
  const enqueue: BlockQueue['enqueue'] = (operation, settled) => {
    const bytes = operation.payloadBytes.length + (operation.attachment?.length ?? 0);
    const isFull = queued >= MAX_WAITING || queuedBytes + bytes > MAX_WAITING_BYTES;
    if (closed || isFull) {
      const error = fail(closed ? 'ledger_closed' : 'ledger_busy');
      settled({ ok: false, id: operation.id, error });
      return;
    }
    queued += 1;
    queuedBytes += bytes;
    waiting.push({ operation, bytes, settle: settled });
    void admitAll();
  };
  return {
    submit: (operation) => new Promise((resolve) => enqueue(operation, resolve)),
    enqueue,
    async close() {
      closed = true;
      while (admitting || producing) await setTimeout(1);
    },
  };
}

/** As many operations as a block takes; at least one. */
function blockLength(ready: readonly Item[]): number {
  let bytes = 0;
  const end = ready.findIndex((item, i) => {
    bytes += item.bytes;
    return i > 0 && (i >= MAX_BLOCK_OPERATIONS || bytes > MAX_BLOCK_BYTES);
  });
  return end < 0 ? ready.length : end;
}

function errorOf(work: () => void): AppError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return isAppError(error) ? error : fail('module_failed', { cause: error });
  }
}
