import type { ApplyContext, StateReader } from '@attestel/ledger';
import { fail } from '../errors.ts';
import type { Member } from '../types.ts';
import { asItStands } from './as-it-stands.ts';
import { members, type Parameters, readParameters } from './collections.ts';
import { countDistinct, signingKeysOf } from './signing-keys.ts';

const activeMembers = (state: StateReader, { read }: ApplyContext): readonly Member[] =>
  members.list(state).filter((member) => asItStands(read, member).status === 'active');

/** @throws AppError registry_not_member */
export function activeMember(
  state: StateReader,
  { read }: ApplyContext,
  party: { readonly did: string; readonly field: string },
): Member {
  const member = members.get(state, party.did);
  if (!member || asItStands(read, member).status !== 'active') {
    throw fail('registry_not_member', { field: party.field });
  }
  return member;
}

export function parametersOf(state: StateReader): Parameters {
  const parameters = readParameters(state);
  if (!parameters) throw fail('registry_not_founded');
  return parameters;
}

/** Distinct active members whose ledger keys signed this one operation, each its own: k of n without a ballot. */
export const countVotes = (state: StateReader, context: ApplyContext): number =>
  countDistinct(activeMembers(state, context).map(({ did }) => signingKeysOf(context, did)));

export function requireAdmissionVotes(state: StateReader, context: ApplyContext): void {
  requireVotes(state, context, parametersOf(state).admissionThreshold);
}

export function requireAccreditationVotes(state: StateReader, context: ApplyContext): void {
  requireVotes(state, context, parametersOf(state).accreditationThreshold);
}

/**
 * Shows that the party wants what is decided about it and that its DID is on this ledger.
 * @throws AppError registry_subject_unsigned
 */
export function requireSignature(context: ApplyContext, did: string, field: string): void {
  if (!context.signedBy(did)) throw fail('registry_subject_unsigned', { field });
}

/** No change may leave fewer active members than a decision needs: nothing could be decided again. */
export function assertDecidable(state: StateReader, context: ApplyContext): void {
  const { admissionThreshold, accreditationThreshold } = parametersOf(state);
  if (activeMembers(state, context).length < Math.max(admissionThreshold, accreditationThreshold)) {
    throw fail('registry_threshold');
  }
}

function requireVotes(state: StateReader, context: ApplyContext, needed: number): void {
  const votes = countVotes(state, context);
  if (votes < needed) throw fail('registry_votes_missing', { extra: { votes, needed } });
}
