import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countDistinct } from '../../src/state/signing-keys.ts';

/** By trying every way to give the parties keys. */
function bestOf([first, ...rest]: readonly (readonly string[])[], taken: readonly string[] = []): number {
  if (!first) return 0;
  const withKey = first.filter((key) => !taken.includes(key)).map((key) => 1 + bestOf(rest, [...taken, key]));
  return Math.max(bestOf(rest, taken), ...withKey);
}

const party = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 3 });

it('counts as many parties as can have a key of their own, in whatever order they stand', () => {
  const run = fc.property(fc.array(party, { maxLength: 6 }), (parties) => {
    expect(countDistinct(parties)).toBe(bestOf(parties));
    expect(countDistinct([...parties].reverse())).toBe(bestOf(parties));
  });
  fc.assert(run);
});

it('gives a key up where its holder has another', () => {
  expect(countDistinct([['a', 'b'], ['a'], ['a', 'b', 'c']])).toBe(3);
  expect(countDistinct([['a'], ['a'], []])).toBe(1);
});
