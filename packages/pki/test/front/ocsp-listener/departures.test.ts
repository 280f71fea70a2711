import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createDepartures } from '../../../src/front/ocsp-listener/departures.ts';

/** Answers that wait to leave, by number, and who has left so far. */
function answers(count: number, departure = createDepartures()) {
  const left: number[] = [];
  for (let i = 0; i < count; i++) void departure().then(() => left.push(i));
  return { left, departure };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('departures', () => {
  test('those of one turn leave together at its end, in order', async () => {
    const { left } = answers(3);
    await Promise.resolve();
    expect(left).toEqual([]);
    await setImmediate();
    expect(left).toEqual([0, 1, 2]);
  });

  test('one more than sixteen does not make the first sixteen wait', async () => {
    const { left } = answers(17);
    await Promise.resolve();
    expect(left).toEqual(numbers(16));
    await setImmediate();
    expect(left).toEqual(numbers(17));
  });

  test('after sixteen have left, the next one waits for the end of its own turn', async () => {
    const { departure } = answers(16);
    await setImmediate();
    const { left } = answers(1, departure);
    await Promise.resolve();
    expect(left).toEqual([]);
    await setImmediate();
    expect(left).toEqual([0]);
  });

  test('listeners do not wait for one another', async () => {
    answers(15);
    const { left } = answers(1);
    await Promise.resolve();
    expect(left).toEqual([]);
  });
});
