import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fromHex, type Store, type StoreReader, toHex, utf8 } from '../../src/index.ts';

const key = (text: string): Uint8Array => utf8(text);
const keysOf = (store: StoreReader, table: string, range = {}): string[] =>
  [...store.range(table, range)].map(([k]) => new TextDecoder().decode(k));

/** The behaviour of the store port. Every implementation runs it. */
export function storeSuite(name: string, open: () => Promise<Store>): void {
  describe(`${name} keeps the promises of the store port`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    test('an unknown key or table is undefined or empty', () => {
      expect(store.get('none', key('a'))).toBeUndefined();
      expect([...store.range('none')]).toEqual([]);
    });

    test('what a resolved transaction wrote is there, and its result is returned', async () => {
      const result = await store.transact((writer) => {
        writer.put('t', key('a'), Uint8Array.of(1));
        writer.put('t', key('b'), new Uint8Array());
        return 'done';
      });
      expect(result).toBe('done');
      expect(store.get('t', key('a'))).toEqual(Uint8Array.of(1));
      expect(store.get('t', key('b'))).toEqual(new Uint8Array());
    });

    test('a transaction sees its own writes, in order', async () => {
      await store.transact((writer) => {
        writer.put('t', key('a'), Uint8Array.of(1));
        expect(writer.get('t', key('a'))).toEqual(Uint8Array.of(1));
        writer.put('t', key('a'), Uint8Array.of(2));
        writer.put('t', key('b'), Uint8Array.of(3));
        writer.delete('t', key('b'));
        expect(keysOf(writer, 't')).toEqual(['a']);
        expect(writer.get('t', key('b'))).toBeUndefined();
      });
      expect(store.get('t', key('a'))).toEqual(Uint8Array.of(2));
      expect(store.get('t', key('b'))).toBeUndefined();
    });

    test('a transaction that throws writes nothing and rejects with the same error', async () => {
      const error = new Error('stop');
      const attempt = store.transact((writer) => {
        writer.put('t', key('a'), Uint8Array.of(1));
        throw error;
      });
      await expect(attempt).rejects.toBe(error);
      expect(store.get('t', key('a'))).toBeUndefined();
    });

    test('of transactions started together, one that throws does not touch the others', async () => {
      const put = (k: string) =>
        store.transact((writer) => void writer.put('t', key(k), writer.get('t', key('n')) ?? key(k)));
      const bad = store.transact((writer) => {
        writer.put('t', key('bad'), key('x'));
        throw new Error('stop');
      });
      const results = await Promise.allSettled([put('a'), bad, put('b')]);
      expect(results.map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(keysOf(store, 't')).toEqual(['a', 'b']);
    });

    test('transactions run one after the other: no update is lost', async () => {
      const increment = () =>
        store.transact((writer) => {
          const next = (writer.get('t', key('n'))?.[0] ?? 0) + 1;
          writer.put('t', key('n'), Uint8Array.of(next));
          return next;
        });
      const results = await Promise.all(Array.from({ length: 20 }, increment));
      expect(results).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    });

    test('tables are apart', async () => {
      await store.transact((writer) => writer.put('t', key('a'), Uint8Array.of(1)));
      await store.transact((writer) => writer.put('t/a', key('b'), Uint8Array.of(2)));
      expect(keysOf(store, 't')).toEqual(['a']);
      expect(store.get('t/a', key('a'))).toBeUndefined();
    });

    test('ranges take `from`, leave out `to`, and can run backwards and stop', async () => {
      await store.transact((writer) => {
        for (const k of ['a', 'b', 'ba', 'c', 'd']) writer.put('t', key(k), key(k));
      });
      expect(keysOf(store, 't', { from: key('b'), to: key('d') })).toEqual(['b', 'ba', 'c']);
      expect(keysOf(store, 't', { from: key('b'), to: key('d'), reverse: true })).toEqual(['c', 'ba', 'b']);
      expect(keysOf(store, 't', { reverse: true, limit: 2 })).toEqual(['d', 'c']);
      expect(keysOf(store, 't', { from: key('b!'), limit: 1 })).toEqual(['ba']);
      expect(keysOf(store, 't', { to: key('a') })).toEqual([]);
    });

    test('what callers change afterwards does not reach the store', async () => {
      const value = Buffer.from([1, 2]);
      await store.transact((writer) => writer.put('t', key('a'), value));
      value[0] = 9;
      const read = store.get('t', key('a')) as Uint8Array;
      read[1] = 9;
      expect(store.get('t', key('a'))).toEqual(Uint8Array.of(1, 2));
    });

    test('keys order by their unsigned bytes, whatever order they came in', async () => {
      const hexKeys = fc.uniqueArray(
        fc.uint8Array({ minLength: 1, maxLength: 6 }).map((bytes) => toHex(bytes)),
        { maxLength: 12 },
      );
      let run = 0;
      await fc.assert(
        fc.asyncProperty(hexKeys, async (keys) => {
          const table = `p${run++ % 20}`;
          await store.transact((writer) => {
            for (const [old] of [...writer.range(table)]) writer.delete(table, old);
            for (const hex of keys) writer.put(table, fromHex(hex), fromHex(hex));
          });
          expect([...store.range(table)].map(([k]) => toHex(k))).toEqual([...keys].sort());
        }),
        { numRuns: 40 },
      );
    });
  });
}
