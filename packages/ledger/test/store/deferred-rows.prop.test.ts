import { type Bytes, toHex } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeferredRows } from '../../src/store/deferred-rows.ts';
import { type Change, nameOfKey } from '../../src/store/overlay.ts';

const TABLES = ['first', 'second'];
const MAX_BYTES = 4000;

/** What an LMDB file holds: rows in their tables, by `table/key in hex`, and the journal. */
class Disk {
  readonly rows = new Map<string, string>();
  readonly journal = new Map<number, Bytes>();

  copy(): Disk {
    const copy = new Disk();
    for (const [name, value] of this.rows) copy.rows.set(name, value);
    for (const [number, piece] of this.journal) copy.journal.set(number, piece.slice());
    return copy;
  }

  open(maxBytes: number): DeferredRows {
    const pieces = [...this.journal].sort(([a], [b]) => a - b);
    return new DeferredRows({ tables: TABLES, maxBytes: () => maxBytes }, pieces);
  }
}

interface Write {
  readonly table: string;
  readonly key: Bytes;
  readonly value: Bytes | undefined;
}

const namedOf = (writes: readonly Write[], table: string): ReadonlyMap<string, Change> =>
  new Map(writes.filter((write) => write.table === table).map((write) => [nameOfKey(write.key), write]));

/** Writes a transaction as the store does. Returns what makes the rows go on to it. */
function write(disk: Disk, rows: DeferredRows, writes: readonly Write[]): () => void {
  const planned = rows.plan(TABLES.map((table) => [table, namedOf(writes, table)]));
  rows.eachWritten(planned, (table, name, value) => {
    const row = `${table}/${toHex(Buffer.from(name, 'latin1'))}`;
    if (value) disk.rows.set(row, toHex(value));
    else disk.rows.delete(row);
  });
  for (let i = planned.dropped.from; i < planned.dropped.to; i++) expect(disk.journal.delete(i)).toBe(true);
  for (const [i, piece] of planned.pieces.entries()) disk.journal.set(planned.number + i, piece);
  return () => rows.commit(planned);
}

/** All rows as a reader sees them. */
function seen(disk: Disk, rows: DeferredRows): Map<string, string> {
  const all = new Map(disk.rows);
  for (const table of TABLES) {
    for (const [, { key, value }] of rows.rows(table)) {
      expect(rows.get(table, key) ?? undefined).toEqual(value);
      if (value) all.set(`${table}/${toHex(key)}`, toHex(value));
      else all.delete(`${table}/${toHex(key)}`);
    }
  }
  return all;
}

const sorted = (rows: ReadonlyMap<string, string>): string[] => [...rows].map(String).sort();
const journalBytes = ({ journal }: Disk): number =>
  [...journal.values()].reduce((sum, { length }) => sum + length, 0);

const writeArbitrary: fc.Arbitrary<Write> = fc.record({
  table: fc.constantFrom(...TABLES),
  key: fc.uint8Array({ maxLength: 2 }).map((key) => key.map((byte) => byte & 0xf3)),
  value: fc.option(fc.uint8Array({ maxLength: 60 }), { nil: undefined }),
});
interface Step {
  readonly writes: readonly Write[];
  readonly outcome: 'durable' | 'lost' | 'unheard';
  readonly reopens: boolean;
}

const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  writes: fc.oneof(
    { weight: 12, arbitrary: fc.array(writeArbitrary, { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(writeArbitrary, { minLength: 8, maxLength: 30 }) },
  ),
  /** Commits that are reported as failed, with nothing on the disk or all of it. */
  outcome: fc.oneof(
    { weight: 12, arbitrary: fc.constant('durable' as const) },
    { weight: 1, arbitrary: fc.constantFrom('lost' as const, 'unheard' as const) },
  ),
  reopens: fc.boolean(),
});

/** A disk, what is held of it, and what it should show. */
class Run {
  readonly #model = new Map<string, string>();
  #disk = new Disk();
  #rows = this.#disk.open(MAX_BYTES);

