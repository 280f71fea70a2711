import type { Bytes } from '../bytes.ts';

/**
 * A named collection of key-value pairs ordered by key bytes (see `compareBytes`). Keys ≤ 500 bytes: a
 * longer one is refused by `put` and `delete` themselves, so that it costs only the transaction that
 * uses it, and is never found by `get`; requests from outside may hold any length.
 */
export type Table = string;

export interface Range {
  /** First key, inclusive. */
  readonly from?: Bytes;
  /** End, exclusive. */
  readonly to?: Bytes;
  /** From the last key to the first; `from` and `to` keep their meaning as lower and upper bound. */
  readonly reverse?: boolean;
  readonly limit?: number;
}

export interface StoreReader {
  get(table: Table, key: Bytes): Bytes | undefined;
  /** Consistent while iterated; do not await between items. */
  range(table: Table, range?: Range): Iterable<readonly [key: Bytes, value: Bytes]>;
}

export interface StoreWriter extends StoreReader {
  put(table: Table, key: Bytes, value: Bytes): void;
  delete(table: Table, key: Bytes): void;
}

/**
 * An ordered key-value store. Reads see everything whose `transact` has resolved, and possibly what
 * is about to; a transaction sees its own writes. What a transaction returned is durable when the
 * promise resolves, and then survives power loss.
 */
export interface Store extends StoreReader {
  /**
   * Runs `work` later than the call and in the order of the calls, synchronously and alone; then
   * commits all its writes or, if it throws, none. Transactions called in the same turn may share one
   * flush to disk (group commit); each stays atomic by itself.
   */
  transact<T>(work: (writer: StoreWriter) => T): Promise<T>;
  close(): Promise<void>;
}
