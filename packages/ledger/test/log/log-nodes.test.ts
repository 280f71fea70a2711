import { createFrontier, emptyRoot, hashLeaf, hashNode } from '@attestel/proof';
import { describe, expect, it } from 'vitest';
import { growLog } from '../../src/log/log-nodes.ts';
import { sha256 } from '../../src/sha256.ts';

const EMPTY = { size: 0, hashes: [] };
/** Around the length up to which preimages are put together in one place. */
const LENGTHS = [0, 1, 375, 4094, 4095, 4096, 4097, 70_000];

describe('the grown log', () => {
  it('hashes leaves and nodes as RFC 6962 says, whatever their lengths and whatever was hashed before', () => {
    const leaves = LENGTHS.map((length, i) => new Uint8Array(length).fill(i + 1));
    const { frontier, levels } = growLog(EMPTY, leaves);
    let level = leaves.map((leaf) => hashLeaf(sha256, leaf));
    for (let at = 0; level.length > 0; at++) {
      expect(levels[at]).toEqual(level);
      const below = level;
      level = Array.from({ length: Math.floor(below.length / 2) }, (_, i) =>
        hashNode(sha256, below[2 * i] as Uint8Array, below[2 * i + 1] as Uint8Array),
      );
    }
    expect(frontier).toEqual({ size: LENGTHS.length, hashes: levels.at(-1) });
  });

  it('goes on from any size to the root that a frontier makes leaf by leaf', () => {
    const leaves = Array.from({ length: 37 }, (_, i) => new Uint8Array(i * 150).fill(i));
    for (let split = 0; split <= leaves.length; split += 5) {
      const first = growLog(EMPTY, leaves.slice(0, split));
      const { frontier } = growLog(first.frontier, leaves.slice(split));
      const expected = createFrontier(sha256);
      for (const leaf of leaves) expected.append(leaf);
      expect(createFrontier(sha256, frontier).root()).toEqual(expected.root());
    }
    expect(createFrontier(sha256, growLog(EMPTY, []).frontier).root()).toEqual(emptyRoot(sha256));
  });
});
