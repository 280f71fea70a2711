import { type Bytes, createMemoryStore, equalBytes, type StoreReader } from '@attestel/core';
import { type HeadRecord, readBlock, readHead } from '../log/head-record.ts';
import { decodeLeaf } from '../log/leaf.ts';
import type { RulesOptions } from '../state/rules.ts';
import { fromU64, TABLES } from '../tables.ts';
import { leafAt, leafCount } from '../trie/bucket.ts';
import { decodeBucket } from '../trie/stored-buckets.ts';
import { type LedgerVerification, type LogEntry, LogFaultError } from './entry.ts';
import { createReplay, type Replay, rootOf, summaryOf } from './replay.ts';
import type { CheckpointTrustees } from './signed-checkpoint.ts';
import { storedEntries } from './stored-entries.ts';

export interface VerifyEntriesOptions extends RulesOptions, CheckpointTrustees {
  /** Operation ids of block 1: what makes it this ledger and not another one of the same signer. */
  readonly genesis?: readonly Bytes[] | undefined;
  readonly entries: Iterable<LogEntry> | AsyncIterable<LogEntry>;
  /** Signed checkpoint of the whole log, when the entries do not carry theirs. */
  readonly checkpoint?: string;
}

/** Replays a log on a fresh store in memory and compares it with its checkpoints. */
export async function verifyLedgerEntries(options: VerifyEntriesOptions): Promise<LedgerVerification> {
  const target = createMemoryStore();
  const replay = createReplay({ ...options, target, everyCheckpoint: false });
  return verdict(async () => {
    let covered = false;
    for await (const entry of options.entries) {
      await replay.add(entry);
      covered = entry.checkpoint !== undefined;
    }
    replay.finish(options.checkpoint);
    covered ||= options.checkpoint !== undefined || replay.head.height === 0;
    if (!covered) throw uncovered(replay.head);
    return replay;
  });
}

export interface VerifyLedgerOptions extends RulesOptions, CheckpointTrustees {
  /** Operation ids of block 1: what makes it this ledger and not another one of the same signer. */
  readonly genesis?: readonly Bytes[] | undefined;
  readonly store: StoreReader;
}

const COMPARED = [
  ...[TABLES.state, TABLES.lookups, TABLES.operations, TABLES.blocks, TABLES.nodes, TABLES.checkpoints],
];

/**
 * Replays the log of a store and compares roots, checkpoints, indices, head and the whole state with
 * what the store says.
 */
export async function verifyLedger(options: VerifyLedgerOptions): Promise<LedgerVerification> {
  const { store } = options;
  const target = createMemoryStore();
  const replay = createReplay({ ...options, target, everyCheckpoint: true });
  return verdict(async () => {
    for (const entry of storedEntries(store)) {
      assertRemembered(store, entry);
      await replay.add(entry);
    }
    replay.finish();
    assertHead(replay, readHead(store));
    for (const table of COMPARED) assertSameTable(table, store, target, replay.head);
    assertSameLeaves(store, target, replay.head);
    return replay;
  });
}

async function verdict(work: () => Promise<Replay>): Promise<LedgerVerification> {
  try {
    return summaryOf(await work());
  } catch (error) {
    if (!(error instanceof LogFaultError)) throw error;
    return { ok: false, index: error.index, reason: error.reason, detail: error.message };
  }
}

/** The store's indices say which entry it is that changed or moved; the roots alone could not. */
function assertRemembered(store: StoreReader, { index, bytes }: LogEntry): void {
  const leaf = decodeOrUndefined(bytes);
  if (leaf?.kind === 'op') {
    const remembered = store.get(TABLES.operations, leaf.operation.id);
    if (remembered && fromU64(remembered) !== index) {
      throw new LogFaultError(index, 'entry_moved', `the store remembers it at ${fromU64(remembered)}`);
    }
  } else if (leaf) {
    const { height, timeMs, size } = leaf.block;
    const remembered = readBlock(store, height);
    if (remembered?.timeMs !== timeMs || remembered.from !== size || remembered.size !== index + 1) {
      throw new LogFaultError(index, 'block_malformed', 'block: not as the store remembers it');
    }
  }
}

function decodeOrUndefined(bytes: LogEntry['bytes']): ReturnType<typeof decodeLeaf> | undefined {
  try {
    return decodeLeaf(bytes);
  } catch {
    return undefined; // the replay says what is wrong with it
  }
}

function assertHead({ head }: Replay, stored: HeadRecord | undefined): void {
  const size = stored?.frontier.size ?? 0;
  if (size > head.frontier.size) {
    throw new LogFaultError(head.frontier.size, 'entry_missing', `the head counts ${size} entries`);
  }
  const same = stored
    ? stored.height === head.height &&
      stored.timeMs === head.timeMs &&
      stored.checkpoint === head.checkpoint &&
      equalBytes(stored.state, head.state) &&
      equalBytes(rootOf(stored), rootOf(head))
    : head.height === 0;
  if (!same) throw new LogFaultError(head.frontier.size, 'head_mismatch', 'the head is not that of the log');
}

function assertSameTable(table: string, store: StoreReader, replayed: StoreReader, head: HeadRecord): void {
  const theirs = store.range(table)[Symbol.iterator]();
  for (const [key, value] of replayed.range(table)) {
    const next = theirs.next();
    if (next.done || !equalBytes(next.value[0], key) || !equalBytes(next.value[1], value)) {
      throw stateMismatch(table, head);
    }
  }
  if (!theirs.next().done) throw stateMismatch(table, head);
}

/** Where buckets end says nothing: their leaves in order must be the same. */
function assertSameLeaves(store: StoreReader, replayed: StoreReader, head: HeadRecord): void {
  const theirs = leavesOf(store, head);
  for (const leaf of leavesOf(replayed, head)) {
    const next = theirs.next();
    if (next.done || !equalBytes(next.value, leaf)) throw stateMismatch(TABLES.trie, head);
  }
  if (!theirs.next().done) throw stateMismatch(TABLES.trie, head);
}

function* leavesOf(reader: StoreReader, head: HeadRecord): Generator<Bytes, void> {
  for (const [, record] of reader.range(TABLES.trie)) {
    const leaves = leavesIn(record);
    if (!leaves) throw stateMismatch(TABLES.trie, head);
    for (let i = 0; i < leafCount(leaves); i++) yield leafAt(leaves, i);
  }
}

function leavesIn(record: Bytes): Bytes | undefined {
  try {
    return decodeBucket(record).leaves;
  } catch {
    return undefined;
  }
}

const stateMismatch = (table: string, { frontier }: HeadRecord): LogFaultError =>
  new LogFaultError(frontier.size, 'state_mismatch', `${table} is not what the log makes of it`);

const uncovered = ({ frontier }: HeadRecord): LogFaultError =>
  new LogFaultError(frontier.size - 1, 'checkpoint_missing', 'no checkpoint covers the last entries');
