import type { ApplyContext, StateReader } from '@attestel/ledger';
import { fail } from '../errors.ts';
import type { Member } from '../types.ts';
import { members, type Parameters, readParameters } from './collections.ts';

export const activeMembers = (state: StateReader): readonly Member[] =>
  members.list(state).filter((member) => member.status === 'active');

/** @throws AppError registry_not_member */
export function activeMember(state: StateReader, did: string, field = '/actor'): Member {
  const member = members.get(state, did);
  if (member?.status !== 'active') throw fail('registry_not_member', { field });
  return member;
}

export function parametersOf(state: StateReader): Parameters {
  const parameters = readParameters(state);
  if (!parameters) throw fail('registry_not_founded');
  return parameters;
}

/**
 * Distinct active members whose ledger keys signed this one operation: k of n without a ballot. Never
 * more than there are signatures: a member that lists another's key as its own adds no vote by it.
 */
export function countVotes(state: StateReader, context: ApplyContext): number {
  const signed = activeMembers(state).filter((member) => context.signedBy(member.did)).length;
  return Math.min(signed, context.signers.length);
}

export function requireAdmissionVotes(state: StateReader, context: ApplyContext): void {
  requireVotes(state, context, parametersOf(state).admissionThreshold);
}

export function requireAccreditationVotes(state: StateReader, context: ApplyContext): void {
  requireVotes(state, context, parametersOf(state).accreditationThreshold);
}

/** No change may leave fewer active members than a decision needs: nothing could be decided again. */
export function assertDecidable(state: StateReader): void {
  const { admissionThreshold, accreditationThreshold } = parametersOf(state);
  if (activeMembers(state).length < Math.max(admissionThreshold, accreditationThreshold)) {
    throw fail('registry_threshold');
  }
}

function requireVotes(state: StateReader, context: ApplyContext, needed: number): void {
  const votes = countVotes(state, context);
  if (votes < needed) throw fail('registry_votes_missing', { extra: { votes, needed } });
}
