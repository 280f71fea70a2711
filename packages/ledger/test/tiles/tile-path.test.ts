import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  availableWidth,
  formatTilePath,
  parseTilePath,
  type TileAddress,
} from '../../src/tiles/tile-path.ts';

describe('tile paths (C2SP tlog-tiles)', () => {
  it('have the index in groups of three digits, all but the last with an x', () => {
    expect(parseTilePath('0/x001/x234/067')).toEqual({ level: 0, index: 1_234_067, width: 256 });
    expect(parseTilePath('entries/000.p/1')).toEqual({ level: 'entries', index: 0, width: 1 });
    expect(formatTilePath({ level: 2, index: 999, width: 17 })).toBe('2/999.p/17');
  });

  it('have one spelling each: anything else is no tile', () => {
    const wrong = [
      ...[
        '',
        '0',
        '0/',
        '0/0',
        '0/00',
        '00/000',
        '64/000',
        '-1/000',
        '0/x000/000',
        '0/001/000',
        '0/x001/x000',
      ],
      ...['0/000.p/0', '0/000.p/256', '0/000.p/01', '0/000.p/', '0/000/', '0/000.p/1/', 'entries/x000/001'],
      ...[
        'Entries/000',
        '0/000\n',
        '0/X001/000',
        '0/x999/x999/x999/x999/x999/x999',
        '0/x999/x999/x999/x999/x999/999',
      ],
    ];
    expect(wrong.map(parseTilePath)).toEqual(wrong.map(() => undefined));
  });

  it('come back from their text', () => {
    const address: fc.Arbitrary<TileAddress> = fc.record({
      level: fc.oneof(fc.constant('entries' as const), fc.nat(63)),
      index: fc.nat({ max: 2 ** 45 }),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(address, (given) => {
        expect(parseTilePath(formatTilePath(given))).toEqual(given);
      }),
    );
  });

  it('name as much as the example of the standard says for 70,000 entries', () => {
    const widths = (level: number) =>
      [0, 1, 272, 273, 274].map((index) => availableWidth({ level, index }, 70_000));
    expect(widths(0)).toEqual([256, 256, 256, 112, 0]);
    expect(widths(1)).toEqual([256, 17, 0, 0, 0]);
    expect(widths(2)).toEqual([1, 0, 0, 0, 0]);
    expect(widths(63)).toEqual([0, 0, 0, 0, 0]);
    expect(availableWidth({ level: 'entries', index: 273 }, 70_000)).toBe(112);
  });
});
