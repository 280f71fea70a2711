import { createMemoryStore } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { RecentState } from '../../src/executor/recent-state.ts';
import { sha256 } from '../../src/sha256.ts';
import { createState } from '../../src/state/module-state.ts';
import { createOverlay } from '../../src/store/overlay.ts';
import { StateTrie } from '../../src/trie/state-trie.ts';

/** Blocks that write one value each, as the executor writes them. */
async function blocks(maxBytes: number, values: readonly string[]) {
  const store = createMemoryStore();
  const trie = new StateTrie(store);
  const recent = new RecentState(store, trie, maxBytes);
  for (const value of values) {
    const writes = createOverlay(store);
    createState(writes, 'm').put('k', value);
    const changes = Array.from(writes.changes(), ([, key, bytes]) => ({
      key,
      keyHash: sha256(key),
      valueHash: bytes && sha256(bytes),
    }));
    const update = trie.update(changes);
    recent.stage(changes, update.existing);
    trie.writeTo(writes, update);
    await store.transact((writer) => writes.applyTo(writer));
    trie.commit(update);
    recent.settle();
  }
  return recent;
}

const textOf = (value: Uint8Array | undefined) => value && Buffer.from(value.subarray(1)).toString();

describe('state of the blocks before', () => {
  it('is what it was then', async () => {
    const recent = await blocks(1_000, ['a', 'b', 'c', 'd']);
    expect([0, 1, 2, 3].map((back) => textOf(recent.prove('m', 'k', back).value))).toEqual([
      'd',
      'c',
      'b',
      'a',
    ]);
    expect(recent.prove('m', 'k', 4).value).toBeUndefined();
    expect(() => recent.prove('m', 'k', 5)).toThrow(RangeError);
  });

  it('is given up where large values were overwritten, but never of the two blocks before', async () => {
    const large = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(20));
    const recent = await blocks(30, large);
    expect(textOf(recent.prove('m', 'k', 2).value)).toBe(large[2]);
    expect(() => recent.prove('m', 'k', 4)).toThrow(RangeError);
  });
});
