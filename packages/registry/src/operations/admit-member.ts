import { fail } from '../errors.ts';
import { members } from '../state/collections.ts';
import { requireAdmissionVotes } from '../state/votes.ts';
import type { Apply } from './change.ts';

/**
 * Admits a member by votes. It signs too, which shows that it wants to and that its DID is on this
 * ledger. Who has left comes back under another DID, so that no old accreditation comes back with it.
 */
export const admitMember: Apply<'member.admit'> = ({ state, body, context }) => {
  requireAdmissionVotes(state, context);
  if (members.get(state, body.did)) throw fail('registry_exists', { field: '/did' });
  if (!context.signedBy(body.did)) throw fail('registry_subject_unsigned', { field: '/did' });
  members.put(state, body.did, { ...body, status: 'active' });
};
