import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Bytes, Range, StoreReader, Table } from '@attestel/core';
import type { Database, RangeOptions, Transaction } from 'lmdb';
import { fail } from '../errors.ts';
import { fromU64 } from '../tables.ts';
import { DeferredRows, type DeferredWrites } from './deferred-rows.ts';
import { isKey, type TableKeys } from './lmdb-keys.ts';
import { rangeWith } from './overlay.ts';

export type Db = Database<Buffer, Buffer>;

/** u64 number → piece of the journal of deferred rows (row-journal.ts) */
export const JOURNAL = 'store/journal';
const DATA = 'data.mdb';

/** Which rows are written to their tables later, and how many wait. */
export interface Deferral {
  /** Tables under hashes; their order is part of the format. */
  readonly tables: readonly Table[];
  /** Bytes that may wait: at most so many, and at most one for each `fileShare` of the file. */
  readonly maxBytes: number;
  readonly fileShare: number;
}

export interface LmdbParts {
  readonly db: Db;
  readonly keys: (table: Table) => TableKeys;
  readonly path: string;
  readonly deferral: Deferral;
}

/**
 * What readers see: a snapshot of the database, until the next commit is durable, and the rows that its journal holds. Both
 * are of one commit, also for a reader that goes on over many turns.
 */
export class LmdbView {
  readonly db: Db;
  readonly keys: LmdbParts['keys'];
  readonly reader: StoreReader;
  readonly #parts: LmdbParts;
  /** Undefined once closed. */
  #snapshot: { readonly transaction: Transaction } | undefined;
  /** Undefined where the journal could not be read. */
  #deferred: DeferredRows | undefined;

  /** @throws AppError store_damaged */
  constructor(parts: LmdbParts) {
    this.#parts = parts;
    this.db = parts.db;
    this.keys = parts.keys;
    this.reload();
    this.reader = createReader(this);
  }

  get snapshot(): { readonly transaction: Transaction } {
    if (!this.#snapshot) throw new TypeError('store: closed');
    return this.#snapshot;
  }

  get deferred(): DeferredRows {
    if (!this.#deferred) throw fail('store_damaged', { field: 'journal' });
    return this.#deferred;
  }

  /** Goes on to the commit that made these writes, and is the newest. */
  advance(writes: DeferredWrites): void {
    this.#renew();
    this.deferred.commit(writes);
  }

  /** Goes on to whatever is committed now: of a commit that failed, nobody knows. @throws AppError store_damaged */
  reload(): void {
    this.#deferred = undefined;
    this.#renew();
    this.#deferred = this.#readJournal();
  }

  close(): void {
    this.#snapshot?.transaction.done();
    this.#snapshot = undefined;
  }

  #renew(): void {
    this.close();
    this.db.resetReadTxn();
    this.#snapshot = { transaction: this.db.useReadTransaction() };
  }

  #readJournal(): DeferredRows {
    const { path, deferral } = this.#parts;
    const { tables, maxBytes, fileShare } = deferral;
    const limit = (): number => Math.min(maxBytes, statSync(join(path, DATA)).size / fileShare);
    return new DeferredRows({ tables, maxBytes: limit }, this.#pieces());
  }

  *#pieces(): Iterable<readonly [number: number, piece: Bytes]> {
    const names = this.keys(JOURNAL);
    const options = rangeOptions(names, {});
    for (const { key, value } of this.db.getRange({ ...options, ...this.snapshot })) {
      yield [fromU64(new Uint8Array(names.strip(key))), viewOf(value)];
    }
  }
}

/** LMDB's answer is a copy already: a plain byte array over the same memory. */
const viewOf = (value: Buffer): Bytes => new Uint8Array(value.buffer, value.byteOffset, value.length);

function createReader(view: LmdbView): StoreReader {
  const { db, keys } = view;
  const stored: StoreReader = {
    get(table, key) {
      const value = db.get(keys(table).of(key), view.snapshot);
      return value && viewOf(value);
    },
    *range(table, range = {}) {
      const names = keys(table);
      const options = rangeOptions(names, range);
      if (!options) return;
      for (const { key, value } of db.getRange({ ...options, ...view.snapshot })) {
        yield [new Uint8Array(names.strip(key)), viewOf(value)] as const;
      }
    },
  };
  return {
    get(table, key) {
      if (!isKey(key)) return undefined; // whatever a request names
      const held = view.deferred.get(table, key);
      if (held === undefined) return stored.get(table, key);
      return held === null ? undefined : new Uint8Array(held);
    },
    *range(table, range = {}) {
      const { deferred } = view;
      if (deferred.has(table)) yield* rangeWith(stored, table, range, deferred.rows(table));
      else yield* stored.range(table, range);
    },
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
