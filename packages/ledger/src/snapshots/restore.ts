import { type Bytes, compareBytes, equalBytes, type Store, type StoreWriter } from '@attestel/core';
import { createFrontier, type FrontierState, formatLedgerBody, hashLeaf } from '@attestel/proof';
import { fail } from '../errors.ts';
import { appHashOf } from '../log/head.ts';
import { encodeBlock, encodeHead, headKey } from '../log/head-record.ts';
import { type BlockLeaf, decodeLeaf, type Leaf } from '../log/leaf.ts';
import { growHashes, readNode, writeNodes } from '../log/log-nodes.ts';
import type { Operation } from '../operation.ts';
import { decodeOperation, encodeOperation } from '../operations/decode-operation.ts';
import { sha256 } from '../sha256.ts';
import { type AllLookups, lookupsOfRow } from '../state/lookups.ts';
import { createOverlay } from '../store/overlay.ts';
import { TABLES, u64 } from '../tables.ts';
import { StateTrie } from '../trie/state-trie.ts';
import { decodeChunk, type SnapshotChunk, type SnapshotEntry, WINDOW_MS } from './format.ts';
import { writeSnapshotRecord } from './snapshot-record.ts';

const SECTIONS = ['log', 'entries', 'state'] as const;
/** Rows that one transaction clears. */
const CLEAR_AT_ONCE = 10_000;

export interface RestoreOptions {
  readonly store: Store;
  readonly network: string;
  readonly origin: string;
  /**
   * SHA-256 of the checkpoint body that the snapshot must lead to, from a source other than the snapshot: a light
   * client, or a checkpoint whose signatures count.
   */
  readonly appHash: Bytes;
  /** Signed note of that body, kept with the head; empty where consensus vouches for it. */
  readonly checkpoint?: string;
  /** What the driver adds to the transaction that makes it a ledger. */
  readonly extra?: (writer: StoreWriter) => void;
  /** Whether a module takes this attachment to that operation. @throws AppError */
  readonly checkAttachment: (operation: Operation) => void;
  /** Of all modules: a snapshot holds the rows only. */
  readonly lookups: AllLookups;
}

/** What a restore writes before its last transaction. Alarms and a driver's records are not its own to remove. */
const RESTORED = Object.values(TABLES).filter((table) => table !== TABLES.meta && table !== TABLES.alarms);

/** Removes what an unfinished restore left behind; a store with a head is left alone. */
export async function clearUnfinished(store: Store): Promise<void> {
  if (store.get(TABLES.meta, headKey)) return;
  for (const table of RESTORED) {
    for (;;) {
      const keys = Array.from(store.range(table, { limit: CLEAR_AT_ONCE }), ([key]) => key);
      if (keys.length === 0) break;
      await store.transact((writer) => {
        for (const key of keys) writer.delete(table, key);
      });
    }
  }
}

/**
 * Builds a ledger from the chunks of a snapshot, in their order. Rows are written as they come; the head, which
 * makes them a ledger, is written last, and only when all of them together give the verified app hash.
 */
export class Restore {
  readonly #options: RestoreOptions;
  readonly #trie: StateTrie;
  #frontier: FrontierState = { size: 0, hashes: [] };
  #section = 0;
  #lastKeyHash: Bytes = new Uint8Array();
  #lastIndex = -1;
  /** Block time that shows since when entries are complete; 0 when they are from the first on. */
  #completeSinceMs: number | undefined = 0;
  #hasGenesis = false;
  #lastBlock: BlockLeaf | undefined;

  /** The store must be empty. */
  constructor(options: RestoreOptions) {
    this.#options = options;
    this.#trie = new StateTrie(options.store);
  }

  /** @throws AppError snapshot_invalid: then the snapshot is worthless, and the store has to be cleared */
  async apply(bytes: Bytes): Promise<void> {
    const chunk = decodeChunk(bytes);
    const section = SECTIONS.indexOf(chunk.section);
    if (section < this.#section) throw fail('snapshot_invalid', { field: 'order' });
    this.#section = section;
    await this.#options.store.transact((writer) => this.#write(writer, chunk));
  }

  #write(writer: StoreWriter, chunk: SnapshotChunk): void {
    if (chunk.section === 'log') this.#addHashes(writer, chunk.hashes);
    else if (chunk.section === 'entries') for (const entry of chunk.entries) this.#addEntry(writer, entry);
    else this.#addState(writer, chunk.pairs);
  }

