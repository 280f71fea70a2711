import type { Bytes, Range, Store, StoreReader, StoreWriter, Table } from '@attestel/core';
import { type Database, open, type RangeOptions, type Transaction } from 'lmdb';
import { BytePieces } from './byte-pieces.ts';
import { createTableKeys, isKey, type TableKeys } from './lmdb-keys.ts';
import { createOverlay, type Overlay } from './overlay.ts';
import { takeWriterLock } from './writer-lock.ts';

export interface LmdbStoreOptions {
  /** Folder of the store; created when missing. */
  readonly path: string;
  /** First size of the memory map; LMDB grows it as needed. */
  readonly mapSizeBytes?: number;
  /** Beside the process that writes: the store as it is now, without lock; `transact` refuses. */
  readonly readOnly?: boolean;
}

/**
 * Of a new store; an old one keeps its own. Twice LMDB's default: rows stand under hashes, so a large block changes most of
 * the pages that there are, and LMDB's list of changed pages costs the square of their number.
 */
const PAGE_BYTES = 8192;

interface Job {
  readonly run: (view: Overlay) => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

type Db = Database<Bytes, Buffer>;

/**
 * The store port on LMDB. Transactions that wait together share one durable LMDB transaction: their
 * `work` runs in order on overlays, each dropped alone when it throws, and one batch writes what they
 * left. The batch runs and flushes on LMDB's own thread.
 * @throws AppError store_in_use
 */
export async function openLmdbStore(options: LmdbStoreOptions): Promise<Store> {
  const { path, mapSizeBytes, readOnly = false } = options;
  const lock = readOnly ? undefined : await takeWriterLock(path);
  const keys = createTableKeys();
  let db: Db;
  try {
    db = open<Bytes, Buffer>({
      path,
      noSubdir: false, // else a dot in the path makes it a file
      keyEncoding: 'binary',
      encoding: 'binary',
      overlappingSync: false, // a resolved commit is flushed, not only visible
      // Our batches are groups already; LMDB's own around them has a promise that nobody hears when the disk fails,
      // and an unheard rejection ends the process.
      eventTurnBatching: false,
      readOnly,
      pageSize: PAGE_BYTES,
      ...(mapSizeBytes === undefined ? {} : { mapSize: mapSizeBytes }),
    });
  } catch (error) {
    lock?.release();
    throw error;
  }
  // A reader that goes on over many turns must not see half of what is written meanwhile.
  const snapshot = readOnly ? db.useReadTransaction() : undefined;
  const reader = createReader(db, keys, snapshot && { transaction: snapshot });
  const commits = createCommits(db, keys, reader);
  let closed = false;
  return {
    ...reader,
    transact<T>(work: (writer: StoreWriter) => T): Promise<T> {
      if (closed || readOnly)
        return Promise.reject(new TypeError(`store: ${closed ? 'closed' : 'read-only'}`));
      return commits.add(work);
    },
    async close() {
      if (closed) return;
      closed = true;
      await commits.idle();
      snapshot?.done();
      await db.close();
      lock?.release();
    },
  };
}

/** Room for a dozen buckets of the trie; whoever keeps one value keeps this much. */
const READ_PIECE_BYTES = 1 << 14;

/** What LMDB reads of a range is a copy already: a plain byte array over the same memory. */
const viewOf = (value: Bytes): Bytes => new Uint8Array(value.buffer, value.byteOffset, value.length);

const ignore = (): void => {};

type InSnapshot = { readonly transaction: Transaction } | undefined;

function createReader(db: Db, keys: (table: Table) => TableKeys, snapshot: InSnapshot): StoreReader {
  const pieces = new BytePieces(READ_PIECE_BYTES);
  // LMDB's fast answer stands in memory that the next one overwrites.
  const copy = (value: Bytes): Bytes => {
    const copied = pieces.take(value.length);
    copied.set(new Uint8Array(value.buffer, value.byteOffset, value.length));
    return copied;
  };
  return {
    get(table, key) {
      if (!isKey(key)) return undefined; // whatever a request names
      const name = keys(table).of(key);
      const value = snapshot ? db.get(name, snapshot) : db.getBinaryFast(name);
      return value && copy(value);
    },
    *range(table, range = {}) {
      const names = keys(table);
      const options = rangeOptions(names, range);
      if (!options) return;
      for (const { key, value } of db.getRange({ ...options, ...snapshot })) {
        yield [new Uint8Array(names.strip(key)), viewOf(value)] as const;
      }
    },
  };
}

function createCommits(db: Db, keys: (table: Table) => TableKeys, reader: StoreReader) {
  let waiting: Job[] = [];
  let running: Promise<void> | undefined;

  const commit = async (): Promise<void> => {
    const jobs = waiting;
    waiting = [];
    const all = createOverlay(reader);
    // One that has the commit for itself needs no overlay of its own: when it throws, all is dropped.
    const run = jobs.length === 1 ? runOn : runAlone;
    const done = jobs.filter((job) => run(job, all));
    if (done.length === 0) return;
    try {
      await writeBatch(db, keys, all);
      for (const job of done) job.resolve();
    } catch (error) {
      for (const job of done) job.reject(error);
    }
  };
  const commitAll = async (): Promise<void> => {
    // One turn later, so that transactions called in this turn share the commit.
    await Promise.resolve();
    while (waiting.length > 0) await commit();
    running = undefined;
  };
  return {
    add<T>(work: (writer: StoreWriter) => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        let result: T;
        const run = (view: Overlay): void => {
          result = work(view);
          assertFinished(result);
        };
        waiting.push({ run, resolve: () => resolve(result), reject });
        running ??= commitAll();
      });
    },
    async idle() {
      while (running) await running;
    },
  };
}

