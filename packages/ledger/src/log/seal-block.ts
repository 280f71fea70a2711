import type { Bytes } from '@attestel/core';
import { createFrontier, type FrontierState } from '@attestel/proof';
import { sha256 } from '../sha256.ts';
import type { BlockHeader, Executed } from '../state/execute-block.ts';
import { isAccepted } from '../state/execute-block.ts';
import { blockLeaf, operationLeaf, STATE_MACHINE_VERSION } from './leaf.ts';

export interface SealedBlock {
  /** Leaves of the block in log order; the block leaf is the last. */
  readonly leaves: readonly Bytes[];
  readonly frontier: FrontierState;
  readonly root: Bytes;
}

/** Appends a block's leaves to the log in memory. */
export function sealBlock(
  frontierState: FrontierState,
  header: BlockHeader,
  outcomes: readonly Executed[],
): SealedBlock {
  const leaves = [
    ...outcomes.filter(isAccepted).map(({ operation }) => operationLeaf(operation)),
    blockLeaf({ ...header, sm: STATE_MACHINE_VERSION }),
  ];
  const frontier = createFrontier(sha256, frontierState);
  for (const leaf of leaves) frontier.append(leaf);
  return { leaves, frontier: frontier.toState(), root: frontier.root() };
}
