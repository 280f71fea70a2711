import type { Bytes, Table } from '@attestel/core';
import { fail } from '../errors.ts';
import { type Change, nameOfKey } from './overlay.ts';
import { decodePiece, nextGroupOf, PieceEncoder, type RowVisitor, recordBytes } from './row-journal.ts';

/** Rows are written in groups, by the first byte of their keys, which are hashes. */
const GROUPS = 256;
/** What a held row costs beside its bytes. */
const ROW_BYTES = 250;
/** Bytes of the journal for each that is held: rows are half as old as the journal, on average, and some repeat. */
const JOURNAL_SHARE = 3;
/** A transaction with more than this share of what may be held writes all at once: the journal would only add to it. */
const LARGE_SHARE = 1 / 4;

export interface DeferredOptions {
  /** Tables under hashes, in the order of their numbers in the journal. */
  readonly tables: readonly Table[];
  /** Bytes of rows that may be held, now. */
  readonly maxBytes: () => number;
}

/** Changes of one table by name, which stay as they are until the transaction is durable. */
export type NamedChanges = Iterable<readonly [name: string, change: Change]>;

/** What one transaction writes beside the rows of other tables. */
export interface DeferredWrites {
  /** Rows of the deferred tables that it changes. */
  readonly changes: readonly (readonly [table: number, changes: NamedChanges])[];
  /** Pieces of the journal, numbered from `number`; none when the rows go to their tables at once. */
  readonly pieces: readonly Bytes[];
  readonly number: number;
  /** Groups that go to their tables. */
  readonly groups: number;
  /** Pieces from `from` to before `to` go. */
  readonly dropped: { readonly from: number; readonly to: number };
}

type RowsByName = Map<string, Bytes | null>;

/** For each table, rows by name; null where one is deleted. */
interface Group {
  readonly tables: readonly RowsByName[];
  bytes: number;
  /** The first piece that may hold rows which are not in their tables. */
  since: number;
}

/**
 * Rows of tables under hashes, held back: a transaction writes them into a journal, one after another, and to their
 * tables later, many of one group together, where each alone would cost a page of its own. The newest of a row is in its
 * table or in the journal, always; what is held here is what the journal holds, for reading.
 */
export class DeferredRows {
  readonly #options: DeferredOptions;
  readonly #numbers: ReadonlyMap<Table, number>;
  readonly #groups: readonly Group[];
  /** Bytes of each piece that is kept, the first of them being number `#first`. */
  readonly #pieces: number[] = [];
  #first = 0;
  /** The group that is written next: the one that has waited longest. */
  #next = 0;
  #heldBytes = 0;
  #journalBytes = 0;

  /** `journal`: the pieces that are there, in order. @throws AppError store_damaged */
  constructor(options: DeferredOptions, journal: Iterable<readonly [number: number, piece: Bytes]>) {
    this.#options = options;
    this.#numbers = new Map(options.tables.map((table, i) => [table, i]));
    const empty = (): Group => ({ tables: options.tables.map(() => new Map()), bytes: 0, since: 0 });
    this.#groups = Array.from({ length: GROUPS }, empty);
    for (const [number, piece] of journal) this.#load(number, piece);
  }

  has(table: Table): boolean {
    return this.#numbers.has(table);
  }

  /** The row that is held; null where it is deleted. Not to be changed. */
  get(table: Table, key: Bytes): Bytes | null | undefined {
    const number = this.#numbers.get(table);
    if (number === undefined) return undefined;
    return this.#groupOf(key[0]).tables[number]?.get(nameOfKey(key));
  }

  /** Rows of a table that are held. */
  *rows(table: Table): Iterable<readonly [name: string, change: Change]> {
    const number = this.#numbers.get(table);
    if (number === undefined) return;
    for (const group of this.#groups) {
      for (const [name, value] of group.tables[number] ?? []) {
        yield [name, { key: new Uint8Array(Buffer.from(name, 'latin1')), value: value ?? undefined }];
      }
    }
  }

