import { createMemoryStore, type Store, type StoreWriter, utf8 } from '@attestel/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createWriteBehind, type WriteBehind, writeBehindOf } from '../../src/verifier/write-behind.ts';

const T = 'test/table';
const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();
const put =
  (key: string, value = key) =>
  (writer: StoreWriter): void =>
    writer.put(T, utf8(key), utf8(value));

let base: Store;
let behind: WriteBehind;
let commits: number;
let refuse: boolean;
const lost = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  lost.mockReset();
  [commits, refuse] = [0, false];
  base = createMemoryStore({
    beforeCommit() {
      if (refuse) throw new Error('disk full');
      commits += 1;
    },
  });
  behind = createWriteBehind(base);
});
afterEach(() => vi.useRealTimers());

const onDisk = (): (string | undefined)[] => [...base.range(T)].map(([key]) => text(key));

describe('a write that may come soon', () => {
  test('is seen at once, on disk only later', async () => {
    behind.soon(put('a'), lost);
    expect(text(behind.get(T, utf8('a')))).toBe('a');
    expect(onDisk()).toEqual([]);
    await vi.runAllTimersAsync();
    expect(onDisk()).toEqual(['a']);
  });

  test('goes to disk together with others, and before a durable one resolves', async () => {
    behind.soon(put('a'), lost);
    behind.soon(put('b'), lost);
    await behind.transact(put('c'));
    expect(onDisk()).toEqual(['a', 'b', 'c']);
    expect(commits).toBe(1);
  });

  test('is decided on everything before it, durable or not', async () => {
    const count = (writer: StoreWriter): number => {
      const next = Number(text(writer.get(T, utf8('n'))) ?? 0) + 1;
      put('n', String(next))(writer);
      return next;
    };
    const first = behind.transact(count);
    expect(behind.soon(count, lost)).toBe(2);
    const third = behind.transact(count);
    expect([await first, await third]).toEqual([1, 3]);
    expect(text(base.get(T, utf8('n')))).toBe('3');
  });

  test('that throws is refused before anybody hears of it, and has written nothing', () => {
    const refused = (writer: StoreWriter): void => {
      put('a')(writer);
      throw new RangeError('raced');
    };
    expect(() => behind.soon(refused, lost)).toThrow(RangeError);
    expect(behind.get(T, utf8('a'))).toBeUndefined();
  });

  test('with a key no store takes is refused alone', async () => {
    behind.soon(put('a'), lost);
    expect(() => behind.soon(put('x'.repeat(501)), lost)).toThrow(TypeError);
    await behind.flush();
    expect(onDisk()).toEqual(['a']);
  });

  test('is one too many once so much waits that a slow disk would fill the memory', async () => {
    const many = (writer: StoreWriter): void => {
      for (let i = 0; i < 1_999; i++) put(String(i))(writer);
    };
    behind.soon(many, lost);
    expect(behind.isCrowded()).toBe(false);
    behind.soon(put('last'), lost);
    expect(behind.isCrowded()).toBe(true);
    await behind.flush();
    expect(behind.isCrowded()).toBe(false);
  });

  test('made while another flush is under way is not forgotten', async () => {
    const durable = behind.transact(put('a'));
    await Promise.resolve();
    behind.soon(put('b'), lost);
    await durable;
    await vi.runAllTimersAsync();
    expect(onDisk()).toEqual(['a', 'b']);
  });
});

describe('a durable transaction', () => {
  test('that asks for work later is refused', async () => {
    await expect(behind.transact(async () => {})).rejects.toThrow(TypeError);
  });

  test('shares its flush with those of the same turn', async () => {
    await Promise.all([behind.transact(put('a')), behind.transact(put('b'))]);
    expect(commits).toBe(1);
  });

  test('that only looked waits until what it saw is durable', async () => {
    behind.soon(put('a'), lost);
    expect(await behind.transact((writer) => text(writer.get(T, utf8('a'))))).toBe('a');
    expect(onDisk()).toEqual(['a']);
  });

  test('that one process decided is seen by the other user of the same store', async () => {
    const [one, two] = [writeBehindOf(base), writeBehindOf(base)];
    one.soon(put('a'), lost);
    expect(text(two.get(T, utf8('a')))).toBe('a');
    await two.flush();
  });
});

