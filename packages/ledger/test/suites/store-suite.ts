import {
  type Bytes,
  compareBytes,
  type Range,
  type Store,
  type StoreReader,
  type StoreWriter,
  toHex,
  utf8,
} from '@attestel/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** A store under test. `reopen` closes it and opens the same data again; used on durable stores only. */
export interface StoreUnderTest {
  readonly store: Store;
  reopen(): Promise<Store>;
  dispose(): Promise<void>;
}

const T = 'suite/table';
const pairs = (entries: Iterable<readonly [Bytes, Bytes]>): string[] =>
  [...entries].map(([key, value]) => `${toHex(key)}=${toHex(value)}`);

/** The behaviour every engine behind the store port must have. */
export function storeSuite(
  name: string,
  kind: 'in memory' | 'durable',
  create: () => Promise<StoreUnderTest>,
): void {
  describe(`store port on ${name}`, () => {
    let under: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      under = await create();
      store = under.store;
    });
    afterEach(() => under.dispose());

    const fill = (keys: readonly string[]): Promise<void> =>
      store.transact((writer) => {
        for (const key of keys) writer.put(T, utf8(key), utf8(`v${key}`));
      });
    const keysOf = (range?: Range): string[] =>
      [...store.range(T, range)].map(([key]) => Buffer.from(key).toString());

    it('reads what a resolved transaction wrote, and nothing in other tables', async () => {
      await fill(['a']);
      expect(store.get(T, utf8('a'))).toEqual(utf8('va'));
      expect(store.get(T, utf8('b'))).toBeUndefined();
      expect(store.get('suite/other', utf8('a'))).toBeUndefined();
      expect([...store.range('suite/tabl')]).toEqual([]);
      expect([...store.range('suite/table/x')]).toEqual([]);
    });

    it('keeps binary keys and values, empty ones too, in byte order', async () => {
      const keys = [[], [0], [0, 0], [0, 255], [1], [127], [128], [255], [255, 255]].map((k) =>
        Uint8Array.from(k),
      );
      await store.transact((writer) => {
        for (const key of [...keys].reverse()) writer.put(T, key, key);
      });
      expect([...store.range(T)].map(([key]) => key)).toEqual(keys);
      for (const key of keys) expect(store.get(T, key)).toEqual(key);
    });

    it('takes keys of 500 bytes and values of a megabyte', async () => {
      const key = new Uint8Array(500).fill(7);
      const value = new Uint8Array(1_000_000).map((_, i) => i);
      await store.transact((writer) => writer.put(T, key, value));
      expect(store.get(T, key)).toEqual(value);
    });

    it('bounds a range below inclusively and above exclusively, in both directions', async () => {
      await fill(['a', 'b', 'bb', 'c', 'd']);
      const range = { from: utf8('b'), to: utf8('d') };
      expect(keysOf(range)).toEqual(['b', 'bb', 'c']);
      expect(keysOf({ ...range, reverse: true })).toEqual(['c', 'bb', 'b']);
      expect(keysOf({ ...range, limit: 2 })).toEqual(['b', 'bb']);
      expect(keysOf({ ...range, limit: 2, reverse: true })).toEqual(['c', 'bb']);
      expect(keysOf({ limit: 0 })).toEqual([]);
      expect(keysOf({ reverse: true, limit: 1 })).toEqual(['d']);
      expect(keysOf({ from: utf8('x') })).toEqual([]);
      expect(keysOf({ from: utf8('c'), to: utf8('b') })).toEqual([]);
      expect(keysOf({ from: utf8('b'), to: utf8('b') })).toEqual([]);
    });

    it('shows a transaction its own writes, in ranges too', async () => {
      await fill(['a', 'b', 'd']);
      const seen = await store.transact((writer) => {
        writer.put(T, utf8('c'), utf8('new'));
        writer.put(T, utf8('a'), utf8('changed'));
        writer.delete(T, utf8('b'));
        return [
          [...writer.range(T)].map(([key]) => Buffer.from(key).toString()),
          [...writer.range(T, { reverse: true, limit: 2 })].map(([key]) => Buffer.from(key).toString()),
          writer.get(T, utf8('b')),
          Buffer.from(writer.get(T, utf8('a')) ?? []).toString(),
        ];
      });
      expect(seen).toEqual([['a', 'c', 'd'], ['d', 'c'], undefined, 'changed']);
      expect(keysOf()).toEqual(['a', 'c', 'd']);
    });

    it('writes nothing of a transaction that throws, and passes its error on', async () => {
      await fill(['a']);
      const failed = store.transact((writer) => {
        writer.put(T, utf8('b'), utf8('x'));
        writer.delete(T, utf8('a'));
        throw new RangeError('no');
      });
      await expect(failed).rejects.toThrow(RangeError);
      expect(keysOf()).toEqual(['a']);
    });

    it('runs transactions of one turn in order, each on the writes of those before it, each atomic alone', async () => {
      const add = (amount: number): Promise<number> =>
        store.transact((writer) => {
          const sum = (writer.get(T, utf8('n'))?.[0] ?? 0) + amount;
          writer.put(T, utf8('n'), Uint8Array.of(sum));
          if (amount === 100) throw new RangeError('refused');
          return sum;
        });
      const results = await Promise.allSettled([add(1), add(2), add(100), add(3)]);
      expect(results.map((r) => (r.status === 'fulfilled' ? r.value : 'refused'))).toEqual([
        1,
        3,
        'refused',
        6,
      ]);
      expect(store.get(T, utf8('n'))).toEqual(Uint8Array.of(6));
    });

    it('keeps stored bytes apart from the arrays that callers hold', async () => {
      const key = utf8('k');
      const value = Uint8Array.of(1, 2, 3);
      await store.transact((writer) => {
        writer.put(T, key, value);
        value[0] = 9;
        key[0] = 9;
      });
      const read = store.get(T, utf8('k'));
      expect(read).toEqual(Uint8Array.of(1, 2, 3));
      read?.fill(0);
      expect(store.get(T, utf8('k'))).toEqual(Uint8Array.of(1, 2, 3));
    });

    it('keeps stored bytes apart from Buffers, whose slices share memory', async () => {
      const key = Buffer.from('k');
      const value = Buffer.from('abc');
      await store.transact((writer) => {
        writer.put(T, key, value);
        value[0] = 0x7a;
        key[0] = 0x7a;
        writer.get(T, utf8('k'))?.fill(0);
        for (const [found, content] of writer.range(T)) {
          found.fill(0);
          content.fill(0);
        }
      });
      expect(keysOf()).toEqual(['k']);
      expect(Buffer.from(store.get(T, utf8('k')) ?? []).toString()).toBe('abc');
    });

    it('refuses a key longer than 500 bytes at once, and at the cost of its own transaction only', async () => {
      const long = new Uint8Array(501).fill(7);
      const told: string[] = [];
      const tryAll = (writer: StoreWriter): void => {
        for (const attempt of [() => writer.put(T, long, long), () => writer.delete(T, long)]) {
          try {
            attempt();
          } catch (error) {
            told.push((error as Error).name);
          }
        }
      };
      const results = await Promise.allSettled([
        fill(['a']),
        store.transact((writer) => writer.put(T, long, long)),
        store.transact((writer) => writer.delete(T, long)),
        store.transact(tryAll),
        fill(['b']),
      ]);
      expect(results.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      expect(told).toEqual(['TypeError', 'TypeError']);
      expect(keysOf()).toEqual(['a', 'b']);
    });

    it('finds nothing under a key longer than 500 bytes, and takes bounds of any length', async () => {
      const key = new Uint8Array(500).fill(7);
      const long = new Uint8Array(5000).fill(7);
      await store.transact((writer) => {
        writer.put(T, key, utf8('v'));
        expect(writer.get(T, long)).toBeUndefined();
      });
      await fill(['z']);
      expect(store.get(T, long)).toBeUndefined();
      expect([...store.range(T, { to: long })].map(([found]) => found)).toEqual([key]);
      expect(keysOf({ from: long })).toEqual(['z']);
      expect(keysOf({ from: long, to: long })).toEqual([]);
      expect(keysOf({ from: long, reverse: true })).toEqual(['z']);
    });

    it('refuses work that is not finished when it returns, and writes nothing of it', async () => {
      const late = store.transact(async (writer) => {
        writer.put(T, utf8('early'), utf8('v'));
        await undefined;
        writer.put(T, utf8('late'), utf8('v'));
      });
      const results = await Promise.allSettled([fill(['a']), late, fill(['b'])]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      await new Promise((next) => setTimeout(next, 10));
      expect(keysOf()).toEqual(['a', 'b']);
    });

    it('lets a reader stop in the middle of a range', async () => {
      await fill(['a', 'b', 'c']);
      for (let i = 0; i < 300; i++) {
        for (const [key] of store.range(T)) {
          expect(key).toEqual(utf8('a'));
          break;
        }
      }
      await fill(['d']);
      expect(keysOf()).toEqual(['a', 'b', 'c', 'd']);
    });

    it('behaves like a sorted map under any transactions', () => modelTest(create), 60_000);

    if (kind === 'in memory') return;
    it('holds after reopening what was acknowledged', async () => {
      await fill(['a', 'b']);
      store = await under.reopen();
      await fill(['c']);
      store = await under.reopen();
      expect(keysOf()).toEqual(['a', 'b', 'c']);
    });
  });
}

