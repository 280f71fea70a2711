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
 * In memory; forgets the one of the oldest time, so that whoever sends old receipts does not push out what is
 * current. Entries belong to the policy object they were verified under: what a weak policy accepts never counts
 * for another one. Takes and gives copies: what callers do to an answer must not change what is trusted.
 */
export function createCheckpointCache(capacity: number = CAPACITY): CheckpointCache {
  // Lists, newest time first: most receipts are of the newest checkpoint, and making a map key costs more than a walk.
  const byPolicy = new WeakMap<Policy, readonly VerifiedCheckpoint[]>();
  const find = (policy: Policy, hash: Uint8Array): VerifiedCheckpoint | undefined =>
    byPolicy.get(policy)?.find((entry) => sameBytes(entry.hash, hash));
  return {
    get(policy, hash) {
      const known = find(policy, hash);
      return known && copyOf(known);
    },
    put(policy, checkpoint) {
      const known = find(policy, checkpoint.hash);
      // A heartbeat renews the time of a body; an older receipt must not take that back.
      if (known && known.time >= checkpoint.time) return;
      const others = (byPolicy.get(policy) ?? []).filter((entry) => entry !== known);
      const newestFirst = [copyOf(checkpoint), ...others].sort((a, b) => b.time - a.time);
      byPolicy.set(policy, newestFirst.slice(0, capacity));
    },
  };
}

const copyOf = (checkpoint: VerifiedCheckpoint): VerifiedCheckpoint => ({
  ...checkpoint,
  root: Uint8Array.from(checkpoint.root),
  state: Uint8Array.from(checkpoint.state),
  hash: Uint8Array.from(checkpoint.hash),
});
