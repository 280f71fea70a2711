import { createMemoryStore, encodeCbor, utf8 } from '@attestel/core';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LedgerModule, Lookups } from '../../src/index.ts';
import { lookupsOfRow } from '../../src/state/lookups.ts';
import { createState } from '../../src/state/module-state.ts';
import { lookupsOf } from '../../src/state/rules.ts';
import { createOverlay, type Overlay } from '../../src/store/overlay.ts';
import { TABLES } from '../../src/tables.ts';
import { counterModule, registerModule } from '../fixtures/counter-module.ts';
import { ANN, addition, BOB, openTestLedger } from '../fixtures/open-test-ledger.ts';

/** People, found by each of their names. */
const lookups: Lookups = {
  prefix: 'person/',
  of: (value) => (value as string[]).map((name) => `name/${name}`),
};

let view: Overlay;
let state: ReturnType<typeof createState>;
beforeEach(() => {
  view = createOverlay(createMemoryStore());
  state = createState(view, 'm', lookups);
});
const stored = (): string[] => [...view.range(TABLES.lookups)].map(([key]) => new TextDecoder().decode(key));

describe('what a row is found by', () => {
  it('follows the row when it is put, put again and deleted', () => {
    state.put('person/1', ['Ann', 'Anna']);
    expect([state.find('name/Ann'), state.find('name/Anna')]).toEqual(['person/1', 'person/1']);
    state.put('person/1', ['Ann', 'Annie']);
    expect([state.find('name/Anna'), state.find('name/Annie')]).toEqual([undefined, 'person/1']);
    state.delete('person/1');
    expect(stored()).toEqual([]);
    expect(state.find('name/Ann')).toBeUndefined();
  });

  it('can go from one row to another, once the first has given it up', () => {
    state.put('person/1', ['Ann']);
    expect(() => state.put('person/2', ['Ann'])).toThrow(TypeError);
    state.put('person/1', []);
    state.put('person/2', ['Ann']);
    expect(state.find('name/Ann')).toBe('person/2');
  });

  it('is none of other rows, and no row of the state', () => {
    state.put('place/1', ['Ann']);
    state.put('person/1', ['Ann']);
    expect([...state.list('')].map(([key]) => key)).toEqual(['person/1', 'place/1']);
    expect(state.get('name/Ann')).toBeUndefined();
    expect(createState(view, 'mm', lookups).find('name/Ann')).toBeUndefined();
  });

  it('is the same, however a state came about', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const change = fc.record({
      key: fc.constantFrom('person/1', 'person/2', 'person/3', 'place/1'),
      names: fc.option(fc.uniqueArray(name)),
    });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const run = createOverlay(createMemoryStore());
        const people = createState(run, 'm', lookups);
        for (const { key, names } of changes) {
          try {
            run.attempt(() => (names ? people.put(key, names) : people.delete(key)));
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError);
          }
        }
        const rows = [...run.range(TABLES.state)];
        const expected = rows.flatMap(([key, value]) => lookupsOfRow(new Map([['m', lookups]]), key, value));
        const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
        const sorted = expected.map(({ key, value }) => [text(key), text(value)]).sort();
        expect([...run.range(TABLES.lookups)].map((pair) => pair.map(text))).toEqual(sorted);
      }),
    );
  });

  it('is nothing for rows of modules without lookups, or of none', () => {
    const all = lookupsOf([counterModule, registerModule]);
    expect([...all.keys()]).toEqual(['counter']);
    for (const key of ['register\0last/1', 'last/1', '\0last/1']) {
      expect(lookupsOfRow(all, utf8(key), encodeCbor(1))).toEqual([]);
    }
  });
});

describe('a ledger whose module has lookups', () => {
  it('answers by them, also from the block before and after it was opened again', async () => {
    const store = createMemoryStore();
    const ledger = await openTestLedger({ store });
    await ledger.submit([await addition(ANN, 0), await addition(ANN, 1)]);
    expect(ledger.state('counter').find(`by/${ANN}`)).toBe(`last/${ANN}`);
    await ledger.close();
    const again = await openTestLedger({ store });
    await again.submit([await addition(ANN, 2)]);
    const { find } = again.state('counter');
    expect([find(`sum/2/${ANN}`), find(`sum/3/${ANN}`)]).toEqual([undefined, `last/${ANN}`]);
    await again.close();
  });

  it('refuses the operation by which two rows would be found by the same, and nothing of it stays', async () => {
    const alike: LedgerModule = {
      ...counterModule,
      lookups: { prefix: 'last/', of: (value) => [`sum/${(value as { sum: number }).sum}`] },
    };
    const ledger = await openTestLedger({ modules: [alike] });
    const results = await ledger.submit([await addition(ANN, 0), await addition(BOB, 0)]);
    expect(results).toMatchObject([{ ok: true }, { ok: false, error: { code: 'module_failed' } }]);
    expect(ledger.state('counter').find('sum/1')).toBe(`last/${ANN}`);
    expect(ledger.state('counter').get(`total/${BOB}`)).toBeUndefined();
    await ledger.close();
  });
});

it('is one definition for all versions of a module', async () => {
  const other: LedgerModule = { ...counterModule, lookups };
  const modules = new Map([
    [1, [counterModule]],
    [2, [other]],
  ]);
  expect(() => lookupsOf(modules)).toThrow('different lookups');
  await expect(openTestLedger({ modules })).rejects.toThrow('different lookups');
});
