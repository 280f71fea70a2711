import { fail } from '../errors.ts';
import { members } from '../state/collections.ts';
import { assertDecidable, requireAdmissionVotes, requireSignature } from '../state/votes.ts';
import type { Member } from '../types.ts';
import type { Apply, Change } from './change.ts';
import { suspendRecordsOf } from './suspend-records.ts';

/** What the member vouches for or runs counts as suspended with it. */
export const suspendMember: Apply<'member.suspend'> = (change) => {
  requireAdmissionVotes(change.state, change.context);
  changeStatus(change, { did: change.body.did, from: ['active'], to: 'suspended' });
  assertDecidable(change.state, change.context);
};

/**
 * Also brings back who has left, if it signs as well: leaving takes one ledger key, which may have been
 * stolen. What it ran or vouched for does not come back by itself.
 */
export const resumeMember: Apply<'member.resume'> = (change) => {
  const { state, body, context } = change;
  requireAdmissionVotes(state, context);
  if (members.get(state, body.did)?.status === 'left') {
    requireSignature(context, body.did, '/did');
    suspendRecordsOf(state, body.did);
  }
  changeStatus(change, { did: body.did, from: ['suspended', 'left'], to: 'active' });
};

/** By the member alone. */
export const leaveMember: Apply<'member.leave'> = (change) => {
  changeStatus(change, { did: change.actor, from: ['active'], to: 'left' });
  assertDecidable(change.state, change.context);
};

function changeStatus(
  { state, context }: Pick<Change<unknown>, 'state' | 'context'>,
  { did, from, to }: { did: string; from: readonly Member['status'][]; to: Member['status'] },
): void {
  const member = members.get(state, did);
  if (!member) throw fail('registry_unknown', { field: '/did' });
  if (!from.includes(member.status)) throw fail('registry_status');
  members.put(state, did, { ...member, status: to, statusSince: context.time });
}
