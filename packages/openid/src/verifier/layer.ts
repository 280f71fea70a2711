import type { Bytes, Range, StoreReader, StoreWriter, Table } from '@attestel/core';
import { compareBytes } from '@attestel/core';

interface Held {
  readonly key: Bytes;
  /** undefined deletes. */
  readonly value: Bytes | undefined;
}

/** Last write per key, held above a store. It keeps the bytes it is given: they are not altered afterwards. */
export interface Layer {
  find(table: Table, name: string): Held | undefined;
  table(table: Table): ReadonlyMap<string, Held> | undefined;
  hold(table: Table, name: string, held: Held): void;
  /** @throws TypeError on a key that no store takes: told here, not to all who share the flush */
  write(table: Table, key: Bytes, value: Bytes | undefined): void;
  /** Adds all writes to another. */
  addTo(layer: Layer): void;
  applyTo(writer: StoreWriter): void;
  isEmpty(): boolean;
  /** Keys it holds. */
  size(): number;
}

const MAX_KEY_BYTES = 500;

export function createLayer(): Layer {
  const tables = new Map<Table, Map<string, Held>>();
  const of = (table: Table): Map<string, Held> => {
    const existing = tables.get(table);
    if (existing) return existing;
    const created = new Map<string, Held>();
    tables.set(table, created);
    return created;
  };
  return {
    find: (table, name) => tables.get(table)?.get(name),
    table: (table) => tables.get(table),
    hold(table, name, held) {
      of(table).set(name, held);
    },
    write(table, key, value) {
      if (key.length > MAX_KEY_BYTES) throw new TypeError(`store: key longer than ${MAX_KEY_BYTES} bytes`);
      of(table).set(nameOf(key), { key, value });
    },
    addTo(layer) {
      for (const [table, pending] of tables) {
        for (const [name, held] of pending) layer.hold(table, name, held);
      }
    },
    applyTo(writer) {
      for (const [table, pending] of tables) {
        for (const { key, value } of pending.values()) {
          if (value === undefined) writer.delete(table, key);
          else writer.put(table, key, value);
        }
      }
    },
    isEmpty: () => tables.size === 0,
    size: () => [...tables.values()].reduce((sum, { size }) => sum + size, 0),
  };
}

/** What a store would say with the layers on it, the uppermost first. */
export function readThrough(layers: () => readonly Layer[], base: StoreReader): StoreReader {
  return {
    get(table, key) {
      const name = nameOf(key);
      for (const layer of layers()) {
        const held = layer.find(table, name);
        if (held) return held.value;
      }
      return base.get(table, key);
    },
    range(table, range = {}) {
      const held = layers().flatMap((layer) => layer.table(table) ?? []);
      if (held.length === 0) return base.range(table, range);
      // The uppermost wins: it is set last.
      const pending = new Map(held.reverse().flatMap((map) => [...map]));
      const { limit, ...rest } = range;
      return limited(merge(base.range(table, rest), select([...pending.values()], rest), rest), limit);
    },
  };
}

function select(held: readonly Held[], { from, to, reverse = false }: Range): readonly Held[] {
  return held
    .filter(({ key }) => (!from || compareBytes(key, from) >= 0) && (!to || compareBytes(key, to) < 0))
    .sort((a, b) => (reverse ? -1 : 1) * compareBytes(a.key, b.key));
}

type Entry = readonly [key: Bytes, value: Bytes];

function* merge(below: Iterable<Entry>, held: readonly Held[], { reverse = false }: Range): Iterable<Entry> {
  const order = (a: Bytes, b: Bytes): number => (reverse ? -1 : 1) * compareBytes(a, b);
  let at = 0;
  for (const entry of below) {
    const first = at;
    while (at < held.length && order((held[at] as Held).key, entry[0]) <= 0) at += 1;
    const passed = held.slice(first, at);
    yield* present(passed);
    const last = passed.at(-1);
    if (!last || compareBytes(last.key, entry[0]) !== 0) yield entry;
  }
  yield* present(held.slice(at));
}

function* present(held: readonly Held[]): Iterable<Entry> {
  for (const { key, value } of held) if (value !== undefined) yield [key, value];
}

function* limited(entries: Iterable<Entry>, limit = Number.POSITIVE_INFINITY): Iterable<Entry> {
  let left = limit;
  if (left <= 0) return;
  for (const entry of entries) {
    yield entry;
    left -= 1;
    if (left <= 0) return;
  }
}

const nameOf = (key: Bytes): string =>
  Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
