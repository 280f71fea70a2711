import type { StoreWriter } from '@attestel/core';
import { type Execution, isAccepted } from '../state/execute-block.ts';
import { TABLES, u64 } from '../tables.ts';
import { encodeBlock, encodeHead, type HeadRecord, headKey } from './head-record.ts';
import type { SealedBlock } from './seal-block.ts';

/** Everything a block writes, inside the one transaction that makes it durable. */
export function writeBlock(
  writer: StoreWriter,
  execution: Execution,
  sealed: SealedBlock,
  head: HeadRecord,
): void {
  const from = head.frontier.size - sealed.leaves.length;
  sealed.leaves.forEach((leaf, i) => {
    writer.put(TABLES.entries, u64(from + i), leaf);
  });
  for (const { operation } of execution.outcomes.filter(isAccepted)) {
    if (operation.attachment) writer.put(TABLES.attachments, operation.id, operation.attachment);
  }
  execution.writes.applyTo(writer);
  const { timeMs, checkpoint } = head;
  writer.put(
    TABLES.blocks,
    u64(head.height),
    encodeBlock({ timeMs, from, size: head.frontier.size, checkpoint }),
  );
  writer.put(TABLES.meta, headKey, encodeHead(head));
}
