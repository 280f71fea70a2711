import type { Bytes, StoreReader } from '@attestel/core';
import { readBlock } from '../log/head-record.ts';
import { decodeLeaf, type Leaf } from '../log/leaf.ts';
import { fromU64, TABLES } from '../tables.ts';
import type { LogEntry } from './entry.ts';

/** All entries of a stored ledger, with attachments and checkpoints; nothing is checked on the way. */
export function* storedEntries(store: StoreReader): Iterable<LogEntry> {
  for (const [key, bytes] of store.range(TABLES.entries)) {
    const index = fromU64(key);
    const leaf = leafOf(bytes);
    if (leaf?.kind === 'op') {
      const attachment = store.get(TABLES.attachments, leaf.operation.id);
      yield { index, bytes, ...(attachment && { attachment }) };
    } else {
      const checkpoint = leaf && readBlock(store, leaf.block.height)?.checkpoint;
      yield { index, bytes, ...(checkpoint !== undefined && { checkpoint }) };
    }
  }
}

function leafOf(bytes: Bytes): Leaf | undefined {
  try {
    return decodeLeaf(bytes);
  } catch {
    return undefined; // a verifier further on says what is wrong
  }
}
