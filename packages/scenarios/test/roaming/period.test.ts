import { describe, expect, it } from 'vitest';
import { periodAt, periodOf, periodOfDayNumber, periodStart } from '../../src/roaming/period.ts';

describe('periods', () => {
  it.each(['43466', '201900', '201913', '19912', '2019-1', '199912', ''])('[R9] %s is no month', (text) => {
    expect(() => periodOf(text, '/period')).toThrow(
      expect.objectContaining({ kind: 'bad-input', field: '/period', extra: { rule: 'yyyymm' } }),
    );
  });

  it.each([
    ['43466', '201901'],
    ['43800', '201912'],
    ['36526', '200001'],
    ['43467', undefined],
    ['36495', undefined],
    ['99999', undefined],
    ['4346', undefined],
    ['04346', undefined],
  ])('[R9] a spreadsheet writes %s for the first of %s', (number, period) => {
    expect(periodOfDayNumber(number)).toBe(period);
  });

  it('begin at midnight UTC of the first day', () => {
    expect(periodStart('201901')).toBe(1_546_300_800);
    expect(periodAt(1_546_300_800)).toBe('201901');
    expect(periodAt(1_546_300_799)).toBe('201812');
  });
});
