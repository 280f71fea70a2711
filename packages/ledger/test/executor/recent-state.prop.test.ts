import { decodeCbor } from '@attestel/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TABLES } from '../../src/tables.ts';
import { openState } from '../fixtures/commit-state.ts';

const KEYS = ['a', 'b', 'c', 'd'];
/** Per block what becomes of some keys: a value, or gone. */
const history = fc.array(fc.dictionary(fc.constantFrom(...KEYS), fc.option(fc.nat(9)), { maxKeys: 4 }), {
  minLength: 1,
  maxLength: 12,
});

test('each of the last blocks is shown as it was, whatever was made, changed and deleted since', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (blocks) => {
      const { store, recent, commit } = openState();
      const versions: Map<string, number>[] = [new Map()];
      for (const block of blocks) {
        const model = new Map(versions.at(-1));
        await commit((state) => {
          for (const [key, value] of Object.entries(block)) {
            if (value === null) {
              state.delete(key);
              model.delete(key);
            } else {
              state.put(key, value);
              model.set(key, value);
            }
          }
        });
        versions.push(model);
      }
      expect([...store.range(TABLES.state)].length).toBe(versions.at(-1)?.size);
      for (let back = 0; back < versions.length; back++) {
        for (const key of KEYS) {
          const { value, path } = recent.prove('m', key, back);
          const expected = versions.at(-1 - back)?.get(key);
          expect(value && decodeCbor(value)).toBe(expected);
          expect(path.end.kind === 'own').toBe(expected !== undefined);
        }
      }
    }),
    { numRuns: 100 },
  );
});
