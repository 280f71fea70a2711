import { createMemoryStore, decodeCbor } from '@attestel/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecentState } from '../../src/executor/recent-state.ts';
import { sha256 } from '../../src/sha256.ts';
import { createState } from '../../src/state/module-state.ts';
import { createOverlay } from '../../src/store/overlay.ts';
import { TABLES } from '../../src/tables.ts';
import { StateTrie } from '../../src/trie/state-trie.ts';

const KEYS = ['a', 'b', 'c', 'd'];
/** Per block what becomes of some keys: a value, or gone. */
const history = fc.array(fc.dictionary(fc.constantFrom(...KEYS), fc.option(fc.nat(9)), { maxKeys: 4 }), {
  minLength: 1,
  maxLength: 12,
});

test('each of the last blocks is shown as it was, whatever was made, changed and deleted since', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (blocks) => {
      const store = createMemoryStore();
      const trie = new StateTrie(store);
      const recent = new RecentState(store, trie);
      const versions: Map<string, number>[] = [new Map()];
      for (const block of blocks) {
        const writes = createOverlay(store);
        const state = createState(writes, 'm');
        const model = new Map(versions.at(-1));
        for (const [key, value] of Object.entries(block)) {
          if (value === null) {
            state.delete(key);
            model.delete(key);
          } else {
            state.put(key, value);
            model.set(key, value);
          }
        }
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
