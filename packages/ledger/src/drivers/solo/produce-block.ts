import type { Clock, Signer, Store } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { HeadRecord } from '../../log/head-record.ts';
import { type SealedBlock, sealBlock } from '../../log/seal-block.ts';
import { signCheckpoint } from '../../log/sign-checkpoint.ts';
import { writeBlock } from '../../log/write-block.ts';
import type { Operation } from '../../operation.ts';
import { type BlockHeader, type Execution, executeBlock, isAccepted } from '../../state/execute-block.ts';
import type { Rules } from '../../state/rules.ts';

export interface Producer {
  readonly rules: Rules;
  readonly store: Store;
  readonly signer: Signer;
  readonly clock: Clock;
  /** How far the clock may be ahead of the last block. */
  readonly maxClockLeapSeconds: number;
}

/** A block that is executed, sealed and signed; nothing of it is written yet. */
export interface Candidate {
  readonly execution: Execution;
  /** Undefined when every operation was refused: then there is no block. */
  readonly block: { readonly sealed: SealedBlock; readonly head: HeadRecord } | undefined;
}

/** @throws AppError clock_leap, checkpoint_not_signed; nothing has changed then */
export async function prepareBlock(
  producer: Producer,
  previous: HeadRecord,
  operations: readonly Operation[],
): Promise<Candidate> {
  const { rules, store, signer } = producer;
  const header: BlockHeader = {
    height: previous.height + 1,
    timeMs: nextTimeMs(producer, previous),
    size: previous.frontier.size,
  };
  const execution = executeBlock(rules, store, operations, header);
  if (!execution.outcomes.some(isAccepted)) return { execution, block: undefined };
  const sealed = sealBlock(previous.frontier, header, execution.outcomes);
  const { origin, network } = previous;
  const { size } = sealed.frontier;
  // Signed before the commit: a block without its checkpoint never becomes durable.
  const checkpoint = await signCheckpoint(signer, { origin, size, root: sealed.root });
  const { height, timeMs } = header;
  return {
    execution,
    block: { sealed, head: { network, origin, height, timeMs, frontier: sealed.frontier, checkpoint } },
  };
}

/**
 * Strictly increasing, whatever the clock does. For that reason a block from the far future would end the
 * ledger: until that time came, every operation would be too late for it. @throws AppError clock_leap
 */
function nextTimeMs({ clock, maxClockLeapSeconds }: Producer, { height, timeMs }: HeadRecord): number {
  const now = Math.floor(clock.now());
  const leap = Math.floor((now - timeMs) / 1000);
  if (height > 0 && leap > maxClockLeapSeconds) throw fail('clock_leap', { extra: { leapSeconds: leap } });
  return Math.max(now, timeMs + 1);
}

/** Exactly one transaction per block. */
export const commitBlock = (
  { store }: Producer,
  execution: Execution,
  { sealed, head }: NonNullable<Candidate['block']>,
): Promise<void> => store.transact((writer) => writeBlock(writer, execution, sealed, head));
