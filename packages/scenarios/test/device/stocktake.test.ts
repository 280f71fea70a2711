import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicatesOf } from '../../src/device/stocktake/duplicates.ts';
import { takeStock } from '../../src/device/stocktake/stocktake.ts';

describe('takeStock', () => {
  it('tells correct, missing, moved and unknown things apart [E4]', () => {
    const register = [
      ...Array.from({ length: 25 }, (_, i) => ({ id: `here-${i}`, site: 'GD-01' })),
      { id: 'foreign', site: 'GD-02' },
    ];
    const seen = [...register.slice(0, 23).map(({ id }) => id), 'foreign', 'nobody-knows'];
    const found = takeStock(register, { site: 'GD-01', seen });
    const counts = Object.entries(found).map(([name, items]) => [name, items.length]);
    expect(Object.fromEntries(counts)).toEqual({ correct: 23, missing: 2, moved: 1, unknown: 1 });
    expect(found.moved).toEqual([{ id: 'foreign', from: 'GD-02', to: 'GD-01' }]);
    expect(found.unknown).toEqual(['nobody-knows']);
  });

  it('loses nothing: all that was seen or expected is in exactly one list', () => {
    const id = fc.stringMatching(/^[a-f]{1,2}$/);
    const item = fc.record({ id, site: fc.constantFrom('A', 'B') });
    const register = fc.uniqueArray(item, { selector: (one) => one.id, maxLength: 20 });
    fc.assert(
      fc.property(register, fc.array(id, { maxLength: 20 }), (known, seen) => {
        const { correct, missing, moved, unknown } = takeStock(known, { site: 'A', seen });
        const all = [...correct, ...missing, ...moved.map((one) => one.id), ...unknown];
        const expected = new Set([...seen, ...known.filter(({ site }) => site === 'A').map((one) => one.id)]);
        expect(all).toHaveLength(new Set(all).size);
        expect(new Set(all)).toEqual(expected);
      }),
    );
  });
});

describe('duplicatesOf', () => {
  const thing = (channel: string, id: string, serial: string, vendor = 'V1') => ({
    channel,
    id,
    vendor,
    serial,
  });

  it('finds the number that things of several provinces have, however it is written [E2]', () => {
    const things = [
      ...[thing('g/gd', '1', 'S-1'), thing('g/gd', '2', 'S-2'), thing('g/js', '3', 's-1')],
      ...[thing('g/js', '4', 'S-1', 'V2'), thing('g/hn', '5', 'S-1')],
    ];
    expect(duplicatesOf(things)).toEqual([
      {
        ...{ vendor: 'V1', serial: 'S-1' },
        places: [
          { channel: 'g/gd', id: '1' },
          { channel: 'g/js', id: '3' },
          { channel: 'g/hn', id: '5' },
        ],
      },
    ]);
    expect(duplicatesOf(things.slice(0, 2))).toEqual([]);
  });

  it('does not take two numbers for one because of where vendor and number meet', () => {
    expect(duplicatesOf([thing('g', '1', 'B C', 'A'), thing('g', '2', 'C', 'A B')])).toEqual([]);
  });
});
