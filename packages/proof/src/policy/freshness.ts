import { ProofError } from '../errors.ts';

/** How old a checkpoint may be. All in unix seconds and seconds. */
export interface Freshness {
  /** What the verifier's clock says. */
  readonly now: number;
  /** Unless given, age does not matter. */
  readonly maxAgeSeconds?: number;
  /** How far clocks of witnesses may be ahead; 60 unless given. */
  readonly maxAheadSeconds?: number;
}

const MAX_AHEAD_SECONDS = 60;

/**
 * @param time of a quorum, unix seconds
 * @throws ProofError checkpoint_stale, checkpoint_from_future; TypeError unless all bounds are numbers
 */
export function assertFresh(
  time: number,
  { now, maxAgeSeconds, maxAheadSeconds = MAX_AHEAD_SECONDS }: Freshness,
): void {
  // A comparison with NaN is false and would let anything pass.
  if (![time, now, maxAheadSeconds, maxAgeSeconds ?? 0].every(Number.isFinite)) {
    throw new TypeError('freshness: needs numbers');
  }
  if (time > now + maxAheadSeconds) {
    throw new ProofError('checkpoint_from_future', 'checkpoint: signed after the time of this check');
  }
  if (maxAgeSeconds !== undefined && now - time > maxAgeSeconds) {
    throw new ProofError('checkpoint_stale', 'checkpoint: older than allowed');
  }
}
