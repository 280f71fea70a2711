import { describe, expect, it } from 'vitest';
import { openState } from '../fixtures/commit-state.ts';

/** Blocks that write one value each. */
async function blocks(maxBytes: number, values: readonly string[]) {
  const { recent, commit } = openState(maxBytes);
  for (const value of values) await commit((state) => state.put('k', value));
  return recent;
}

const textOf = (value: Uint8Array | undefined) => value && Buffer.from(value.subarray(1)).toString();

describe('state of the blocks before', () => {
  it('is what it was then', async () => {
    const recent = await blocks(1_000, ['a', 'b', 'c', 'd']);
    expect([0, 1, 2, 3].map((back) => textOf(recent.prove('m', 'k', back).value))).toEqual([
      'd',
      'c',
      'b',
      'a',
    ]);
    expect(recent.prove('m', 'k', 4).value).toBeUndefined();
    expect(() => recent.prove('m', 'k', 5)).toThrow(RangeError);
  });

  it('is given up where large values were overwritten, but never of the two blocks before', async () => {
    const large = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(20));
    const recent = await blocks(30, large);
    expect(textOf(recent.prove('m', 'k', 2).value)).toBe(large[2]);
    expect(() => recent.prove('m', 'k', 4)).toThrow(RangeError);
  });
});
