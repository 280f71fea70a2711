import type { Store, StoreWriter } from '@attestel/core';
import { open } from 'lmdb';
import { TABLES } from '../tables.ts';
import { createTableKeys } from './lmdb-keys.ts';
import { type Db, type Deferral, LmdbView } from './lmdb-view.ts';
import { createOverlay, type Overlay } from './overlay.ts';
import { writeBatch } from './write-batch.ts';
import { takeWriterLock } from './writer-lock.ts';

export interface LmdbStoreOptions {
  /** Folder of the store; created when missing. */
  readonly path: string;
  /** First size of the memory map; LMDB grows it as needed. */
  readonly mapSizeBytes?: number;
  /** Beside the process that writes: the store as it is now, without lock; `transact` refuses. */
  readonly readOnly?: boolean;
}

interface Job {
  readonly run: (view: Overlay) => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Of a block's rows in these tables, nearly each would cost a page of its own. */
const LEDGER_DEFERRAL: Deferral = {
  tables: [TABLES.trie, TABLES.operations],
  maxBytes: 24_000_000,
  fileShare: 16,
};

/**
 * The store port on LMDB. Transactions that wait together share one durable LMDB transaction: their
 * `work` runs in order on overlays, each dropped alone when it throws, and one batch writes what they
 * left. The batch runs and flushes on LMDB's own thread.
 * @throws AppError store_in_use
 */
export const openLmdbStore = (options: LmdbStoreOptions): Promise<Store> =>
  openDeferring(options, LEDGER_DEFERRAL);

/** As {@link openLmdbStore}, with other deferred tables: for tests. A store is opened with the same ones always. */
export async function openDeferring(options: LmdbStoreOptions, deferral: Deferral): Promise<Store> {
  const { path, readOnly = false } = options;
  const lock = readOnly ? undefined : await takeWriterLock(path);
  let view: LmdbView;
  try {
    view = openView(options, deferral);
  } catch (error) {
    lock?.release();
    throw error;
  }
  const commits = createCommits(view);
  let closed = false;
  return {
    ...view.reader,
    transact<T>(work: (writer: StoreWriter) => T): Promise<T> {
      if (closed || readOnly)
        return Promise.reject(new TypeError(`store: ${closed ? 'closed' : 'read-only'}`));
      return commits.add(work);
    },
    async close() {
      if (closed) return;
      closed = true;
      await commits.idle();
      view.close();
      await view.db.close();
      lock?.release();
    },
  };
}

function openView(options: LmdbStoreOptions, deferral: Deferral): LmdbView {
  const { path, mapSizeBytes, readOnly = false } = options;
  const db: Db = open<Buffer, Buffer>({
    path,
    noSubdir: false, // else a dot in the path makes it a file
    keyEncoding: 'binary',
    encoding: 'binary',
    overlappingSync: false, // a resolved commit is flushed, not only visible
    // Our batches are groups already; LMDB's own around them has a promise that nobody hears when the disk fails,
    // and an unheard rejection ends the process.
    eventTurnBatching: false,
    readOnly,
    ...(mapSizeBytes === undefined ? {} : { mapSize: mapSizeBytes }),
  });
  try {
    return new LmdbView({ db, keys: createTableKeys(), path, deferral });
  } catch (error) {
    void db.close();
    throw error;
  }
}

function createCommits(view: LmdbView) {
  let waiting: Job[] = [];
  let running: Promise<void> | undefined;

  const commit = async (): Promise<void> => {
    const jobs = waiting;
    waiting = [];
    const all = createOverlay(view.reader);
    // One that has the commit for itself needs no overlay of its own: when it throws, all is dropped.
    const run = jobs.length === 1 ? runOn : runAlone;
    const done = jobs.filter((job) => run(job, all));
    if (done.length === 0) return;
    try {
      await writeBatch(view, all);
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