/** What it would write later, after the commit, would be lost without a word. */
function assertFinished(result: unknown): void {
  if (result instanceof Promise) throw new TypeError('store: the work of a transaction is synchronous');
}

/** False when the work threw: its writes are dropped and only its caller hears of it. */
function runAlone(job: Job, all: Overlay): boolean {
  const own = createOverlay(all);
  if (!runOn(job, own)) return false;
  own.applyTo(all);
  return true;
}

function runOn(job: Job, view: Overlay): boolean {
  try {
    job.run(view);
    return true;
  } catch (error) {
    job.reject(error);
    return false;
  }
}

/** Everything in one LMDB transaction. @throws when it is not durable */
async function writeBatch(db: Db, keys: (table: Table) => TableKeys, all: Overlay): Promise<void> {
  const tables = [...all.tables()];
  if (tables.length === 0) return;
  const pack = createValuePack();
  let heard: Promise<boolean> | undefined;
  try {
    await db.batch(() => {
      for (const table of tables) {
        const names = keys(table);
        for (const { key, value } of all.changes(table)) {
          const written = value ? db.put(names.of(key), pack(value)) : db.remove(names.of(key));
          // The batch's own promise reports a failure; these would report it a second time, unheard. LMDB has one
          // promise for most of them.
          if (written !== heard) written.catch(ignore);
          heard = written;
        }
      }
    });
  } catch (error) {
    // LMDB hangs a second rejected promise on its error, which unheard would end the process.
    const { commitError } = error as { commitError?: unknown };
    if (commitError instanceof Promise) commitError.catch(() => {});
    throw error;
  }
  db.resetReadTxn();
}

const PACK_BYTES = 1 << 18;

/**
 * Values side by side, for LMDB's thread to read until they are written: it asks for the address of each piece of memory,
 * and finding that costs more than copying a small value.
 */
function createValuePack(): (value: Bytes) => Bytes {
  const pieces = new BytePieces(PACK_BYTES);
  return (value) => {
    if (value.length > PACK_BYTES / 16) return value;
    const packed = pieces.take(value.length);
    packed.set(value);
    return packed;
  };
}

/** Undefined for a range that holds nothing. LMDB's reverse ranges start at their upper end, inclusive. */
function rangeOptions(names: TableKeys, { from, to, reverse, limit }: Range): RangeOptions | undefined {
  const low = Buffer.from(from ? names.ofBound(from) : names.from);
  const high = Buffer.from(to ? names.ofBound(to) : names.to);
  if (limit === 0 || Buffer.compare(low, high) >= 0) return undefined;
  const bounds = reverse
    ? { start: high, end: low, reverse: true, exclusiveStart: true, inclusiveEnd: true }
    : { start: low, end: high };
  return { ...bounds, ...(limit === undefined ? {} : { limit }) };
}
