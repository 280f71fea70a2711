import type { Bytes, Range, StoreReader, StoreWriter, Table } from '@attestel/core';
import { assertKey, assertTable } from './lmdb-keys.ts';

type Entry = readonly [key: Bytes, value: Bytes];
export type Change = readonly [table: Table, key: Bytes, value: Bytes | undefined];

/** Writes held back in memory above a reader. Dropping it undoes them; nothing below has changed. */
export interface Overlay extends StoreWriter {
  /** As `put`, without copies: key and value are the overlay's from now on, and nobody changes them. */
  give(table: Table, key: Bytes, value: Bytes): void;
  /** What work writes stays, unless it throws. */
  attempt<T>(work: () => T): T;
  /** Last write per key; undefined deletes. */
  changes(): Iterable<Change>;
  /** Adds all writes to another writer. */
  applyTo(writer: StoreWriter): void;
}

/** Key and value belong to the overlay and never change: overlays may share them. */
interface Pending {
  readonly key: Bytes;
  readonly value: Bytes | undefined;
}

/** A write that may have to be taken back. */
interface Undo {
  readonly pending: Map<string, Pending>;
  readonly name: string;
  readonly before: Pending | undefined;
}

export const createOverlay = (base: StoreReader): Overlay => new MemoryOverlay(base);

class MemoryOverlay implements Overlay {
  readonly #base: StoreReader;
  readonly #tables = new Map<Table, Map<string, Pending>>();
  /** Of the attempt under way. */
  #journal: Undo[] | undefined;

  constructor(base: StoreReader) {
    this.#base = base;
  }

  get(table: Table, key: Bytes): Bytes | undefined {
    const own = this.#tables.get(table)?.get(toLatin1(key));
    return own ? own.value && copy(own.value) : this.#base.get(table, key);
  }

  range(table: Table, range: Range = {}): Iterable<Entry> {
    const pending = this.#tables.get(table);
    if (!pending) return this.#base.range(table, range);
    return limited(merge(this.#base, table, range, select(pending, range)), range.limit);
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
      for (const { pending, name, before } of journal.reverse()) {
        if (before) pending.set(name, before);
        else pending.delete(name);
      }
      throw error;
    } finally {
      this.#journal = undefined;
    }
  }

  *changes(): Iterable<Change> {
    for (const [table, pending] of this.#tables) {
      for (const { key, value } of pending.values()) yield [table, key, value];
    }
  }

  applyTo(writer: StoreWriter): void {
    if (writer instanceof MemoryOverlay) {
      writer.#adopt(this.#tables);
      return;
    }
    for (const [table, key, value] of this.changes()) {
      if (value === undefined) writer.delete(table, key);
      else writer.put(table, key, value);
    }
  }

  #adopt(tables: ReadonlyMap<Table, ReadonlyMap<string, Pending>>): void {
    for (const [table, theirs] of tables) {
      const own = this.#pendingOf(table);
      for (const [name, pending] of theirs) this.#set(own, name, pending);
    }
  }

  #write(table: Table, key: Bytes, value: Bytes | undefined): void {
    // Told here and not in the commit, where it would cost every transaction that shares it.
    assertKey(key);
    this.#set(this.#pendingOf(table), toLatin1(key), { key, value });
  }

  #set(pending: Map<string, Pending>, name: string, entry: Pending): void {
    this.#journal?.push({ pending, name, before: pending.get(name) });
    pending.set(name, entry);
  }

  #pendingOf(table: Table): Map<string, Pending> {
    const known = this.#tables.get(table);
    if (known) return known;
    assertTable(table);
    const created = new Map<string, Pending>();
    this.#tables.set(table, created);
    return created;
  }
}

type Selected = readonly [name: string, pending: Pending];

/** Pending writes in range, in the order of the range. Latin-1 text orders as bytes do. */
function select(pending: Map<string, Pending>, { from, to, reverse }: Range): readonly Selected[] {
  const low = from && toLatin1(from);
  const high = to && toLatin1(to);
  const selected = [...pending].filter(
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
  for (const [, pending] of selected.slice(at)) yield* present(pending);
}

function* present({ key, value }: Pending): Iterable<Entry> {
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

/** One character per byte: a cheap map key whose order is the order of the bytes. */
const toLatin1 = (bytes: Bytes): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
