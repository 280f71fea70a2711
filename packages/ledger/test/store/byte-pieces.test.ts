import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BytePieces } from '../../src/store/byte-pieces.ts';

describe('BytePieces', () => {
  it('gives zeroes of the length asked for that nobody else has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1 << 16 }), fc.array(fc.nat(3000)), (most, lengths) => {
        const pieces = new BytePieces(most);
        const given = lengths.map((length, i) => {
          const room = pieces.take(length);
          expect(room).toEqual(new Uint8Array(length));
          return room.fill(i + 1);
        });
        given.forEach((room, i) => {
          expect(room).toEqual(new Uint8Array(lengths[i] as number).fill(i + 1));
        });
      }),
    );
  });

  it('puts many into a piece, makes pieces larger up to the most, and gives a long one its own', () => {
    const pieces = new BytePieces(1 << 14);
    const memory = new Set(Array.from({ length: 1000 }, () => pieces.take(100).buffer));
    const sizes = [...memory].map(({ byteLength }) => byteLength);
    expect(sizes.slice(0, 4)).toEqual([4096, 8192, 16_384, 16_384]);
    expect(sizes).toHaveLength(8);
    expect(pieces.take(3000).buffer.byteLength).toBe(3000);
  });
});
