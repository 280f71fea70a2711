import { createHash } from 'node:crypto';
import { type Bytes, concatBytes, createMemoryStore, type Store, toHex, utf8 } from '@attestel/core';
import { type TrieEntry, triePath, trieRoot, verifyTriePath } from '@attestel/proof';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/sha256.ts';
import { createOverlay } from '../../src/store/overlay.ts';
import { TABLES } from '../../src/tables.ts';
import type { TrieChange } from '../../src/trie/bucket.ts';
import { nativePairHasher, nodePairHasher, wasmPairHasher } from '../../src/trie/pair-hasher.ts';
import { StateTrie } from '../../src/trie/state-trie.ts';

const hashOf = (text: string): Bytes => new Uint8Array(createHash('sha256').update(text).digest());

/** Keys whose hashes share long prefixes, as an attacker could find them. */
const crowded = (i: number, shared: number): Bytes => {
  const key = hashOf(`key ${i}`);
  key.fill(0x5a, 0, shared);
  return key;
};

/** A trie beside a plain map of what it should hold. */
class Model {
  readonly store: Store = createMemoryStore();
  readonly entries = new Map<string, TrieEntry>();
  trie: StateTrie;
  readonly #hasher;

  constructor(hasher = nodePairHasher) {
    this.#hasher = hasher;
    this.trie = new StateTrie(this.store, hasher);
  }

  async apply(changes: readonly TrieChange[]): Promise<void> {
    const update = this.trie.update(changes);
    const root = this.trie.rootOf(update);
    const block = createOverlay(this.store);
    this.trie.writeTo(block, update);
    await this.store.transact((writer) => block.applyTo(writer));
    this.trie.commit(update);
    for (const { keyHash, valueHash } of changes) {
      if (valueHash) this.entries.set(toHex(keyHash), [keyHash, valueHash]);
      else this.entries.delete(toHex(keyHash));
    }
    expect(this.trie.root).toEqual(root);
    expect(root).toEqual(this.naive());
  }

  naive(): Bytes {
    return trieRoot(sha256, this.entries.values());
  }

  reopen(): void {
    this.trie = new StateTrie(this.store, this.#hasher);
  }
}

/** One record for all of them, however many they are: depth 0, root, leaves in order (specs/ledger.md §4). */
function bucketOfAll(entries: readonly TrieEntry[], root: Bytes): Bytes {
  const sorted = entries.toSorted(([a], [b]) => Buffer.compare(a, b));
  const leaves = sorted.map(([keyHash, valueHash]) => [
    ...[keyHash, valueHash],
    sha256(concatBytes(Uint8Array.of(0), keyHash, valueHash)),
  ]);
  return concatBytes(Uint8Array.of(0), root, ...leaves.flat());
}

function expectPath({ trie, entries }: Model, key: Bytes): void {
  const { siblings, end } = trie.prove(key);
  const entry = entries.get(toHex(key));
  expect(end.kind === 'own').toBe(entry !== undefined);
  if (end.kind !== 'own') {
    expect({ siblings, end }).toEqual(triePath(sha256, entries.values(), key));
    verifyTriePath(sha256, key, { siblings, end }, trie.root);
    return;
  }
  const value = VALUES.find((each) => toHex(sha256(each)) === toHex(entry?.[1] ?? new Uint8Array())) as Bytes;
  expect(siblings).toEqual(triePath(sha256, entries.values(), key, value).siblings);
  verifyTriePath(sha256, key, { siblings, end: { kind: 'own', value } }, trie.root);
}

const VALUES = [0, 1, 2, 3, 4, 5].map((value) => utf8(`value ${value}`));

const step = fc.array(fc.record({ key: fc.nat(300), value: fc.option(fc.nat(5), { nil: undefined }) }), {
  maxLength: 60,
});

const changesOf = (
  steps: readonly { key: number; value: number | undefined }[],
  shared: number,
): TrieChange[] => [
  ...new Map(
    steps.map(({ key, value }) => [
      key,
      {
        keyHash: crowded(key, key % 3 === 0 ? shared : 0),
        valueHash: value === undefined ? undefined : hashOf(`value ${value}`),
      },
    ]),
  ).values(),
];

describe('the state trie', () => {
  it('has the root of the definition after any inserts, updates and deletes, reopened or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 12 }),
        fc.constantFrom(0, 1, 7, 8, 12),
        async (blocks, shared) => {
          const model = new Model();
          for (const [i, block] of blocks.entries()) {
            await model.apply(changesOf(block, shared));
            if (i % 4 === 3) {
              model.reopen();
              expect(model.trie.root).toEqual(model.naive());
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('goes on from larger buckets, as earlier versions wrote them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 40 }), step, async (count, later) => {
        const model = new Model();
        const first = Array.from({ length: count }, (_, key) => ({ key, value: key % 5 }));
        for (const { keyHash, valueHash } of changesOf(first, 0)) {
          model.entries.set(toHex(keyHash), [keyHash, valueHash as Bytes]);
        }
        const record = bucketOfAll([...model.entries.values()], model.naive());
        await model.store.transact((writer) => writer.put(TABLES.trie, new Uint8Array(8), record));
        model.reopen();
        expect(model.trie.root).toEqual(model.naive());
        for (let i = 0; i < 60; i++) expectPath(model, crowded(i, 0));
        await model.apply(changesOf(later, 0));
        model.reopen();
        expect(model.trie.root).toEqual(model.naive());
        for (let i = 0; i < 320; i += 7) expectPath(model, crowded(i, 0));
      }),
      { numRuns: 40 },
    );
  });

  it('proves every key, present or absent, as the definition does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), fc.constantFrom(0, 9), async (blocks, shared) => {
        const model = new Model();
        for (const block of blocks) await model.apply(changesOf(block, shared));
        if (blocks.length % 2 === 1) model.reopen();
        for (let i = 0; i < 320; i += 7) expectPath(model, crowded(i, i % 3 === 0 ? shared : 0));
      }),
      { numRuns: 25 },
    );
  });
});

