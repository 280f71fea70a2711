import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf, instantText } from '../../src/module/instant.ts';
import { refusalOf } from '../harness/refusal-of.ts';

describe('instants', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2000-02-29T23:59:59Z', 951_868_799],
    ['2026-11-22T08:00:00+08:00', 1_795_305_600],
    ['2026-11-21T19:00:00-05:00', 1_795_305_600],
  ])('reads %s', (text, seconds) => {
    expect(instantOf(text, '/at')).toBe(seconds);
  });

  it.each([
    '2026-11-22',
    '2026-11-22T00:00:00',
    '2026-11-22 00:00:00Z',
    '2026-11-22t00:00:00z',
    '2026-11-22T00:00:00.5Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-31T00:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-12-31T23:59:60Z',
    '2026-11-22T00:00:00+24:00',
    '1969-12-31T23:59:59Z',
  ])('refuses %s', (text) => {
    expect(refusalOf(() => instantOf(text, '/at'))).toBe('invalid_argument /at');
  });

  it('agree with the platform over all years of four digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
        const text = new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
        expect(instantText(seconds)).toBe(text);
        expect(instantOf(text, '/at')).toBe(seconds);
      }),
    );
  });
});
