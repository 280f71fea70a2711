import type { State } from '@attestel/ledger';
import { fail } from '../errors.ts';
import { members } from '../state/collections.ts';
import { assertDecidable, requireAdmissionVotes } from '../state/votes.ts';
import type { Member } from '../types.ts';
import type { Apply } from './change.ts';

/** What the member vouches for or runs counts as suspended with it. */
export const suspendMember: Apply<'member.suspend'> = ({ state, body, context }) => {
  requireAdmissionVotes(state, context);
  changeStatus(state, body.did, 'active', 'suspended');
  assertDecidable(state);
};

export const resumeMember: Apply<'member.resume'> = ({ state, body, context }) => {
  requireAdmissionVotes(state, context);
  changeStatus(state, body.did, 'suspended', 'active');
};

/** By the member alone, and final. */
export const leaveMember: Apply<'member.leave'> = ({ state, actor }) => {
  changeStatus(state, actor, 'active', 'left');
  assertDecidable(state);
};

function changeStatus(state: State, did: string, from: Member['status'], to: Member['status']): void {
  const member = members.get(state, did);
  if (!member) throw fail('registry_unknown', { field: '/did' });
  if (member.status !== from) throw fail('registry_status');
  members.put(state, did, { ...member, status: to });
}
