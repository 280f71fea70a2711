import { AsyncLocalStorage } from 'node:async_hooks';
import type { Bytes, Store, StoreWriter, Table } from '@attestel/core';

/** A write that waits for the end of its request. Synchronous; a throw refuses the whole request. */
export type DeferredWrite = (writer: StoreWriter) => void;

interface Unit {
  readonly writes: DeferredWrite[];
  readonly touched: Set<string>;
}

/**
 * Bundles the writes of one HTTP request into one transaction: the answer leaves only after it is durable,
 * and one sign-in waits for the disk a few times instead of twenty. Until then the request, and the others
 * of this process, see what is pending.
 */
export interface UnitOfWork {
  /** Runs a request; commits what it wrote before the promise resolves. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Pending value, or what the store holds. */
  get(table: Table, key: Bytes): Bytes | undefined;
  put(table: Table, key: Bytes, value: Bytes): Promise<void>;
  delete(table: Table, key: Bytes): Promise<void>;
  /** For writes that must read first: they see the store and every earlier write of the request. */
  defer(write: DeferredWrite): Promise<void>;
}

export function createUnitOfWork(store: Store): UnitOfWork {
  const current = new AsyncLocalStorage<Unit>();
  const pending = new Map<string, { readonly unit: Unit; readonly value: Bytes | undefined }>();

  const commit = async (unit: Unit): Promise<void> => {
    if (unit.writes.length === 0) return;
    await store.transact((writer) => {
      for (const write of unit.writes) write(writer);
    });
  };
  const forget = (unit: Unit): void => {
    for (const name of unit.touched) if (pending.get(name)?.unit === unit) pending.delete(name);
  };
  const write = async (table: Table, key: Bytes, value: Bytes | undefined): Promise<void> => {
    const apply: DeferredWrite = (writer) =>
      value === undefined ? writer.delete(table, key) : writer.put(table, key, value);
    const unit = current.getStore();
    if (!unit) return store.transact(apply);
    const name = nameOf(table, key);
    pending.set(name, { unit, value });
    unit.touched.add(name);
    unit.writes.push(apply);
  };
  return {
    async run(work) {
      // A request inside a request is the same request.
      if (current.getStore()) return work();
      const unit: Unit = { writes: [], touched: new Set() };
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
    async defer(apply) {
      const unit = current.getStore();
      if (unit) unit.writes.push(apply);
      else await store.transact(apply);
    },
  };
}

const nameOf = (table: Table, key: Bytes): string => `${table}\0${Buffer.from(key).toString('latin1')}`;
