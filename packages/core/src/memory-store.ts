import { type Bytes, fromHex, toHex } from './bytes.ts';
import type { Range, Store, StoreReader, StoreWriter, Table } from './ports/store.ts';

export interface MemoryStoreFaults {
  /** Called before a transaction's writes are applied; a throw leaves nothing written. */
  beforeCommit?(): void;
  /** Called after they are applied; a throw reports failure although the data is there. */
  afterCommit?(): void;
}

/**
 * The store port in memory: for tests and for what may be lost. It shares no code with the durable
 * stores; the same behaviour suite runs on all of them. Faults are injected by hooks.
 */
export function createMemoryStore(faults: MemoryStoreFaults = {}): Store {
  const tables = new Map<Table, Map<string, Bytes>>();
  const tableOf = (name: Table): Map<string, Bytes> => {
    const existing = tables.get(name);
    if (existing) return existing;
    const created = new Map<string, Bytes>();
    tables.set(name, created);
    return created;
  };
  const reader: StoreReader = {
    get: (table, key) => copyOf(tableOf(table).get(toHex(key))),
    range: (table, range) => select(tableOf(table), range),
  };
  return {
    ...reader,
    async transact(work) {
      // As in the durable stores: later than the call, in the order of the calls.
      await undefined;
      const pending: Write[] = [];
      const result = work(overlay(tableOf, pending));
      assertSynchronous(result);
      faults.beforeCommit?.();
      for (const [table, key, value] of pending) {
        if (value === undefined) tableOf(table).delete(key);
        else tableOf(table).set(key, value);
      }
      faults.afterCommit?.();
      return result;
    },
    async close() {},
  };
}

/** Callers may change what they gave or got. Not `slice`: a Buffer's shares its memory. */
const copy = (value: Bytes): Bytes => new Uint8Array(value);
const copyOf = (value: Bytes | undefined): Bytes | undefined => value && copy(value);

type Write = readonly [table: Table, key: string, value: Bytes | undefined];

const MAX_KEY_BYTES = 500;

/** What it would write later, after the commit, would be lost without a word. */
function assertSynchronous(result: unknown): void {
  if (result instanceof Promise) throw new TypeError('store: the work of a transaction is synchronous');
}

function keyText(key: Bytes): string {
  if (key.length > MAX_KEY_BYTES) throw new TypeError(`store: key longer than ${MAX_KEY_BYTES} bytes`);
  return toHex(key);
}

function overlay(tableOf: (name: Table) => Map<string, Bytes>, pending: Write[]): StoreWriter {
  const merged = (table: Table): Map<string, Bytes> => {
    const view = new Map(tableOf(table));
    for (const [name, key, value] of pending) {
      if (name !== table) continue;
      if (value === undefined) view.delete(key);
      else view.set(key, value);
    }
    return view;
  };
  return {
    get(table, key) {
      const hex = toHex(key);
      const own = pending.findLast(([name, pendingKey]) => name === table && pendingKey === hex);
      return copyOf(own ? own[2] : tableOf(table).get(hex));
    },
    range: (table, range) => select(merged(table), range),
    put: (table, key, value) => void pending.push([table, keyText(key), copy(value)]),
    delete: (table, key) => void pending.push([table, keyText(key), undefined]),
  };
}

function select(table: Map<string, Bytes>, range: Range = {}): (readonly [Bytes, Bytes])[] {
  const from = range.from && toHex(range.from);
  const to = range.to && toHex(range.to);
  const keys = [...table.keys()]
    .filter((key) => (from === undefined || key >= from) && (to === undefined || key < to))
    .sort();
  if (range.reverse) keys.reverse();
  return keys.slice(0, range.limit).map((key) => [fromHex(key), copy(table.get(key) as Bytes)] as const);
}
