import { ProofError } from '../errors.ts';
import type { Policy, Witness } from './policy.ts';

/** A witness whose cosignature has been checked, and when it signed (unix seconds). */
export interface VerifiedCosignature {
  readonly witness: Witness;
  readonly time: number;
}

/**
 * The newest time t such that witnesses that signed at t or later make a quorum: no minority can make a
 * checkpoint look fresher than that. A witness that stands here twice counts once.
 * @throws ProofError quorum_not_met
 */
export function assertQuorum(
  policy: Policy,
  verified: readonly VerifiedCosignature[],
): { readonly time: number } {
  // Earlier names only: groups stand below their members, so one pass settles all of them.
  const times = new Map<string, number>();
  for (const { witness, time } of verified) {
    if (policy.witnesses.includes(witness))
      times.set(witness.name, Math.max(time, times.get(witness.name) ?? 0));
  }
  for (const { name, threshold, members } of policy.groups) {
    const signed = members.flatMap((member) => times.get(member) ?? []).sort((a, b) => b - a);
    const time = signed[threshold - 1];
    if (time !== undefined) times.set(name, time);
  }
  const time = times.get(policy.quorum);
  if (time === undefined) throw new ProofError('quorum_not_met', 'policy: too few of its witnesses signed');
  return { time };
}
