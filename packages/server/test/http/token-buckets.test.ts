import { describe, expect, it } from 'vitest';
import { createTokenBuckets } from '../../src/http/token-buckets.ts';

function standing() {
  const clock = { ms: 0, now: () => clock.ms };
  return { clock, buckets: createTokenBuckets({ perSecond: 2, burst: 10 }, clock) };
}

describe('token buckets', () => {
  it('gives a burst, then what comes in over time, to each address by itself', () => {
    const { clock, buckets } = standing();
    expect(buckets.take('a', 10)).toEqual({ ok: true });
    expect(buckets.take('a', 3)).toEqual({ ok: false, retry: 2 });
    expect(buckets.take('b', 10)).toEqual({ ok: true });
    clock.ms += 1500;
    expect(buckets.take('a', 3)).toEqual({ ok: true });
    expect(buckets.take('a', 1)).toEqual({ ok: false, retry: 1 });
  });

  it('never holds more than the burst, and lets what costs more wait for all of it', () => {
    const { clock, buckets } = standing();
    clock.ms += 1_000_000;
    expect(buckets.take('a', 500)).toEqual({ ok: true });
    expect(buckets.take('a', Number.POSITIVE_INFINITY)).toEqual({ ok: false, retry: 5 });
  });

  it('takes nothing away when the clock is set back', () => {
    const { clock, buckets } = standing();
    buckets.take('a', 5);
    clock.ms -= 60_000;
    expect(buckets.take('a', 5)).toEqual({ ok: true });
    clock.ms += 1000;
    expect(buckets.take('a', 2)).toEqual({ ok: true });
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::9', true],
    ['2001:db8::1', '2001:db8:0:0:ffff::', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['::1', '::2', true],
    ['::ffff:192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['fe80::1%eth0', 'fe80::2%eth1', true],
  ])('%s and %s share a bucket: %s', (one, other, shared) => {
    const { buckets } = standing();
    buckets.take(one, 10);
    expect(buckets.take(other, 10).ok).toBe(!shared);
  });

  it('has no limit at a rate of 0', () => {
    const buckets = createTokenBuckets({ perSecond: 0, burst: 1 }, { now: () => 0 });
    for (let i = 0; i < 100; i++) expect(buckets.take('a', 1000)).toEqual({ ok: true });
  });

  it('remembers a bounded number of addresses', () => {
    const { buckets } = standing();
    buckets.take('first', 10);
    for (let i = 0; i < 10_000; i++) buckets.take(`a${i}`, 10);
    expect(buckets.take('first', 10)).toEqual({ ok: true });
    expect(buckets.take('a9999', 10).ok).toBe(false);
  });
});
