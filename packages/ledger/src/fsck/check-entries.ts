import { type Bytes, equalBytes, type StoreReader } from '@attestel/core';
import { EMPTY_TRIE, formatLedgerBody, hashLeaf, type NodeAt, parseCheckpoint } from '@attestel/proof';
import { appHashOf } from '../log/head.ts';
import { type HeadRecord, readBlock } from '../log/head-record.ts';
import { type BlockLeaf, decodeLeaf } from '../log/leaf.ts';
import { readNode } from '../log/log-nodes.ts';
import type { Operation } from '../operation.ts';
import { sha256 } from '../sha256.ts';
import { TABLES } from '../tables.ts';
import { rootAt } from './check-nodes.ts';
import { numberOf, parsed, StoreFault } from './store-fault.ts';

const PROGRESS_EVERY = 100_000;

export interface EntriesCheck {
  readonly store: StoreReader;
  readonly head: HeadRecord;
  /** Entries below may be missing: the store began with a snapshot of that size. */
  readonly leftOutBelow: number;
  /** Told of each operation in the log. */
  readonly onOperation: (operation: Operation) => void;
  readonly progress: (line: string) => void;
}

/**
 * Entries against their hashes, and everything that names an entry against the entries: ids, blocks, checkpoints.
 * Returns how many entries there are. @throws StoreFault
 */
export function checkEntries(check: EntriesCheck): number {
  const walk = new EntryWalk(check);
  for (const [key, bytes] of check.store.range(TABLES.entries)) {
    walk.add(numberOf(TABLES.entries, 'end', key), bytes);
  }
  return walk.finish();
}

interface Before {
  readonly block: Pick<BlockLeaf, 'height' | 'timeMs' | 'state'>;
  /** Log size after it. */
  readonly end: number;
}

const START: Before = { block: { height: 0, timeMs: 0, state: EMPTY_TRIE }, end: 0 };

class EntryWalk {
  readonly #check: EntriesCheck;
  readonly #nodeAt: NodeAt;
  #next = 0;
  #seen = 0;
  #operations = 0;
  #blocks = 0;
  #checkpoints = 0;
  /** The block before, unless entries are missing since. */
  #before: Before | undefined = START;

  constructor(check: EntriesCheck) {
    this.#check = check;
    this.#nodeAt = (level, index) => readNode(check.store, level, index);
  }

  add(index: number, bytes: Bytes): void {
    const { head, progress } = this.#check;
    this.#assertPresent(index);
    const at = `entry ${index}`;
    if (index >= head.frontier.size) throw new StoreFault(TABLES.entries, at, 'lies beyond the head');
    const leaf = parsed(TABLES.entries, at, () => decodeLeaf(bytes));
    if (!equalBytes(hashLeaf(sha256, bytes), this.#nodeAt(0, index))) {
      throw new StoreFault(TABLES.entries, at, 'does not have the hash that the log has for it');
    }
    if (leaf.kind === 'op') this.#addOperation(index, leaf.operation);
    else this.#addBlock(index, leaf.block);
    this.#next = index + 1;
    this.#seen += 1;
    if (this.#seen % PROGRESS_EVERY === 0) progress(`  ${this.#seen} entries`);
  }

  finish(): number {
    const { store, head } = this.#check;
    const { size } = head.frontier;
    this.#assertPresent(size);
    const last = this.#before;
    if (size > 0 && last?.end !== size) {
      throw new StoreFault(TABLES.entries, `entry ${size - 1}`, 'is not the end of a block');
    }
    if (last && !isHead(last.block, head)) {
      throw new StoreFault(TABLES.meta, 'head', 'is not what the last block of the log says');
    }
    assertCount(store, TABLES.operations, this.#operations);
    assertCount(store, TABLES.blocks, this.#blocks);
    assertCount(store, TABLES.checkpoints, this.#checkpoints);
    return this.#seen;
  }

  #assertPresent(index: number): void {
    if (index === this.#next) return;
    const { leftOutBelow } = this.#check;
    if (index > leftOutBelow) {
      const missing = Math.max(this.#next, leftOutBelow);
      throw new StoreFault(TABLES.entries, `entry ${missing}`, 'is missing');
    }
    this.#before = undefined;
  }

  #addOperation(index: number, operation: Operation): void {
    const known = this.#check.store.get(TABLES.operations, operation.id);
    if (!known || numberOf(TABLES.operations, `entry ${index}`, known) !== index) {
      throw new StoreFault(TABLES.operations, `entry ${index}`, 'its id does not lead to it');
    }
    this.#operations += 1;
    this.#check.onOperation(operation);
  }

  #addBlock(index: number, block: BlockLeaf): void {
    const at = `block ${block.height}`;
    const end = index + 1;
    const { store } = this.#check;
    const rule = brokenOrder(this.#before, block, index);
    if (rule) throw new StoreFault(TABLES.entries, `entry ${index}`, rule);
    const record = parsed(TABLES.blocks, at, () => readBlock(store, block.height));
    if (record?.timeMs !== block.timeMs || record.from !== block.size || record.size !== end) {
      throw new StoreFault(TABLES.blocks, at, 'is not what the log says of it');
    }
    const { origin } = this.#check.head;
    const body = formatLedgerBody({ origin, size: end, root: rootAt(this.#nodeAt, end), state: block.state });
    this.#checkCheckpoint(at, end, { body, note: record.checkpoint, height: block.height });
    this.#blocks += 1;
    this.#before = { block, end };
  }

  #checkCheckpoint(
    at: string,
    end: number,
    { body, note, height }: { readonly body: string; readonly note: string; readonly height: number },
  ): void {
    if (note !== '' && parsed(TABLES.blocks, at, () => parseCheckpoint(note)).body !== body) {
      throw new StoreFault(TABLES.blocks, at, 'its checkpoint is of another log or state');
    }
    const known = this.#check.store.get(TABLES.checkpoints, appHashOf(body));
    if (known) this.#checkpoints += 1;
    const isRight = known
      ? numberOf(TABLES.checkpoints, at, known) === height
      : end < this.#check.leftOutBelow;
    if (!isRight) throw new StoreFault(TABLES.checkpoints, at, 'its checkpoint is not found by its hash');
  }
}

function brokenOrder(before: Before | undefined, block: BlockLeaf, index: number): string | undefined {
  if (block.size >= index) return 'closes a block without operations';
  if (!before) return undefined;
  if (block.height !== before.block.height + 1) return 'its height does not follow';
  if (block.size !== before.end) return 'does not begin where the block before ends';
  return block.timeMs > before.block.timeMs ? undefined : 'its time does not increase';
}

const isHead = (block: Before['block'], head: HeadRecord): boolean =>
  block.height === head.height && block.timeMs === head.timeMs && equalBytes(block.state, head.state);

function assertCount(store: StoreReader, table: string, expected: number): void {
  let count = 0;
  for (const _ of store.range(table)) count += 1;
  if (count !== expected)
    throw new StoreFault(table, 'end', `holds ${count} records, the log makes ${expected}`);
}
