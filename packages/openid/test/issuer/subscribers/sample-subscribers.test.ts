import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sampleSubscribers } from '../../../src/issuer/index.ts';

const OPERATORS = ['zhonglian', 'huatong', 'xinyuan', 'an operator nobody knows'];

describe('sample subscribers', () => {
  it('are the same bytes in every run', () => {
    const text = JSON.stringify(sampleSubscribers({ seed: 'golden', operator: 'zhonglian', count: 50 }));
    expect(createHash('sha256').update(text).digest('hex')).toBe(
      '7e950d83b311332d54966414a21bd8662001699b37e8add5a4a7783374cb3236',
    );
  });

  it('are the beginning of the longer list', () => {
    const long = sampleSubscribers({ seed: 's', operator: 'huatong', count: 9 });
    expect(sampleSubscribers({ seed: 's', operator: 'huatong', count: 4 })).toEqual(long.slice(0, 4));
  });

  it('have names that repeat only after all have been used', () => {
    const names = sampleSubscribers({ seed: 's', operator: 'x', count: 144 }).map(
      ({ holderName }) => holderName.en,
    );
    expect(new Set(names).size).toBe(144);
  });

  it('share no number and no id, within an operator or between operators', () => {
    const all = OPERATORS.flatMap((operator) => [...sampleSubscribers({ seed: 's', operator, count: 5000 })]);
    expect(new Set(all.map(({ phoneNumber }) => phoneNumber)).size).toBe(all.length);
    expect(new Set(all.map(({ subscriptionId }) => subscriptionId)).size).toBe(all.length);
  });

  it('have numbers under country code 999, which belongs to nobody', () => {
    for (const { phoneNumber } of sampleSubscribers({ seed: 's', operator: 'x', count: 100 })) {
      expect(phoneNumber).toMatch(/^\+9991\d{10}$/);
    }
  });

  it('are refused in impossible amounts', () => {
    for (const count of [-1, 1.5, 1_000_001]) {
      expect(() => sampleSubscribers({ seed: 's', operator: 'x', count })).toThrow(TypeError);
    }
  });
});