  #addHashes(writer: StoreWriter, hashes: readonly Bytes[]): void {
    const { frontier, levels } = growHashes(this.#frontier, hashes);
    writeNodes(writer, this.#frontier.size, levels);
    this.#frontier = frontier;
  }

  #addEntry(writer: StoreWriter, { index, leaf: bytes, attachment }: SnapshotEntry): void {
    if (index <= this.#lastIndex || index >= this.#frontier.size)
      throw fail('snapshot_invalid', { field: 'index' });
    if (!equalBytes(hashLeaf(sha256, bytes), readNode(writer, 0, index))) {
      throw fail('snapshot_invalid', { field: 'entry' });
    }
    const leaf = leafOf(bytes);
    if (index !== this.#lastIndex + 1) this.#completeSinceMs = undefined;
    this.#lastIndex = index;
    writer.put(TABLES.entries, u64(index), bytes);
    if (leaf.kind === 'op') this.#addOperation(writer, leaf.operation, index, attachment);
    else this.#addBlock(writer, leaf.block, index);
  }

  #addOperation(writer: StoreWriter, operation: Operation, index: number, attachment: Bytes | null): void {
    writer.put(TABLES.operations, operation.id, u64(index));
    if (attachment === null) return;
    this.#options.checkAttachment(decodeOperation(encodeOperation({ ...operation, attachment })));
    writer.put(TABLES.attachments, operation.id, attachment);
  }

  #addBlock(writer: StoreWriter, block: BlockLeaf, index: number): void {
    this.#lastBlock = block;
    if (this.#completeSinceMs === 0) this.#hasGenesis = true;
    this.#completeSinceMs ??= block.timeMs;
    const { timeMs, size: from } = block;
    writer.put(
      TABLES.blocks,
      u64(block.height),
      encodeBlock({ timeMs, from, size: index + 1, checkpoint: '' }),
    );
  }

  #addState(writer: StoreWriter, pairs: readonly (readonly [Bytes, Bytes])[]): void {
    const changes = pairs.map(([key, value]) => {
      const keyHash = sha256(key);
      if (compareBytes(keyHash, this.#lastKeyHash) <= 0) throw fail('snapshot_invalid', { field: 'state' });
      this.#lastKeyHash = keyHash;
      writer.put(TABLES.state, key, value);
      this.#addLookups(writer, key, value);
      return { keyHash, valueHash: sha256(value) };
    });
    const update = this.#trie.update(changes);
    const buckets = createOverlay(writer);
    this.#trie.writeTo(buckets, update);
    buckets.applyTo(writer);
    this.#trie.commit(update);
  }

  #addLookups(writer: StoreWriter, key: Bytes, value: Bytes): void {
    for (const lookup of this.#lookupsOf(key, value)) {
      if (writer.get(TABLES.lookups, lookup.key)) throw fail('snapshot_invalid', { field: 'state' });
      writer.put(TABLES.lookups, lookup.key, lookup.value);
    }
  }

  /** The rows are not known to be the ledger's yet: a module may stumble over them. */
  #lookupsOf(key: Bytes, value: Bytes): ReturnType<typeof lookupsOfRow> {
    try {
      return lookupsOfRow(this.#options.lookups, key, value);
    } catch (cause) {
      throw fail('snapshot_invalid', { field: 'state', cause });
    }
  }

  /** Compares and writes the head. @throws AppError snapshot_invalid */
  async finish(): Promise<void> {
    const { store, network, origin, appHash, checkpoint = '', extra } = this.#options;
    const block = this.#lastBlock;
    const { size } = this.#frontier;
    // The log's last entry is the block leaf: with the root, it vouches for height and time.
    if (!block || this.#lastIndex !== size - 1) throw fail('snapshot_invalid', { field: 'head' });
    if (!this.#hasGenesis || !this.#isWindowWhole(block)) throw fail('snapshot_invalid', { field: 'window' });
    const state = this.#trie.root;
    const root = createFrontier(sha256, this.#frontier).root();
    if (!equalBytes(appHashOf(formatLedgerBody({ origin, size, root, state })), appHash)) {
      throw fail('snapshot_invalid', { field: 'appHash' });
    }
    const { timeMs, height, size: from } = block;
    const head = { network, origin, height, timeMs, frontier: this.#frontier, state, checkpoint };
    await store.transact((writer) => {
      writer.put(TABLES.blocks, u64(height), encodeBlock({ timeMs, from, size, checkpoint }));
      writer.put(TABLES.checkpoints, appHash, u64(height));
      writeSnapshotRecord(writer, { size });
      writer.put(TABLES.meta, headKey, encodeHead(head));
      extra?.(writer);
    });
  }

  #isWindowWhole({ timeMs }: BlockLeaf): boolean {
    const since = this.#completeSinceMs;
    return since !== undefined && since <= Math.max(0, timeMs - WINDOW_MS);
  }
}

function leafOf(bytes: Bytes): Leaf {
  try {
    return decodeLeaf(bytes);
  } catch (cause) {
    throw fail('snapshot_invalid', { field: 'entry', cause });
  }
}
