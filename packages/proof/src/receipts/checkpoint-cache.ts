import type { Policy } from '../policy/policy.ts';
import type { VerifiedCheckpoint } from '../policy/verify-cosigned.ts';

/** Checkpoints that have been verified, so that many receipts cost their signatures once. */
export interface CheckpointCache {
  get(policy: Policy, hash: Uint8Array): VerifiedCheckpoint | undefined;
  /** Only what was verified under this very policy. */
  put(policy: Policy, checkpoint: VerifiedCheckpoint): void;
}

const CAPACITY = 64;

/**
 * In memory; forgets the one that was added first. Entries belong to the policy object they were verified
 * under: what a weak policy accepts never counts for another one.
 */
export function createCheckpointCache(capacity: number = CAPACITY): CheckpointCache {
  const byPolicy = new WeakMap<Policy, Map<string, VerifiedCheckpoint>>();
  return {
    get: (policy, hash) => byPolicy.get(policy)?.get(keyOf(hash)),
    put(policy, checkpoint) {
      const entries = byPolicy.get(policy) ?? new Map<string, VerifiedCheckpoint>();
      byPolicy.set(policy, entries);
      const key = keyOf(checkpoint.hash);
      const known = entries.get(key);
      // A heartbeat renews the time of a body; an older receipt must not take that back.
      if (known && known.time >= checkpoint.time) return;
      entries.delete(key);
      entries.set(key, checkpoint);
      const [oldest] = entries.keys();
      if (entries.size > capacity && oldest !== undefined) entries.delete(oldest);
    },
  };
}

const keyOf = (hash: Uint8Array): string => String.fromCharCode(...hash);