  take({ writes, outcome, reopens }: Step): void {
    const before = this.#disk.copy();
    const commit = write(this.#disk, this.#rows, writes);
    if (outcome === 'lost') this.#disk = before;
    else for (const each of writes) this.#expect(each);
    const opened = this.#disk.open(MAX_BYTES);
    this.#check(opened);
    if (outcome === 'durable') {
      commit();
      this.#check(this.#rows);
      expect(heldBy(this.#rows)).toEqual(heldBy(opened));
    }
    if (outcome !== 'durable' || reopens) this.#rows = opened;
    expect(journalBytes(this.#disk)).toBeLessThan(MAX_BYTES * 4);
  }

  #expect({ table, key, value }: Write): void {
    if (value) this.#model.set(`${table}/${toHex(key)}`, toHex(value));
    else this.#model.delete(`${table}/${toHex(key)}`);
  }

  #check(rows: DeferredRows): void {
    expect(sorted(seen(this.#disk, rows))).toEqual(sorted(this.#model));
  }
}

const heldBy = (rows: DeferredRows) => TABLES.map((table) => new Map(rows.rows(table)));

describe('rows that are written later', () => {
  it('are seen as if written at once, whenever the store is closed or killed, and are bounded', () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { minLength: 40, maxLength: 150 }), (steps) => {
        const run = new Run();
        for (const step of steps) run.take(step);
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  it('go to their tables group by group, and the journal behind them', () => {
    const disk = new Disk();
    const rows = disk.open(40_000);
    let most = 0;
    for (let i = 0; i < 3000; i++) {
      const key = Uint8Array.of((i * 167) % 256, i % 251);
      const before = disk.rows.size;
      write(disk, rows, [{ table: 'first', key, value: new Uint8Array(100).fill(i) }])();
      most = Math.max(most, disk.rows.size - before);
    }
    expect(most).toBeLessThan(10);
    expect(disk.rows.size).toBeGreaterThan(2500);
    expect([...rows.rows('first')].length).toBeGreaterThan(50);
    expect([...rows.rows('first')].length).toBeLessThan(40_000 / 350);
    expect(journalBytes(disk)).toBeLessThan(40_000);
  });

  it('are written at once where a transaction is large, and leave no journal', () => {
    const disk = new Disk();
    const rows = disk.open(40_000);
    const row = (i: number, value: number): Write => ({
      table: 'first',
      key: Uint8Array.of(i),
      value: Uint8Array.of(value),
    });
    write(disk, rows, [row(1, 1), row(2, 1)])();
    expect(disk.rows.size).toBe(0);
    write(
      disk,
      rows,
      Array.from({ length: 100 }, (_, i) => row(i + 2, 2)),
    )();
    expect([disk.rows.size, disk.journal.size, [...rows.rows('first')].length]).toEqual([101, 0, 0]);
    expect([disk.rows.get('first/01'), disk.rows.get('first/02')]).toEqual(['01', '02']);
  });

  it.each([
    ['a gap', (journal: Map<number, Bytes>) => journal.delete(1)],
    ['an empty piece', (journal: Map<number, Bytes>) => journal.set(1, new Uint8Array())],
    ['a cut piece', (journal: Map<number, Bytes>) => journal.set(1, journal.get(1)?.slice(0, -1) as Bytes)],
    ['a cut head', (journal: Map<number, Bytes>) => journal.set(1, journal.get(1)?.slice(0, 5) as Bytes)],
    ['a table that there is not', (journal: Map<number, Bytes>) => journal.get(1)?.fill(2, 1, 2)],
  ])('are refused from a journal with %s', (_, damage) => {
    const disk = new Disk();
    const rows = disk.open(40_000);
    for (let i = 0; i < 3; i++) {
      write(disk, rows, [{ table: 'first', key: Uint8Array.of(i), value: new Uint8Array(20) }])();
    }
    expect(disk.journal.size).toBe(3);
    damage(disk.journal);
    expect(() => disk.open(40_000)).toThrow(expect.objectContaining({ code: 'store_damaged' }));
  });
});
