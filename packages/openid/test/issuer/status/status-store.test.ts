import { createMemoryStore, systemRandom } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import {
  allocateIndices,
  ensureStatusList,
  readStatus,
  statusList,
  statusLists,
  statusValues,
  writeStatus,
} from '../../../src/issuer/status/status-store.ts';

const options = { random: systemRandom, size: 1024 };

describe('status indices', () => {
  it('are never given twice', async () => {
    const store = createMemoryStore();
    const taken = await store.transact((writer) => allocateIndices(writer, 1500, options));
    expect(new Set(taken.map(({ list, index }) => `${list}/${index}`)).size).toBe(1500);
  });

  it('tell nothing about their order', async () => {
    const store = createMemoryStore();
    const taken = await store.transact((writer) => allocateIndices(writer, 400, options));
    const steps = taken.slice(1).filter(({ index }, i) => index > (taken[i]?.index ?? 0)).length;
    expect(steps).toBeGreaterThan(120);
    expect(steps).toBeLessThan(280);
    const halves = taken.filter(({ index }) => index < 512).length;
    expect(halves).toBeGreaterThan(130);
    expect(halves).toBeLessThan(270);
  });

  it('come from a list that was announced before the one before it was half full', async () => {
    const store = createMemoryStore();
    await store.transact((writer) => ensureStatusList(writer, 64));
    const seen = new Map<number, number>();
    for (let i = 0; i < 200; i++) {
      const announced = statusLists(store).map(({ no, allocated }) => [no, allocated]);
      const [at] = await store.transact((writer) => allocateIndices(writer, 1, { ...options, size: 64 }));
      expect(announced.map(([no]) => no)).toContain(at?.list);
      for (const { no, allocated } of statusLists(store)) {
        const before = statusList(store, no - 1);
        if (allocated === 0 && before && !seen.has(no)) seen.set(no, before.allocated);
      }
    }
    expect(seen.size).toBeGreaterThan(2);
    for (const allocated of seen.values()) expect(allocated).toBeLessThan(32);
  });

  it('keep their list when the configured size changes', async () => {
    const store = createMemoryStore();
    await store.transact((writer) => ensureStatusList(writer, 64));
    await store.transact((writer) => ensureStatusList(writer, 1024));
    expect(statusLists(store)).toEqual([{ no: 1, size: 64, allocated: 0 }]);
  });
});

describe('status values', () => {
  it('are kept each by itself', async () => {
    const store = createMemoryStore();
    const places = [0, 1, 2, 3, 511, 512, 1023].map((index) => ({ list: 1, index }));
    await store.transact((writer) => {
      for (const [i, place] of places.entries()) writeStatus(writer, place, (i % 3) + 1);
    });
    for (const [i, place] of places.entries()) expect(readStatus(store, place)).toBe((i % 3) + 1);
    expect([...statusValues(store, 1)]).toEqual(places.map(({ index }, i) => [index, (i % 3) + 1]));
    expect([...statusValues(store, 2)]).toEqual([]);
    expect(readStatus(store, { list: 2, index: 0 })).toBe(0);
  });

  it('say whether they changed', async () => {
    const store = createMemoryStore();
    const at = { list: 1, index: 7 };
    const changes = await store.transact((writer) =>
      [1, 1, 2, 0].map((value) => writeStatus(writer, at, value)),
    );
    expect(changes).toEqual([true, false, true, true]);
  });
});
