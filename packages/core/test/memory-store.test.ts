import { describe, expect, test } from 'vitest';
import { createMemoryStore, utf8 } from '../src/index.ts';
import { storeSuite } from './suites/store.ts';

storeSuite('the memory store', async () => createMemoryStore());

describe('the memory store', () => {
  const put = (store: ReturnType<typeof createMemoryStore>) =>
    store.transact((writer) => writer.put('t', utf8('a'), Uint8Array.of(1)));

  test('a fault before the commit leaves nothing written', async () => {
    const store = createMemoryStore({
      beforeCommit() {
        throw new Error('disk full');
      },
    });
    await expect(put(store)).rejects.toThrow('disk full');
    expect(store.get('t', utf8('a'))).toBeUndefined();
  });

  test('a fault after the commit reports failure although the data is there', async () => {
    const store = createMemoryStore({
      afterCommit() {
        throw new Error('lost the answer');
      },
    });
    await expect(put(store)).rejects.toThrow('lost the answer');
    expect(store.get('t', utf8('a'))).toEqual(Uint8Array.of(1));
  });

  test('refuses work that returns a promise, and writes nothing', async () => {
    const store = createMemoryStore();
    const work = store.transact(async (writer) => writer.put('t', utf8('a'), Uint8Array.of(1)));
    await expect(work).rejects.toThrow(TypeError);
    expect(store.get('t', utf8('a'))).toBeUndefined();
  });

  test('runs work later than the call, as durable stores do, so that tests meet the same races', async () => {
    const store = createMemoryStore();
    const order: string[] = [];
    const first = store.transact(() => order.push('first'));
    const second = store.transact(() => order.push('second'));
    order.push('called');
    await Promise.all([first, second]);
    expect(order).toEqual(['called', 'first', 'second']);
  });

  test('finds nothing under a key longer than 500 bytes', () => {
    expect(createMemoryStore().get('t', new Uint8Array(501))).toBeUndefined();
  });

  test('refuses keys longer than 500 bytes, which durable stores cannot hold', async () => {
    const store = createMemoryStore();
    const putKey = (length: number) =>
      store.transact((writer) => writer.put('t', new Uint8Array(length), Uint8Array.of(1)));
    await putKey(500);
    await expect(putKey(501)).rejects.toThrow(TypeError);
  });
});
