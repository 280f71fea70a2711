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

const RULES = {
  checkpoint_from_future: 'signed after the time of this check',
  checkpoint_stale: 'older than allowed',
} as const;

/**
 * @param time of a quorum, unix seconds
 * @throws ProofError checkpoint_stale, checkpoint_from_future; TypeError unless all bounds are numbers
 */
export function assertFresh(time: number, freshness: Freshness): void {
  const code = brokenRule(time, freshness);
  if (code) throw new ProofError(code, `checkpoint: ${RULES[code]}`);
}

/** Whether {@link assertFresh} lets it pass. @throws TypeError unless all bounds are numbers */
export const isFresh = (time: number, freshness: Freshness): boolean =>
  brokenRule(time, freshness) === undefined;

function brokenRule(
  time: number,
  { now, maxAgeSeconds, maxAheadSeconds = MAX_AHEAD_SECONDS }: Freshness,
): keyof typeof RULES | undefined {
  // A comparison with NaN is false and would let anything pass.
  if (![time, now, maxAheadSeconds, maxAgeSeconds ?? 0].every(Number.isFinite)) {
    throw new TypeError('freshness: needs numbers');
  }
  if (time > now + maxAheadSeconds) return 'checkpoint_from_future';
  if (maxAgeSeconds !== undefined && now - time > maxAgeSeconds) return 'checkpoint_stale';
  return undefined;
}
