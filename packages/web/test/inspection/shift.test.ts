import { describe, expect, it } from 'vitest';
import { instantText, secondsOfInstant, shiftOf } from '../../src/inspection/field/shift.ts';

const at = (text: string): number => secondsOfInstant(text);
const shown = (text: string, from: string, until: string, offset = 0) => {
  const shift = shiftOf(at(text), { from, until }, offset);
  return [instantText(shift.from), instantText(shift.until)];
};

describe('the shift of a visit', () => {
  it.each([
    ['in it', '2026-11-23T09:00:00Z'],
    ['before it began', '2026-11-23T05:00:00Z'],
    ['after it ended', '2026-11-23T21:00:00Z'],
  ])('is that of its day: %s', (_, time) => {
    expect(shown(time, '08:00', '18:00')).toEqual(['2026-11-23T08:00:00Z', '2026-11-23T18:00:00Z']);
  });

  it('is in the local time of the phone', () => {
    expect(shown('2026-11-22T23:30:00Z', '08:00', '18:00', 480)).toEqual([
      '2026-11-23T00:00:00Z',
      '2026-11-23T10:00:00Z',
    ]);
    expect(shown('2026-11-23T02:00:00Z', '20:00', '23:00', -300)[0]).toBe('2026-11-23T01:00:00Z');
  });

  it.each([
    ['2026-11-23T23:00:00Z', '2026-11-23T22:00:00Z'],
    ['2026-11-24T05:59:59Z', '2026-11-23T22:00:00Z'],
    ['2026-11-24T06:00:00Z', '2026-11-24T22:00:00Z'],
  ])('goes over midnight: %s', (time, from) => {
    expect(shown(time, '22:00', '06:00')[0]).toBe(from);
  });
});
