import { type Execution, isAccepted } from '../state/execute-block.ts';
import type { Overlay } from '../store/overlay.ts';
import { TABLES, u64 } from '../tables.ts';
import { appHashOf } from './head.ts';
import { encodeBlock, encodeHead, type HeadRecord, headKey } from './head-record.ts';
import { writeNodes } from './log-nodes.ts';
import type { SealedBlock } from './seal-block.ts';

/** What a block writes beside state and trie, for the one transaction that makes it durable. */
export function writeBlock(
  block: Overlay,
  execution: Execution,
  sealed: SealedBlock,
  { head, body }: { readonly head: HeadRecord; readonly body: string },
): void {
  const { size } = head.frontier;
  const from = size - sealed.leaves.length;
  sealed.leaves.forEach((leaf, i) => {
    block.give(TABLES.entries, u64(from + i), leaf);
  });
  for (const { operation } of execution.outcomes.filter(isAccepted)) {
    if (operation.attachment) block.give(TABLES.attachments, operation.id, operation.attachment);
  }
  writeNodes(block, from, sealed.levels);
  const { height, timeMs, checkpoint } = head;
  block.give(TABLES.blocks, u64(height), encodeBlock({ timeMs, from, size, checkpoint }));
  block.give(TABLES.checkpoints, appHashOf(body), u64(height));
  block.give(TABLES.meta, headKey, encodeHead(head));
}
