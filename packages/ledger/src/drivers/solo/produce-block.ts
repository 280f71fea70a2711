import type { Clock, Signer, Store } from '@attestel/core';
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
}

/** A block that is executed, sealed and signed; nothing of it is written yet. */
export interface Candidate {
  readonly execution: Execution;
  /** Undefined when every operation was refused: then there is no block. */
  readonly block: { readonly sealed: SealedBlock; readonly head: HeadRecord } | undefined;
}

/** @throws AppError checkpoint_not_signed; nothing has changed then */
export async function prepareBlock(
  { rules, store, signer, clock }: Producer,
  previous: HeadRecord,
  operations: readonly Operation[],
): Promise<Candidate> {
  const header: BlockHeader = {
    height: previous.height + 1,
    // Strictly increasing, whatever the clock does.
    timeMs: Math.max(Math.floor(clock.now()), previous.timeMs + 1),
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

/** Exactly one transaction per block. */
export const commitBlock = (
  { store }: Producer,
  execution: Execution,
  { sealed, head }: NonNullable<Candidate['block']>,
): Promise<void> => store.transact((writer) => writeBlock(writer, execution, sealed, head));
