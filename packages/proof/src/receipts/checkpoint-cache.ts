import { sameBytes } from '../bytes.ts';
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
  // Lists, newest first: most receipts are of the newest checkpoint, and making a map key costs more than a walk.
  const byPolicy = new WeakMap<Policy, readonly VerifiedCheckpoint[]>();
  const get = (policy: Policy, hash: Uint8Array): VerifiedCheckpoint | undefined =>
    byPolicy.get(policy)?.find((entry) => sameBytes(entry.hash, hash));
  return {
    get,
    put(policy, checkpoint) {
      const known = get(policy, checkpoint.hash);
      // A heartbeat renews the time of a body; an older receipt must not take that back.
      if (known && known.time >= checkpoint.time) return;
      const others = (byPolicy.get(policy) ?? []).filter((entry) => entry !== known);
      byPolicy.set(policy, [checkpoint, ...others].slice(0, capacity));
    },
  };
}
