import type { Bytes, Range, StoreReader, StoreWriter, Table } from '@attestel/core';
import { assertKey, assertTable } from './lmdb-keys.ts';

type Entry = readonly [key: Bytes, value: Bytes];

/** The last write of a key; undefined deletes. Neither ever changes: overlays may share them. */
export interface Change {
  readonly key: Bytes;
  readonly value: Bytes | undefined;
}

/** Writes held back in memory above a reader. Dropping it undoes them; nothing below has changed. */
export interface Overlay extends StoreWriter {
  /** As `put`, without copies: key and value are the overlay's from now on, and nobody changes them. */
  give(table: Table, key: Bytes, value: Bytes): void;
  /** What work writes stays, unless it throws. */
  attempt<T>(work: () => T): T;
  /** Tables with writes. */
  tables(): Iterable<Table>;
  /** Last write per key of a table. */
  changes(table: Table): Iterable<Change>;
  /** Adds all writes to another writer. */
  applyTo(writer: StoreWriter): void;
}

/** An overlay's writes to one table. */
interface Pending {
  changes: Map<string, Change>;
  /** Another overlay has the same map: it is copied before it is written to. */
  isShared: boolean;
}

/** A write that may have to be taken back. */
interface Undo {
  readonly changes: Map<string, Change>;
  readonly name: string;
  readonly before: Change | undefined;
}

export const createOverlay = (base: StoreReader): Overlay => new MemoryOverlay(base);

class MemoryOverlay implements Overlay {
  readonly #base: StoreReader;
  readonly #tables = new Map<Table, Pending>();
  /** Of the attempt under way. */
  #journal: Undo[] | undefined;
  /** What the attempt under way did not find in the base, which does not change meanwhile. */
  readonly #absent = new Map<Table, Set<string>>();

  constructor(base: StoreReader) {
    this.#base = base;
  }

  get(table: Table, key: Bytes): Bytes | undefined {
    const name = toLatin1(key);
    const own = this.#tables.get(table)?.changes.get(name);
    if (own) return own.value && copy(own.value);
    return this.#journal ? this.#getOnce(table, key, name) : this.#base.get(table, key);
  }

  /** What is new is asked for twice at least: by the rule that it must be so, and by the write. */
  #getOnce(table: Table, key: Bytes, name: string): Bytes | undefined {
    const absent = this.#absent.get(table) ?? new Set();
    if (absent.has(name)) return undefined;
    const value = this.#base.get(table, key);
    if (!value) this.#absent.set(table, absent.add(name));
    return value;
  }

  range(table: Table, range: Range = {}): Iterable<Entry> {
    const pending = this.#tables.get(table);
    if (!pending) return this.#base.range(table, range);
    return limited(merge(this.#base, table, range, select(pending.changes, range)), range.limit);
  }

  put(table: Table, key: Bytes, value: Bytes): void {
    this.#write(table, copy(key), copy(value));
  }

  give(table: Table, key: Bytes, value: Bytes): void {
    this.#write(table, key, value);
  }

  delete(table: Table, key: Bytes): void {
    this.#write(table, copy(key), undefined);
  }

  attempt<T>(work: () => T): T {
    if (this.#journal) throw new TypeError('store: an attempt is under way');
    const journal: Undo[] = [];
    this.#journal = journal;
    try {
      return work();
    } catch (error) {
      for (const { changes, name, before } of journal.reverse()) {
        if (before) changes.set(name, before);
        else changes.delete(name);
      }
      throw error;
    } finally {
      this.#journal = undefined;
      this.#absent.clear();
    }
  }

  tables(): Iterable<Table> {
    return this.#tables.keys();
  }

  changes(table: Table): Iterable<Change> {
    return this.#tables.get(table)?.changes.values() ?? [];
  }

  applyTo(writer: StoreWriter): void {
    if (writer instanceof MemoryOverlay) {
      for (const [table, pending] of this.#tables) writer.#adopt(table, pending, this.#journal !== undefined);
      return;
    }
    for (const table of this.tables()) {
      for (const { key, value } of this.changes(table)) {
        if (value === undefined) writer.delete(table, key);
        else writer.put(table, key, value);
      }
    }
  }

  /** Where there is nothing to mix and nothing to take back, both have one map until one of them writes. */
  #adopt(table: Table, theirs: Pending, isTentative: boolean): void {
    if (!isTentative && !this.#journal && !this.#tables.has(table)) {
      theirs.isShared = true;
      this.#tables.set(table, { changes: theirs.changes, isShared: true });
      return;
    }
    const own = this.#changesOf(table);
    for (const [name, change] of theirs.changes) this.#set(own, name, change);
  }

  #write(table: Table, key: Bytes, value: Bytes | undefined): void {
    // Told here and not in the commit, where it would cost every transaction that shares it.
    assertKey(key);
    this.#set(this.#changesOf(table), toLatin1(key), { key, value });
  }

  #set(changes: Map<string, Change>, name: string, change: Change): void {
    this.#journal?.push({ changes, name, before: changes.get(name) });
    changes.set(name, change);
  }

  /** For writing. */
  #changesOf(table: Table): Map<string, Change> {
    const known = this.#tables.get(table);
    if (!known) {
      assertTable(table);
      const changes = new Map<string, Change>();
      this.#tables.set(table, { changes, isShared: false });
      return changes;
    }
    if (known.isShared) {
      known.changes = new Map(known.changes);
      known.isShared = false;
    }
    return known.changes;
  }
}

type Selected = readonly [name: string, change: Change];

/** Pending writes in range, in the order of the range. Latin-1 text orders as bytes do. */
function select(changes: ReadonlyMap<string, Change>, { from, to, reverse }: Range): readonly Selected[] {
  const low = from && toLatin1(from);
  const high = to && toLatin1(to);
  const selected = [...changes].filter(
    ([name]) => (low === undefined || name >= low) && (high === undefined || name < high),
  );
  return selected.sort(([a], [b]) => (a < b !== (reverse ?? false) ? -1 : 1));
}

function* merge(
  base: StoreReader,
  table: Table,
  { limit: _, ...range }: Range,
  selected: readonly Selected[],
): Iterable<Entry> {
  let at = 0;
  for (const entry of base.range(table, range)) {
    const name = toLatin1(entry[0]);
    let next = selected[at];
    while (next && next[0] !== name && next[0] < name !== (range.reverse ?? false)) {
      yield* present(next[1]);
      next = selected[++at];
    }
    if (next?.[0] === name) {
      yield* present(next[1]);
      at += 1;
    } else {
      yield entry;
    }
  }
  for (const [, change] of selected.slice(at)) yield* present(change);
}

function* present({ key, value }: Change): Iterable<Entry> {
  if (value !== undefined) yield [copy(key), copy(value)];
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

/** Not `slice`: a Buffer's shares its memory. */
const copy = (bytes: Bytes): Bytes => new Uint8Array(bytes);

/**
 * One character per byte: a cheap map key whose order is the order of the bytes. By way of one Buffer for all: a view of
 * its own would give every short array, which the engine keeps beside its object, memory of its own.
 */
function toLatin1(bytes: Bytes): string {
  const { length } = bytes;
  if (length > scratch.length) return Buffer.from(bytes).toString('latin1'); // a bound: nothing limits those
  scratch.set(bytes);
  return scratch.toString('latin1', 0, length);
}

const scratch = Buffer.alloc(512);
