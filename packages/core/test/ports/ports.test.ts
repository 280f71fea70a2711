import { expect, test } from 'vitest';
import { silentLogger, systemClock, systemRandom, unixSeconds } from '../../src/index.ts';

test('unixSeconds rounds down', () => {
  expect(unixSeconds({ now: () => 1_999 })).toBe(1);
});

test('the system clock tells milliseconds', () => {
  expect(Number.isSafeInteger(systemClock.now())).toBe(true);
});

test('the system generator gives as many bytes as asked, different each time', () => {
  const [a, b] = [systemRandom.bytes(32), systemRandom.bytes(32)];
  expect(a).toHaveLength(32);
  expect(a).not.toEqual(b);
});

test('the silent logger takes everything, also from its children', () => {
  const child = silentLogger.child({ part: 'x' });
  expect([child.debug('a'), child.info('a'), child.warn('a'), child.error('a')]).toEqual(
    Array(4).fill(undefined),
  );
});
