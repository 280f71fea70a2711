import type { StoreWriter } from '@attestel/core';
import { type Execution, isAccepted } from '../state/execute-block.ts';
import { TABLES, u64 } from '../tables.ts';
import { appHashOf } from './head.ts';
import { encodeBlock, encodeHead, type HeadRecord, headKey } from './head-record.ts';
import { writeNodes } from './log-nodes.ts';
import type { SealedBlock } from './seal-block.ts';

/** Everything a block writes but the state trie, inside the one transaction that makes it durable. */
export function writeBlock(
  writer: StoreWriter,
  execution: Execution,
  sealed: SealedBlock,
  { head, body }: { readonly head: HeadRecord; readonly body: string },
): void {
  const { size } = head.frontier;
  const from = size - sealed.leaves.length;
  sealed.leaves.forEach((leaf, i) => {
    writer.put(TABLES.entries, u64(from + i), leaf);
  });
  for (const { operation } of execution.outcomes.filter(isAccepted)) {
    if (operation.attachment) writer.put(TABLES.attachments, operation.id, operation.attachment);
  }
  writeNodes(writer, from, sealed.levels);
  execution.writes.applyTo(writer);
  const { height, timeMs, checkpoint } = head;
  writer.put(TABLES.blocks, u64(height), encodeBlock({ timeMs, from, size, checkpoint }));
  writer.put(TABLES.checkpoints, appHashOf(body), u64(height));
  writer.put(TABLES.meta, headKey, encodeHead(head));
}