  /** What a transaction writes that makes these changes. Nothing changes yet. */
  plan(tables: readonly (readonly [table: Table, changes: NamedChanges])[]): DeferredWrites {
    const changes = tables.map(([table, rows]) => [this.#numbers.get(table) as number, rows] as const);
    const [number, from] = [this.#number, this.#first];
    let [bytes, added, count] = [0, 0, 0];
    eachChange(changes, (_, name, value) => {
      bytes += recordBytes(name, value);
      added += heldBytes(name, value);
      count += 1;
    });
    if (count === 0) return { changes, pieces: [], number, groups: 0, dropped: { from, to: from } };
    const max = this.#options.maxBytes();
    if (added > max * LARGE_SHARE) {
      return { changes, pieces: [], number, groups: GROUPS, dropped: { from, to: number } };
    }
    let held = this.#heldBytes + added;
    let journal = this.#journalBytes + bytes;
    let [groups, to] = [0, from];
    while (groups < GROUPS && (held > max || journal > max * JOURNAL_SHARE)) {
      held -= this.#groupAhead(groups).bytes;
      groups += 1;
      // What is left of the journal begins with the group that waits longest then.
      const since = groups < GROUPS ? this.#groupAhead(groups).since : number;
      for (; to < since; to++) journal -= this.#pieces[to - from] as number;
    }
    const encoder = new PieceEncoder(this.#ahead(groups), bytes, count);
    eachChange(changes, (table, name, value) => encoder.add(table, name, value));
    return { changes, pieces: encoder.finish(), number, groups, dropped: { from, to } };
  }

  /** The rows that go to their tables, in the order of their keys within a group; then any that go there at once. */
  eachWritten({ groups, pieces, changes }: DeferredWrites, visit: (table: Table, ...row: Row) => void): void {
    for (const [number, table] of this.#options.tables.entries()) {
      for (let i = 0; i < groups; i++) {
        const rows = this.#groupAhead(i).tables[number] as RowsByName;
        for (const name of [...rows.keys()].sort()) visit(table, name, rows.get(name) ?? undefined);
      }
    }
    if (pieces.length > 0) return;
    eachChange(changes, (number, ...row) => visit(this.#options.tables[number] as Table, ...row));
  }

  /** A planned transaction is durable. */
  commit({ changes, pieces, number, dropped, groups }: DeferredWrites): void {
    for (let i = 0; i < groups; i++) this.#pass(number);
    for (const bytes of this.#pieces.splice(0, dropped.to - dropped.from)) this.#journalBytes -= bytes;
    this.#first = dropped.to;
    if (pieces.length === 0) return;
    for (const piece of pieces) this.#keep(piece);
    eachChange(changes, (table, name, value) => this.#hold(table, name, value));
  }

  #load(number: number, piece: Bytes): void {
    const next = nextGroupOf(piece);
    if (this.#pieces.length === 0) {
      this.#first = number;
      for (const group of this.#groups) group.since = number;
      this.#next = next;
    }
    if (number !== this.#number) throw fail('store_damaged', { field: 'journal' });
    // Groups that the piece's transaction wrote.
    while (this.#next !== next) this.#pass(number);
    this.#keep(piece);
    decodePiece(piece, this.#options.tables.length, (...row) => this.#hold(...row));
  }

  /** Of the next piece. */
  get #number(): number {
    return this.#first + this.#pieces.length;
  }

  #keep(piece: Bytes): void {
    this.#pieces.push(piece.length);
    this.#journalBytes += piece.length;
  }

  #hold(table: number, name: string, value: Bytes | undefined): void {
    const group = this.#groupOf(name === '' ? undefined : name.charCodeAt(0));
    const rows = group.tables[table] as RowsByName;
    const before = rows.get(name);
    const bytes = heldBytes(name, value) - (before === undefined ? 0 : heldBytes(name, before));
    group.bytes += bytes;
    this.#heldBytes += bytes;
    rows.set(name, value ?? null);
  }

  /** The next group is in its tables; later rows of it are in pieces from this one. */
  #pass(number: number): void {
    const group = this.#groupAhead(0);
    this.#heldBytes -= group.bytes;
    group.bytes = 0;
    group.since = number;
    for (const rows of group.tables) rows.clear();
    this.#next = this.#ahead(1);
  }

  #groupOf(firstByte = 0): Group {
    return this.#groups[firstByte] as Group;
  }

  #ahead(groups: number): number {
    return (this.#next + groups) % GROUPS;
  }

  #groupAhead(groups: number): Group {
    return this.#groups[this.#ahead(groups)] as Group;
  }
}

type Row = readonly [name: string, value: Bytes | undefined];

function eachChange(changes: DeferredWrites['changes'], visit: RowVisitor): void {
  for (const [table, rows] of changes) for (const [name, { value }] of rows) visit(table, name, value);
}

const heldBytes = (name: string, value: Bytes | null | undefined): number =>
  ROW_BYTES + name.length + (value?.length ?? 0);
