import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Store, utf8 } from '@attestel/core';
import { open as openLmdb } from 'lmdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLmdbStore } from '../../src/index.ts';

let folder: string;
let opened: Store[];
const open = async (options: object = {}): Promise<Store> => {
  const store = await openLmdbStore({ path: folder, ...options });
  opened.push(store);
  return store;
};
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'attestel-lmdb-')), 'a.b', 'store');
  opened = [];
});
afterEach(async () => {
  for (const store of opened) await store.close();
  await rm(join(folder, '..', '..'), { recursive: true, force: true });
});
const locksIn = (path: string): string[] => readdirSync(path).filter((name) => name.startsWith('writer'));

describe('LMDB store', () => {
  it('creates its folder, whatever dots its path has', async () => {
    await (await open()).transact((writer) => writer.put('t', utf8('k'), utf8('v')));
    expect(existsSync(join(folder, 'data.mdb'))).toBe(true);
  });

  it('refuses malformed table names, at the cost of the transaction that uses one', async () => {
    const store = await open();
    expect(() => store.get('a\0b', utf8('k'))).toThrow(TypeError);
    const put = (table: string) => store.transact((writer) => writer.put(table, utf8('k'), utf8('v')));
    const results = await Promise.allSettled([put('t'), put('BAD'), put('a\0b'), put('u')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(store.get('t', utf8('k'))).toEqual(utf8('v'));
    expect(store.get('u', utf8('k'))).toEqual(utf8('v'));
  });

  it('keeps every value under its own key, of whatever length and however many go into one transaction', async () => {
    const store = await open();
    const lengths = [0, 1, 32, 64, 65, 300, 16_383, 16_384, 16_385, 262_144, 1_000_000];
    const records = Array.from({ length: 500 }, (_, i) => ({
      table: i % 2 === 0 ? 't' : 'a/table-of-a-longer-name',
      key: new Uint8Array(1 + (i % 500)).fill(1 + (i % 255)),
      value: new Uint8Array(i % 50 === 0 ? (lengths[i / 50] ?? 0) : i).fill(i % 251),
    }));
    await store.transact((writer) => {
      for (const { table, key, value } of records) writer.put(table, key, value);
    });
    await store.transact((writer) => writer.delete('t', records[2]?.key as Uint8Array));
    for (const [i, { table, key, value }] of records.entries()) {
      expect(store.get(table, key)).toEqual(i === 2 ? undefined : value);
    }
  });

  it('goes on with a store of smaller pages, as earlier versions made them', async () => {
    const openEarlier = () =>
      openLmdb<Uint8Array, Buffer>({
        ...{ path: folder, noSubdir: false, keyEncoding: 'binary', encoding: 'binary' },
        ...{ overlappingSync: false, pageSize: 4096 },
      });
    const earlier = openEarlier();
    await earlier.put(Buffer.from('t\0k'), utf8('v'));
    expect(earlier.getStats()).toMatchObject({ pageSize: 4096 });
    await earlier.close();
    const values = Array.from({ length: 300 }, (_, i) => new Uint8Array(i * 20).fill(i % 251));
    const first = await open();
    expect(first.get('t', utf8('k'))).toEqual(utf8('v'));
    await first.transact((writer) => {
      for (const [i, value] of values.entries()) writer.put('u', utf8(`${i}`), value);
    });
    await first.close();
    const again = await open();
    expect(values.map((_, i) => again.get('u', utf8(`${i}`)))).toEqual(values);
    expect(again.get('t', utf8('k'))).toEqual(utf8('v'));
    await again.close();
    const kept = openEarlier();
    expect(kept.getStats()).toMatchObject({ pageSize: 4096 });
    await kept.close();
  });

  it('grows beyond its first map size', async () => {
    const store = await open({ mapSizeBytes: 1 << 20 });
    const value = new Uint8Array(100_000).fill(1);
    for (let i = 0; i < 40; i++) await store.transact((writer) => writer.put('t', Uint8Array.of(i), value));
    expect([...store.range('t')]).toHaveLength(40);
  });

  it('shows a reader beside the writer the store as it was when the reader opened', async () => {
    const store = await open();
    const put = (key: string) => store.transact((writer) => writer.put('t', utf8(key), utf8('v')));
    await put('a');
    const reader = await open({ readOnly: true });
    const [first, ...none] = reader.range('t');
    await put('b');
    await new Promise((next) => setTimeout(next, 20));
    expect(first?.[0]).toEqual(utf8('a'));
    expect(none).toEqual([]);
    expect(reader.get('t', utf8('b'))).toBeUndefined();
    expect([...reader.range('t')]).toHaveLength(1);
    const later = await open({ readOnly: true });
    expect([...later.range('t')]).toHaveLength(2);
  });

  it('refuses a second writer, lets readers in beside the first, and lets go when closed', async () => {
    const store = await open();
    await store.transact((writer) => writer.put('t', utf8('k'), utf8('v')));
    await expect(open()).rejects.toMatchObject({ code: 'store_in_use', kind: 'conflict' });
    const reader = await open({ readOnly: true });
    expect(reader.get('t', utf8('k'))).toEqual(utf8('v'));
    await expect(reader.transact(() => {})).rejects.toThrow('read-only');
    await reader.close();
    await store.close();
    await store.close();
    await expect(store.transact(() => {})).rejects.toThrow('closed');
    expect(locksIn(folder)).toEqual([]);
    expect((await open()).get('t', utf8('k'))).toEqual(utf8('v'));
  });

  it('finishes what was called before it closes', async () => {
    const store = await open();
    const writing = store.transact((writer) => writer.put('t', utf8('k'), utf8('v')));
    await store.close();
    await writing;
    expect((await open()).get('t', utf8('k'))).toEqual(utf8('v'));
  });
});
