import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_TRIE,
  keyHash,
  ProofError,
  type TrieEntry,
  type TriePath,
  trieLeaf,
  trieNode,
  triePath,
  trieRoot,
  valueHash,
  verifyTriePath,
} from '../../src/index.ts';
import { codeOf, hashOf, hex, sha256, utf8 } from '../sha256.ts';

const value = (key: string): Uint8Array => utf8(`value of ${key}`);
const entryOf = (key: string): TrieEntry => [keyHash(sha256, 'm', key), valueHash(sha256, value(key))];
const keySets = fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 6 }), { maxLength: 40 });
/** Key hashes that share long prefixes, as no honest hash would. */
const closeHashes = fc
  .uniqueArray(fc.array(fc.constantFrom(0, 1, 0x80, 0xff), { minLength: 3, maxLength: 3 }), {
    selector: (bytes) => bytes.join(),
    minLength: 1,
    maxLength: 12,
  })
  .map((ends) => ends.map((end) => Uint8Array.from([...new Uint8Array(29), ...end])));
const paths: fc.Arbitrary<TriePath> = fc.record({
  siblings: fc.array(fc.option(fc.uint8Array({ minLength: 31, maxLength: 33 })), { maxLength: 260 }),
  end: fc.oneof(
    fc.record({ kind: fc.constant('own' as const), value: fc.uint8Array() }),
    fc.record({
      kind: fc.constant('other' as const),
      keyHash: fc.uint8Array({ minLength: 32, maxLength: 33 }),
      valueHash: fc.uint8Array({ minLength: 32, maxLength: 33 }),
    }),
    fc.constant({ kind: 'empty' as const }),
  ),
});

describe('compact sparse Merkle trie', () => {
  it('has a root that depends on its entries and not on their order', () => {
    fc.assert(
      fc.property(keySets, fc.nat(), (keys, by) => {
        const entries = keys.map(entryOf);
        const turned = keys.map((_, i) => entries[(i + by) % keys.length] as TrieEntry).reverse();
        expect(trieRoot(sha256, turned)).toEqual(trieRoot(sha256, entries));
        const [first, ...rest] = entries;
        if (first === undefined) return;
        expect(trieRoot(sha256, rest)).not.toEqual(trieRoot(sha256, entries));
        expect(trieRoot(sha256, [...rest, [first[0], hashOf('changed')]])).not.toEqual(
          trieRoot(sha256, entries),
        );
      }),
    );
  });

  it('proves every key present or absent, and never the opposite', () => {
    fc.assert(
      fc.property(keySets, keySets, (present, others) => {
        const entries = present.map(entryOf);
        const root = trieRoot(sha256, entries);
        for (const key of [...present, ...others]) {
          const hash = keyHash(sha256, 'm', key);
          const path = triePath(sha256, entries, hash, value(key));
          verifyTriePath(sha256, hash, path, root);
          expect(path.end.kind === 'own').toBe(present.includes(key));
          const opposite: TriePath['end'] =
            path.end.kind === 'own' ? { kind: 'empty' } : { kind: 'own', value: value(key) };
          expect(() => verifyTriePath(sha256, hash, { ...path, end: opposite }, root)).toThrow(ProofError);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is the same with long common prefixes', () => {
    fc.assert(
      fc.property(closeHashes, closeHashes, (present, others) => {
        const entries = present.map((hash): TrieEntry => [hash, valueHash(sha256, hash)]);
        const root = trieRoot(sha256, entries);
        for (const hash of [...present, ...others]) {
          const path = triePath(sha256, entries, hash, hash);
          verifyTriePath(sha256, hash, path, root);
          expect(path.end.kind === 'own').toBe(present.some((one) => hex(one) === hex(hash)));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('lifts a lone leaf to the root of its subtree and hashes no prefix into two leaves', () => {
    const [low, high] = [new Uint8Array(32), new Uint8Array(32).fill(0xff)];
    const [a, b] = [hashOf('a'), hashOf('b')];
    expect(trieRoot(sha256, [])).toEqual(EMPTY_TRIE);
    expect(trieRoot(sha256, [[low, a]])).toEqual(trieLeaf(sha256, low, a));
    expect(
      trieRoot(sha256, [
        [low, a],
        [high, b],
      ]),
    ).toEqual(trieNode(sha256, trieLeaf(sha256, low, a), trieLeaf(sha256, high, b)));
  });

  it('takes hostile paths with nothing but a ProofError', async () => {
    await fc.assert(
      fc.asyncProperty(paths, fc.uint8Array({ minLength: 31, maxLength: 33 }), async (path, key) => {
        expect(await codeOf(() => verifyTriePath(sha256, key, path, hashOf('root')))).toMatch(/^path_/);
      }),
    );
  });

  it.each([
    ['an empty module', '', 'k'],
    ['a module with U+0000', 'a\0b', 'k'],
    ['a lone surrogate in the key', 'm', '\ud800'],
    ['a lone surrogate in the module', '\udfff', 'k'],
  ])('gives no key hash for %s', (_, module, key) => {
    expect(() => keyHash(sha256, module, key)).toThrow(TypeError);
  });

  it('refuses entries that no trie has', () => {
    const entry = entryOf('k');
    expect(() => trieRoot(sha256, [entry, entry])).toThrow(TypeError);
    expect(() => trieRoot(sha256, [[entry[0].slice(1), entry[1]]])).toThrow(TypeError);
    expect(() => triePath(sha256, [entry], entry[0], utf8('other'))).toThrow(TypeError);
    expect(() => triePath(sha256, [entry], entry[0])).toThrow(TypeError);
  });
});
