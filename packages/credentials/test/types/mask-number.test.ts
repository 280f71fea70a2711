import { maskNumber } from '@attestel/credentials';
import { maskNumber as inWallets } from '@attestel/credentials/holder';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

describe('a masked number', () => {
  test.each([
    ['+8613800001111', '+86 138****1111'],
    ['+85251234567', '+852****4567'],
    ['+123456', '+1****6'],
    ['+12345', '+1****'],
  ])('%s is shown as %s', (number, masked) => {
    expect(maskNumber(number)).toBe(masked);
  });

  test('hides at least four digits and never shows more than four at the end', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]\d{4,14}$/), (digits) => {
        const masked = maskNumber(`+${digits}`) ?? '';
        expect(masked).toMatch(/^\+[\d ]+\*{4}\d{0,4}$/);
        expect(digits.length - masked.replace(/\D/g, '').length).toBeGreaterThanOrEqual(4);
      }),
    );
  });

  test.each([undefined, 5, '', 'x', '13800001111', '+0123456', '+86138000011112222'])(
    'is nothing for %j',
    (value) => {
      expect(maskNumber(value)).toBeNull();
    },
  );

  test('is the same on the pages of wallets and of bridges', () => {
    expect(inWallets).toBe(maskNumber);
  });
});
