import { toHex } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/sha256.ts';
import { notGoodIndices, readStatusRoot, writeStatusBit } from '../../src/state/status-bits.ts';
import { decodeStatusSet, encodeStatusSet } from '../../src/status/status-set.ts';
import { EMPTY_HASH, statusRootOf, TILE_BITS, TREE_BITS } from '../../src/status/status-tree.ts';
import { createFakeState } from '../ledger/fake-ledger.ts';

/** Near each other, in neighbouring tiles, and at the edges of tiles and nodes. */
const index = fc.oneof(
  fc.integer({ min: 0, max: 50 }),
  fc.integer({ min: 0, max: 3 * TILE_BITS }),
  fc.constantFrom(TILE_BITS - 1, TILE_BITS, 64 * TILE_BITS - 1, 64 * TILE_BITS, 64 * 64 * TILE_BITS),
);
const changes = fc.array(fc.tuple(index, fc.boolean()), { maxLength: 30 });

describe('the tree over all status bits', () => {
  it('has the root of the set, whatever the order in which it came about', () => {
    fc.assert(
      fc.property(changes, (list) => {
        const state = createFakeState();
        const set = new Set<number>();
        for (const [at, isNotGood] of list) {
          writeStatusBit(state, { index: at, isNotGood }, sha256);
          if (isNotGood) set.add(at);
          else set.delete(at);
        }
        const sorted = [...set].sort((a, b) => a - b);
        expect(notGoodIndices(state)).toEqual(sorted);
        const bits = decodeStatusSet(encodeStatusSet((sorted.at(-1) ?? -1) + 1, sorted));
        expect(toHex(readStatusRoot(state))).toBe(toHex(statusRootOf(bits, sha256)));
      }),
      { numRuns: 50 },
    );
  });

  it('leaves nothing behind when all are good again', () => {
    const state = createFakeState();
    for (const isNotGood of [true, false]) {
      for (const at of [0, TILE_BITS, 70 * TILE_BITS])
        writeStatusBit(state, { index: at, isNotGood }, sha256);
    }
    expect(readStatusRoot(state)).toEqual(EMPTY_HASH);
    expect([...state.list('status/')]).toEqual([]);
  });

  it('refuses an index beyond it', () => {
    const write = () => writeStatusBit(createFakeState(), { index: TREE_BITS, isNotGood: true }, sha256);
    expect(write).toThrow(TypeError);
  });
});