describe('when the disk refuses', () => {
  test('what was pending is gone and told, waiting ones hear why, and the next one starts on the truth', async () => {
    await behind.transact(put('kept'));
    refuse = true;
    behind.soon(put('a'), lost);
    const durable = behind.transact(put('b'));
    await expect(durable).rejects.toThrow('disk full');
    expect([lost.mock.calls.length, behind.losses()]).toEqual([1, 1]);
    expect([behind.get(T, utf8('a')), behind.get(T, utf8('b'))]).toEqual([undefined, undefined]);
    expect(text(behind.get(T, utf8('kept')))).toBe('kept');
    refuse = false;
    await behind.transact(put('c'));
    expect(onDisk()).toEqual(['c', 'kept']);
  });

  test('what was decided on it meanwhile is refused with it', async () => {
    refuse = true;
    const first = behind.transact(put('a'));
    await Promise.resolve();
    const second = behind.transact((writer) => put('b', text(writer.get(T, utf8('a'))))(writer));
    const results = await Promise.allSettled([first, second]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([...behind.range(T)]).toEqual([]);
  });

  test('in the background, it is told once for all of one caller', async () => {
    refuse = true;
    behind.soon(put('a'), lost);
    behind.soon(put('b'), lost);
    await behind.flush();
    expect(lost).toHaveBeenCalledTimes(1);
    expect(onDisk()).toEqual([]);
  });
});

type Step = { key: number; value: number | undefined; durable: boolean };
const step: fc.Arbitrary<Step> = fc.record({
  key: fc.nat(9),
  value: fc.option(fc.nat(99), { nil: undefined }),
  durable: fc.boolean(),
});
const apply =
  ({ key, value }: Step) =>
  (writer: StoreWriter): void =>
    value === undefined
      ? writer.delete(T, Uint8Array.of(key))
      : writer.put(T, Uint8Array.of(key), Uint8Array.of(value));
const rows = (reader: Pick<Store, 'range'>, range = {}): number[][] =>
  [...reader.range(T, range)].map(([key, value]) => [key[0] ?? -1, value[0] ?? -1]);

test('at every moment reads tell what all steps wrote, and the disk holds a beginning of them that no durable one has left', async () => {
  vi.useRealTimers();
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.record({ from: fc.nat(9), to: fc.nat(9), reverse: fc.boolean(), limit: fc.nat(5) }),
      async (steps, bounds) => {
        const model = createMemoryStore();
        const disk = createMemoryStore();
        const tested = createWriteBehind(disk);
        const range = { ...bounds, from: Uint8Array.of(bounds.from), to: Uint8Array.of(bounds.to) };
        const beginnings = [JSON.stringify([])];
        let least = 0;
        for (const [i, one] of steps.entries()) {
          await model.transact(apply(one));
          beginnings.push(JSON.stringify(rows(model)));
          if (one.durable) {
            await tested.transact(apply(one));
            least = i + 1;
          } else tested.soon(apply(one), lost);
          expect(rows(tested)).toEqual(rows(model));
          expect(rows(tested, range)).toEqual(rows(model, range));
          // What a process that starts now would find.
          expect(beginnings.slice(least)).toContain(JSON.stringify(rows(disk)));
        }
        await tested.flush();
        expect(rows(disk)).toEqual(rows(model));
      },
    ),
    { numRuns: 60 },
  );
});

test('what was told as written is there and what was told as lost has left no trace, however the disk refuses', async () => {
  vi.useRealTimers();
  const COUNTER = utf8('counter');
  const step = fc.record({
    durable: fc.boolean(),
    refuses: fc.boolean(),
    turns: fc.nat(3),
    waits: fc.boolean(),
  });
  let losses = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      let refuses = false;
      const disk = createMemoryStore({
        beforeCommit() {
          if (refuses) throw new Error('disk full');
        },
      });
      const tested = createWriteBehind(disk);
      const kept = new Set<number>();
      const waiting: Promise<unknown>[] = [];
      for (const [i, one] of steps.entries()) {
        refuses = one.refuses;
        // Rests on every step before it that was kept, and on no other.
        const work = (writer: StoreWriter): void => {
          const count = writer.get(T, COUNTER)?.[0] ?? 0;
          writer.put(T, COUNTER, Uint8Array.of(count + 1));
          writer.put('test/steps', Uint8Array.of(i), new Uint8Array());
        };
        kept.add(i);
        const gone = (): void => {
          kept.delete(i);
          losses += 1;
        };
        if (one.durable) waiting.push(tested.transact(work).catch(gone));
        else tested.soon(work, gone);
        for (let turn = 0; turn < one.turns; turn++) await undefined;
        if (one.waits) await Promise.all(waiting);
      }
      refuses = false;
      await tested.flush();
      await Promise.all(waiting);
      expect([...disk.range('test/steps')].map(([key]) => key[0])).toEqual([...kept]);
      expect(disk.get(T, COUNTER)?.[0] ?? 0).toBe(kept.size);
    }),
    { numRuns: 200 },
  );
  expect(losses).toBeGreaterThan(0);
});
