import type { Bytes } from '@attestel/core';
import { createFrontier, type FrontierState } from '@attestel/proof';
import { sha256 } from '../sha256.ts';
import { type Executed, isAccepted } from '../state/execute-block.ts';
import { type BlockLeaf, blockLeaf, operationLeaf } from './leaf.ts';
import { type GrownLog, growLog } from './log-nodes.ts';

export interface SealedBlock extends GrownLog {
  /** Leaves of the block in log order; the block leaf is the last. */
  readonly leaves: readonly Bytes[];
  readonly root: Bytes;
}

/** Appends a block's leaves to the log in memory. */
export function sealBlock(
  before: FrontierState,
  block: BlockLeaf,
  outcomes: readonly Executed[],
): SealedBlock {
  const leaves = [
    ...outcomes.filter(isAccepted).map(({ operation }) => operationLeaf(operation)),
    blockLeaf(block),
  ];
  const grown = growLog(before, leaves);
  return { ...grown, leaves, root: createFrontier(sha256, grown.frontier).root() };
}
