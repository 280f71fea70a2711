import { fail } from '../errors.ts';
import { members } from '../state/collections.ts';
import { requireAdmissionVotes, requireSignature } from '../state/votes.ts';
import type { Apply } from './change.ts';

/** Admits a member by votes and its own signature. Who has left is resumed instead. */
export const admitMember: Apply<'member.admit'> = ({ state, body, context }) => {
  requireAdmissionVotes(state, context);
  if (members.get(state, body.did)) throw fail('registry_exists', { field: '/did' });
  requireSignature(context, body.did, '/did');
  members.put(state, body.did, { ...body, status: 'active', statusSince: context.time });
};