it('makes the same root whichever way the hashes are computed', async () => {
  const hashers = [nodePairHasher, wasmPairHasher, nativePairHasher()].filter((h) => h !== undefined);
  expect(hashers.length).toBeGreaterThan(1);
  const models = hashers.map((hasher) => new Model(hasher));
  for (let block = 0; block < 5; block++) {
    const changes = Array.from({ length: 200 }, (_, i) => ({
      keyHash: crowded(i * (block + 1), block),
      valueHash: (i + block) % 5 === 0 ? undefined : hashOf(`${i} ${block}`),
    }));
    const once = [...new Map(changes.map((change) => [toHex(change.keyHash), change])).values()];
    for (const model of models) await model.apply(once);
  }
  expect(new Set(models.map(({ trie }) => toHex(trie.root))).size).toBe(1);
});

it('makes the root of the definition after a block of more keys than it keeps memory for', async () => {
  const model = new Model(wasmPairHasher);
  const all = Array.from({ length: 40_000 }, (_, i) => ({
    keyHash: hashOf(`key ${i}`),
    valueHash: hashOf('value 0'),
  }));
  for (const to of [10, 39_900, 39_990, 40_000]) await model.apply(all.splice(0, to - (40_000 - all.length)));
}, 60_000);

it('proves from each of the last versions, and frees what no version needs', async () => {
  const model = new Model();
  const versions: { root: Bytes; entries: TrieEntry[] }[] = [];
  const changesAt = (block: number): TrieChange[] =>
    Array.from({ length: 20 }, (_, i) => ({
      keyHash: crowded((block * 7 + i) % 90, 0),
      valueHash: (block + i) % 6 === 0 ? undefined : hashOf(`${block} ${i}`),
    }));
  for (let block = 0; block < 80; block++) {
    await model.apply(changesAt(block));
    versions.push({ root: model.trie.root, entries: [...model.entries.values()] });
    // What is given up leaves nothing behind.
    const before = model.trie.nodes;
    model.trie.discard(model.trie.update(changesAt(block + 3)));
    expect(model.trie.nodes).toBe(before);
  }
  expect(model.trie.depth).toBe(64);
  for (const back of [0, 1, 2, 17, 63, 64]) {
    const { root, entries } = versions[versions.length - 1 - back] as (typeof versions)[number];
    for (let i = 0; i < 100; i += 3) {
      const key = crowded(i, 0);
      const { siblings, end } = model.trie.prove(key, back);
      expect(end.kind === 'own').toBe(entries.some(([known]) => toHex(known) === toHex(key)));
      if (end.kind !== 'own') verifyTriePath(sha256, key, { siblings, end }, root);
    }
  }
  expect(() => model.trie.prove(crowded(0, 0), 65)).toThrow(RangeError);
  const { nodes } = model.trie;
  model.reopen();
  // The 64 versions before the head cost some nodes each, and not the whole trie.
  expect(nodes).toBeLessThan(model.trie.nodes + 64 * 20 * 8);
});
