import { type Bytes, compareBytes, type StoreReader } from '@attestel/core';
import { fail } from '../errors.ts';
import { type HeadRecord, readBlock, readHead } from '../log/head-record.ts';
import { decodeLeaf } from '../log/leaf.ts';
import { readNode } from '../log/log-nodes.ts';
import { sha256 } from '../sha256.ts';
import { fromU64, TABLES } from '../tables.ts';
import { CHUNK_BYTES, encodeChunk, type SnapshotEntry, WINDOW_MS } from './format.ts';

const HASHES_PER_CHUNK = CHUNK_BYTES / 32;

/**
 * Chunks of the head as it stands; the same on every node that holds the same. The reader must not move while
 * they are taken: no `await` between them on a store that is written to.
 */
export function* snapshotChunks(store: StoreReader): Iterable<Bytes> {
  const head = readHead(store);
  if (!head) return;
  yield* logChunks(store, head.frontier.size);
  yield* entryChunks(store, head);
  yield* stateChunks(store);
}

function* logChunks(store: StoreReader, size: number): Iterable<Bytes> {
  for (let from = 0; from < size; from += HASHES_PER_CHUNK) {
    const count = Math.min(HASHES_PER_CHUNK, size - from);
    yield encodeChunk({
      section: 'log',
      hashes: Array.from({ length: count }, (_, i) => readNode(store, 0, from + i)),
    });
  }
}

function* entryChunks(store: StoreReader, head: HeadRecord): Iterable<Bytes> {
  const sizeOf = ({ leaf, attachment }: SnapshotEntry): number => leaf.length + (attachment?.length ?? 0);
  for (const entries of grouped(entriesOf(store, head), sizeOf))
    yield encodeChunk({ section: 'entries', entries });
}

function* entriesOf(store: StoreReader, head: HeadRecord): Iterable<SnapshotEntry> {
  const start = windowStart(store, head);
  const genesisEnd = readBlock(store, 1)?.size ?? 0;
  for (const [key, leaf] of store.range(TABLES.entries)) {
    const index = fromU64(key);
    const attachment = attachmentOf(store, leaf);
    if (index < genesisEnd || index >= start || attachment) yield { index, leaf, attachment };
  }
}

function attachmentOf(store: StoreReader, bytes: Bytes): Bytes | null {
  const leaf = decodeLeaf(bytes);
  return (leaf.kind === 'op' && store.get(TABLES.attachments, leaf.operation.id)) || null;
}

/** Index of the last block leaf before the window, which shows that the window is whole; 0 for a young ledger. */
function windowStart(store: StoreReader, head: HeadRecord): number {
  for (let height = head.height; height > 0; height--) {
    const block = readBlock(store, height);
    if (!block) throw fail('store_damaged', { field: `blocks/${height}` });
    if (block.timeMs <= head.timeMs - WINDOW_MS) return block.size - 1;
  }
  return 0;
}

function* stateChunks(store: StoreReader): Iterable<Bytes> {
  const keys = Array.from(store.range(TABLES.state), ([key]) => ({ key, hash: sha256(key) }));
  keys.sort((a, b) => compareBytes(a.hash, b.hash));
  const pairs = function* (): Iterable<readonly [Bytes, Bytes]> {
    for (const { key } of keys) yield [key, store.get(TABLES.state, key) as Bytes];
  };
  const sizeOf = ([key, value]: readonly [Bytes, Bytes]): number => key.length + value.length;
  for (const group of grouped(pairs(), sizeOf)) yield encodeChunk({ section: 'state', pairs: group });
}

/** As many items as fit into a chunk; at least one. */
function* grouped<T>(items: Iterable<T>, sizeOf: (item: T) => number): Iterable<readonly T[]> {
  let group: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (group.length > 0 && bytes + size > CHUNK_BYTES) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(item);
    bytes += size;
  }
  if (group.length > 0) yield group;
}
