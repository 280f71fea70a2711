import { type Bytes, equalBytes, type StoreReader } from '@attestel/core';
import { createFrontier, type FrontierState, HASH_BYTES, hashNode, type NodeAt } from '@attestel/proof';
import { GROUP, groupKey, readNode } from '../log/log-nodes.ts';
import { sha256 } from '../sha256.ts';
import { TABLES } from '../tables.ts';
import { StoreFault } from './store-fault.ts';

/**
 * Every subtree of the log has its hash, which follows from the two below it, up to the frontier of the head; and
 * there are no others. @throws StoreFault
 */
export function checkNodes(store: StoreReader, { size, hashes }: FrontierState): void {
  let records = 0;
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(size / 2 ** level)) {
    for (let group = 0; group * GROUP < count; group++) {
      checkGroup(store, level, group, Math.min(GROUP, count - group * GROUP));
      records += 1;
    }
  }
  for (const _ of store.range(TABLES.nodes)) records -= 1;
  if (records !== 0) throw new StoreFault(TABLES.nodes, 'end', 'holds subtrees that the log does not have');
  const expected = peaks((level, index) => readNode(store, level, index), size);
  if (
    hashes.length !== expected.length ||
    !expected.every((hash, i) => equalBytes(hash, hashes[i] as Bytes))
  ) {
    throw new StoreFault(TABLES.meta, 'head', 'its frontier is not that of the log');
  }
}

function checkGroup(store: StoreReader, level: number, group: number, count: number): void {
  const record = store.get(TABLES.nodes, groupKey(level, group));
  const at = `level ${level}, from ${group * GROUP}`;
  if (record?.length !== count * HASH_BYTES) {
    throw new StoreFault(TABLES.nodes, at, 'does not hold as many hashes as the log has subtrees');
  }
  if (count < 2) return;
  const above = store.get(TABLES.nodes, groupKey(level + 1, Math.floor(group / 2)));
  const from = (group % 2) * (GROUP / 2);
  for (let i = 0; i + 1 < count; i += 2) {
    const parent = hashNode(sha256, hashAt(record, i), hashAt(record, i + 1));
    if (above && equalBytes(parent, hashAt(above, from + i / 2))) continue;
    const index = group * (GROUP / 2) + i / 2;
    throw new StoreFault(TABLES.nodes, `level ${level + 1}, ${index}`, 'is not the hash of the two below it');
  }
}

const hashAt = (record: Bytes, i: number): Bytes => record.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);

/** Roots of the complete subtrees that make a log of this size, largest first. */
function peaks(nodeAt: NodeAt, size: number): Bytes[] {
  const found: Bytes[] = [];
  let from = 0;
  for (let level = 52; level >= 0; level--) {
    const width = 2 ** level;
    if (size - from < width) continue;
    found.push(nodeAt(level, from / width));
    from += width;
  }
  return found;
}

/** RFC 6962 root of the first `size` entries, from stored subtrees. */
export const rootAt = (nodeAt: NodeAt, size: number): Bytes =>
  createFrontier(sha256, { size, hashes: peaks(nodeAt, size) }).root();