type Model = ReadonlyMap<string, readonly [Bytes, Bytes]>;
interface ModelWrite {
  readonly key: Bytes;
  readonly value: Bytes | undefined;
}
interface ModelTransaction {
  readonly writes: readonly ModelWrite[];
  readonly fails: boolean;
  readonly alone: boolean;
}

const keyArbitrary = fc
  .uint8Array({ minLength: 0, maxLength: 3 })
  .map((bytes) => bytes.map((byte) => byte & 0x83));
const writeArbitrary = fc.record({
  key: keyArbitrary,
  value: fc.option(fc.uint8Array({ maxLength: 20 }), { nil: undefined }),
});
const transactionArbitrary = fc.record({
  writes: fc.array(writeArbitrary, { maxLength: 6 }),
  fails: fc.boolean(),
  alone: fc.boolean(),
});
const rangeArbitrary = fc.record(
  { from: keyArbitrary, to: keyArbitrary, reverse: fc.boolean(), limit: fc.nat({ max: 5 }) },
  { requiredKeys: [] },
);

async function modelTest(create: () => Promise<StoreUnderTest>): Promise<void> {
  const history = fc.array(transactionArbitrary, { maxLength: 12 });
  const ranges = fc.array(rangeArbitrary, { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(history, ranges, (h, r) => compareWithModel(create, h, r)),
    {
      numRuns: 40,
    },
  );
}

async function compareWithModel(
  create: () => Promise<StoreUnderTest>,
  transactions: readonly ModelTransaction[],
  ranges: readonly Range[],
): Promise<void> {
  const { store, dispose } = await create();
  const check = (reader: StoreReader, model: Model): void => {
    for (const range of ranges) expect(pairs(reader.range(T, range))).toEqual(expected(model, range));
  };
  try {
    let model: Model = new Map();
    let running: Promise<unknown>[] = [];
    for (const { writes, fails, alone } of transactions) {
      const after = applied(model, writes);
      const work = store.transact((writer) => {
        writeAll(writer, writes);
        check(writer, after);
        if (fails) throw new RangeError('refused');
      });
      running.push(fails ? expect(work).rejects.toThrow(RangeError) : work);
      if (!fails) model = after;
      if (!alone) continue; // the next transaction shares this one's turn
      await Promise.all(running);
      running = [];
    }
    await Promise.all(running);
    check(store, model);
  } finally {
    await dispose();
  }
}

function writeAll(writer: StoreWriter, writes: readonly ModelWrite[]): void {
  for (const { key, value } of writes) {
    if (value) writer.put(T, key, value);
    else writer.delete(T, key);
  }
}

function applied(model: Model, writes: readonly ModelWrite[]): Model {
  const after = new Map(model);
  for (const { key, value } of writes) {
    if (value) after.set(toHex(key), [key, value]);
    else after.delete(toHex(key));
  }
  return after;
}

function expected(model: Model, range: Range): string[] {
  const { from, to, reverse, limit } = range;
  const entries = [...model.values()]
    .filter(([key]) => (!from || compareBytes(key, from) >= 0) && (!to || compareBytes(key, to) < 0))
    .sort(([a], [b]) => compareBytes(a, b));
  if (reverse) entries.reverse();
  return pairs(entries.slice(0, limit));
}
