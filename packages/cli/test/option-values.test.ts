import { describe, expect, it } from 'vitest';
import { wholeNumber } from '../src/option-values.ts';

const power = (value?: string) =>
  wholeNumber(value === undefined ? {} : { power: value }, 'power', { fallback: 10, least: 0, most: 1000 });

describe('a whole number of an option', () => {
  it('is the fallback only where the option is absent', () => {
    expect([power(), power('0'), power('7'), power('1000')]).toEqual([10, 0, 7, 1000]);
  });

  // An empty value comes of an unset variable: as a zero, `--power "$POWER"` would take a vote away.
  it.each(['', ' ', '-1', '+1', '1.0', '1e1', '0x10', ' 7', '1001'])('is not %j', (value) => {
    expect(() => power(value)).toThrow(/--power \(0 to 1000\)/);
  });
});
