import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrontier, hashLeaf, ProofError, type Sha256, treeRoot } from '../src/index.ts';

const sha256: Sha256 = (data) => new Uint8Array(createHash('sha256').update(data).digest());

describe('frontier', () => {
  it('has the root of the naive tree at every size, also when it goes on from a saved state', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 70 }),
        fc.nat({ max: 69 }),
        (leaves, stop) => {
          let frontier = createFrontier(sha256);
          leaves.forEach((leaf, i) => {
            if (i === stop) frontier = createFrontier(sha256, frontier.toState());
            frontier.append(leaf);
            const hashes = leaves.slice(0, i + 1).map((each) => hashLeaf(sha256, each));
            expect(frontier.root()).toEqual(treeRoot(sha256, hashes));
            expect(frontier.size).toBe(i + 1);
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps a saved state apart from later appends', () => {
    const frontier = createFrontier(sha256);
    for (let i = 0; i < 5; i++) frontier.append(Uint8Array.of(i));
    const saved = frontier.toState();
    const root = frontier.root();
    frontier.append(Uint8Array.of(9));
    expect(createFrontier(sha256, saved).root()).toEqual(root);
  });

  it.each([
    ['a fraction as size', 1.5, [new Uint8Array(32)]],
    ['a negative size', -1, []],
    ['a missing hash', 3, [new Uint8Array(32)]],
    ['a hash too many', 4, [new Uint8Array(32), new Uint8Array(32)]],
    ['a hash of 31 bytes', 1, [new Uint8Array(31)]],
  ])('refuses a state with %s', (_, size, hashes) => {
    expect(() => createFrontier(sha256, { size, hashes })).toThrow(ProofError);
  });

  it('counts sizes beyond 2^32', () => {
    const state = { size: 2 ** 40, hashes: [new Uint8Array(32)] };
    const frontier = createFrontier(sha256, state);
    frontier.append(Uint8Array.of(1));
    expect(frontier.toState()).toMatchObject({ size: 2 ** 40 + 1 });
    expect(frontier.toState().hashes).toHaveLength(2);
  });
});
