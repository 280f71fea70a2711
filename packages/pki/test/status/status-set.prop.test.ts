import { isAppError } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeStatusSet, encodeStatusSet, MAX_COUNT } from '../../src/status/status-set.ts';

const sets = fc.integer({ min: 0, max: 5000 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    notGood: fc
      .uniqueArray(fc.integer({ min: 0, max: Math.max(0, count - 1) }), { maxLength: Math.min(count, 300) })
      .map((list) => list.sort((a, b) => a - b)),
  }),
);

describe('a status set', () => {
  it('says of each certificate what went in, and nothing of those beyond', () => {
    fc.assert(
      fc.property(sets, ({ count, notGood }) => {
        const bits = decodeStatusSet(encodeStatusSet(count, notGood));
        expect(bits.count).toBe(count);
        const found = Array.from({ length: count + 10 }, (_, i) => i).filter((i) => bits.isNotGood(i));
        expect(found).toEqual(notGood);
        expect(bits.isNotGood(-1)).toBe(false);
      }),
    );
  });

  it('of any bytes is read or refused', () => {
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.tuple(sets, fc.nat(), fc.nat(255)).map(([{ count, notGood }, at, byte]) => {
        const bytes = encodeStatusSet(count, notGood);
        bytes[at % bytes.length] = byte;
        return bytes;
      }),
    );
    fc.assert(
      fc.property(hostile, (bytes) => {
        // Such a count is honest, and takes a moment.
        fc.pre(bytes.length < 10 || bytes.subarray(2, 7).every((byte) => byte === 0));
        try {
          decodeStatusSet(bytes);
        } catch (error) {
          expect(isAppError(error)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a count beyond what sets are about', [1, 0, 0, 0, 0, 0, 0xff, 0, 0, 0, 0, 0, 0, 0]],
    ['more indices than bytes can hold', [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0]],
    ['another version', [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['a byte behind its end', [1, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0]],
    ['a filling that is not zero', [1, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 1, 0b0100_0000]],
    ['an index at the count', [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0b1000_0000]],
  ])('is refused with %s', (_, bytes) => {
    expect(() => decodeStatusSet(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ code: 'pki_status_set_invalid' }),
    );
  });

  it('of ten million certificates with one in a hundred not good takes less than 105 kB', () => {
    const notGood = Array.from({ length: 100_000 }, (_, i) => i * 100 + ((i * 7919) % 100));
    expect(encodeStatusSet(10_000_000, notGood).length).toBeLessThanOrEqual(105_000);
  });

  it('is about a thousand million at most, in ascending order', () => {
    expect(() => encodeStatusSet(MAX_COUNT + 1, [])).toThrow(TypeError);
    expect(() => encodeStatusSet(9, [3, 3])).toThrow(TypeError);
    expect(() => encodeStatusSet(9, [9])).toThrow(TypeError);
  });
});
