import {
  type Bytes,
  compareBytes,
  createMemoryStore,
  type Range,
  type StoreWriter,
  toHex,
} from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOverlay } from '../../src/store/overlay.ts';

const T = 'table';
const key = fc.uint8Array({ maxLength: 2 }).map((bytes) => bytes.map((byte) => byte & 0x81));
const writes = fc.array(
  fc.record({ key, value: fc.option(fc.uint8Array({ maxLength: 4 }), { nil: undefined }) }),
  { maxLength: 10 },
);
const range = fc.record(
  { from: key, to: key, reverse: fc.boolean(), limit: fc.nat({ max: 4 }) },
  { requiredKeys: [] },
);
type Write = { key: Bytes; value: Bytes | undefined };

function write(target: Pick<StoreWriter, 'put' | 'delete'>, all: readonly Write[]): void {
  for (const each of all) {
    if (each.value) target.put(T, each.key, each.value);
    else target.delete(T, each.key);
  }
}

describe('overlay', () => {
  it('reads through any layers like one sorted map, and leaves its base alone until applied', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(writes, { minLength: 1, maxLength: 4 }), range, async (layers, asked) => {
        const store = createMemoryStore();
        const [first = [], ...others] = layers;
        let overlay = createOverlay(store);
        await store.transact((writer) => write(writer, first));
        const before = dump([...store.range(T)]);
        const bottom = overlay;
        const stack = [bottom];
        for (const layer of others) {
          overlay = createOverlay(overlay);
          stack.push(overlay);
          write(overlay, layer);
        }
        const expected = model(layers.flat(), asked);
        expect(dump([...overlay.range(T, asked)])).toEqual(expected);
        for (const { key: each } of layers.flat()) {
          const [found] = model(layers.flat(), {}).filter((entry) => entry.startsWith(`${toHex(each)}=`));
          const value = overlay.get(T, each);
          expect(value && `${toHex(each)}=${toHex(value)}`).toBe(found);
        }
        expect(dump([...store.range(T)])).toEqual(before);
        for (let i = stack.length - 1; i > 0; i--) stack[i]?.applyTo(stack[i - 1] as typeof overlay);
        await store.transact((writer) => bottom.applyTo(writer));
        expect(dump([...store.range(T, asked)])).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('keeps what attempts write that succeed, and nothing of those that throw', () => {
    const attempts = fc.array(fc.record({ writes, succeeds: fc.boolean() }), { maxLength: 6 });
    fc.assert(
      fc.property(attempts, (all) => {
        const overlay = createOverlay(createMemoryStore());
        for (const { writes: some, succeeds } of all) {
          const attempt = () =>
            overlay.attempt(() => {
              write(overlay, some);
              if (!succeeds) throw new RangeError('refused');
            });
          if (succeeds) attempt();
          else expect(attempt).toThrow(RangeError);
        }
        const kept = all.filter(({ succeeds }) => succeeds).flatMap(({ writes: some }) => some);
        expect(dump([...overlay.range(T)])).toEqual(model(kept, {}));
        // Deletions too, for the store below may have what they delete.
        const changed = Array.from(overlay.changes(T), ({ key }) => toHex(key));
        expect(changed.sort()).toEqual([...new Set(kept.map(({ key: name }) => toHex(name)))].sort());
      }),
    );
  });

  it('answers for single keys, in attempts and after them, as for ranges', () => {
    const attempts = fc.array(fc.record({ lower: writes, upper: writes, succeeds: fc.boolean() }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(attempts, fc.array(key), (all, asked) => {
        const base = createOverlay(createMemoryStore());
        const overlay = createOverlay(base);
        const check = () => {
          const there = new Map(Array.from(overlay.range(T), ([name, value]) => [toHex(name), value]));
          for (const name of asked) expect(overlay.get(T, name)).toEqual(there.get(toHex(name)));
        };
        for (const { lower, upper, succeeds } of all) {
          write(base, lower);
          const attempt = () =>
            overlay.attempt(() => {
              check();
              for (const each of upper) {
                write(overlay, [each]);
                check();
              }
              if (!succeeds) throw new RangeError('refused');
            });
          if (succeeds) attempt();
          else expect(attempt).toThrow(RangeError);
          check();
        }
      }),
    );
  });

  it('goes its own way after it was applied to another, and so does that one', () => {
    fc.assert(
      fc.property(writes, writes, writes, fc.boolean(), (first, later, others, isTentative) => {
        const lower = createOverlay(createMemoryStore());
        const upper = createOverlay(lower);
        const give = () => {
          write(upper, first);
          upper.applyTo(lower);
        };
        // An attempt may yet be taken back, so what it wrote is copied at once.
        const refused = () => {
          give();
          throw new RangeError('refused');
        };
        if (isTentative) expect(() => upper.attempt(refused)).toThrow(RangeError);
        else give();
        write(lower, others);
        write(upper, later);
        expect(dump([...lower.range(T)])).toEqual(model([...first, ...others], {}));
        const own = isTentative ? later : [...first, ...later];
        const changed = Array.from(upper.changes(T), ({ key: name }) => toHex(name));
        expect(changed.sort()).toEqual([...new Set(own.map(({ key: name }) => toHex(name)))].sort());
        expect(dump([...upper.range(T)])).toEqual(model([...first, ...others, ...own], {}));
      }),
    );
  });

  it('is in one attempt at a time', () => {
    const overlay = createOverlay(createMemoryStore());
    expect(() => overlay.attempt(() => overlay.attempt(() => 0))).toThrow(TypeError);
    expect(overlay.attempt(() => 1)).toBe(1);
  });
});

const dump = (entries: readonly (readonly [Bytes, Bytes])[]): string[] =>
  entries.map(([name, value]) => `${toHex(name)}=${toHex(value)}`);

function model(all: readonly Write[], { from, to, reverse, limit }: Range): string[] {
  const map = new Map<string, [Bytes, Bytes]>();
  for (const { key: name, value } of all) {
    if (value) map.set(toHex(name), [name, value]);
    else map.delete(toHex(name));
  }
  const entries = [...map.values()]
    .filter(([name]) => (!from || compareBytes(name, from) >= 0) && (!to || compareBytes(name, to) < 0))
    .sort(([a], [b]) => compareBytes(a, b));
  if (reverse) entries.reverse();
  return dump(entries.slice(0, limit));
}
