import { AsyncLocalStorage } from 'node:async_hooks';
import type { Bytes, Logger, StoreWriter, Table } from '@attestel/core';
import type { WriteBehind } from '@attestel/openid/verifier';
import { fail } from '../errors.ts';

/** A write that waits for the end of its request. Synchronous; a throw refuses the whole request. */
export type DeferredWrite = (writer: StoreWriter) => void;

/**
 * `durable`: the answer leaves after it is on disk. `soon`: shortly after, for what costs a person a page when
 * the process dies in between (decision 0011). A request waits as soon as one of its writes is durable.
 */
export type When = 'durable' | 'soon';

interface Unit {
  readonly writes: DeferredWrite[];
  readonly touched: Set<string>;
  /** As the store told when the request began to read. */
  readonly losses: number;
  durable: boolean;
}

/**
 * Bundles the writes of one HTTP request into one transaction, decided before the answer leaves; a sign-in
 * waits for the disk three times instead of twenty. Until then the request, and the others of this process,
 * see what is pending.
 */
export interface UnitOfWork {
  /**
   * Runs a request; decides what it wrote, and makes durable what must be, before the promise resolves.
   * @throws what `work` and its writes throw; why the disk refused; reads_lost when it refused meanwhile what this
   * request may have read: a code must not outlive the grant, nor a session the account, that it was made from
   */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Pending value, or what the store holds. */
  get(table: Table, key: Bytes): Bytes | undefined;
  put(table: Table, key: Bytes, value: Bytes, when?: When): Promise<void>;
  delete(table: Table, key: Bytes): Promise<void>;
  /** For writes that must read first: they see the store and every earlier write of the request. */
  defer(write: DeferredWrite, when?: When): Promise<void>;
  /** Resolves when nothing waits for the disk. */
  flush(): Promise<void>;
}

export function createUnitOfWork(store: WriteBehind, logger: Pick<Logger, 'error'>): UnitOfWork {
  const current = new AsyncLocalStorage<Unit>();
  const pending = new Map<string, { readonly unit: Unit; readonly value: Bytes | undefined }>();

  const commit = async (unit: Unit): Promise<void> => {
    if (unit.writes.length === 0) return;
    if (unit.losses !== store.losses()) throw fail('reads_lost');
    const writeAll: DeferredWrite = (writer) => {
      for (const write of unit.writes) write(writer);
    };
    // In a crowd whoever adds waits, so that connections bound what is in memory.
    if (unit.durable || store.isCrowded()) await store.transact(writeAll);
    else store.soon(writeAll, lost);
  };
  const lost = (error: unknown): void =>
    logger.error('store.flush_failed', { cause: error instanceof Error ? error.message : 'unknown' });
  const forget = (unit: Unit): void => {
    for (const name of unit.touched) if (pending.get(name)?.unit === unit) pending.delete(name);
  };
  const add = (unit: Unit, write: DeferredWrite, when: When): void => {
    unit.writes.push(write);
    if (when === 'durable') unit.durable = true;
  };
  const write = async (
    table: Table,
    key: Bytes,
    value: Bytes | undefined,
    when: When = 'durable',
  ): Promise<void> => {
    const apply: DeferredWrite = (writer) =>
      value === undefined ? writer.delete(table, key) : writer.put(table, key, value);
    const unit = current.getStore();
    if (!unit) return store.transact(apply);
    const name = nameOf(table, key);
    pending.set(name, { unit, value });
    unit.touched.add(name);
    add(unit, apply, when);
  };
  return {
    async run(work) {
      // A request inside a request is the same request.
      if (current.getStore()) return work();
      const unit: Unit = { writes: [], touched: new Set(), losses: store.losses(), durable: false };
      try {
        const result = await current.run(unit, work);
        await commit(unit);
        return result;
      } finally {
        forget(unit);
      }
    },
    get(table, key) {
      const known = pending.get(nameOf(table, key));
      return known ? known.value : store.get(table, key);
    },
    put: write,
    delete: (table, key) => write(table, key, undefined),
    async defer(apply, when = 'durable') {
      const unit = current.getStore();
      if (unit) add(unit, apply, when);
      else await store.transact(apply);
    },
    flush: () => store.flush(),
  };
}

const nameOf = (table: Table, key: Bytes): string => `${table}\0${Buffer.from(key).toString('latin1')}`;
