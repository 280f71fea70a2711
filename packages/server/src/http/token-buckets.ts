import { isIPv6 } from 'node:net';
import type { Clock } from '@attestel/core';

export interface RateLimit {
  /** What an address may use over time. 0: no limit. */
  readonly perSecond: number;
  /** What it may use at once after a pause. */
  readonly burst: number;
}

export interface TokenBuckets {
  /** Takes `cost` from the address's bucket; otherwise says after how many seconds to ask again. */
  take(address: string, cost: number): { readonly ok: true } | { readonly ok: false; readonly retry: number };
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Beyond that the address seen first makes room: who has that many needs no gap in the count. */
const MAX_ADDRESSES = 10_000;

/** A token bucket for every client address. */
export function createTokenBuckets({ perSecond, burst }: RateLimit, clock: Clock): TokenBuckets {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (name: string, now: number): Bucket => {
    const known = buckets.get(name);
    if (known) return known;
    for (const first of buckets.size >= MAX_ADDRESSES ? buckets.keys() : []) {
      buckets.delete(first);
      break;
    }
    const created = { tokens: burst, at: now };
    buckets.set(name, created);
    return created;
  };
  return {
    take(address, cost) {
      if (perSecond === 0) return { ok: true };
      const now = clock.now();
      const bucket = bucketOf(networkOf(address), now);
      const seconds = Math.max(0, now - bucket.at) / 1000; // clocks are set back at times
      bucket.tokens = Math.min(burst, bucket.tokens + seconds * perSecond);
      bucket.at = now;
      // A request that no bucket could ever pay for takes all of a full one.
      const price = Math.min(cost, burst);
      if (bucket.tokens < price) return { ok: false, retry: Math.ceil((price - bucket.tokens) / perSecond) };
      bucket.tokens -= price;
      return { ok: true };
    },
  };
}

const GROUPS = 8;

/** An IPv4 address, or the /64 of an IPv6 one: a household or machine has at least that many. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1] as string;
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = (address.split('%')[0] as string).split('::');
  const start = head.split(':').filter(Boolean);
  const end = tail.split(':').filter(Boolean);
  const zeros = Array.from({ length: Math.max(0, GROUPS - start.length - end.length) }, () => '0');
  return [...start, ...zeros, ...end].slice(0, GROUPS / 2).join(':');
}
