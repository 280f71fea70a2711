import { standingOf } from '@attestel/did/state';
import type { ApplyContext } from '@attestel/ledger';
import type { Member } from '../types.ts';

export type ReadModule = ApplyContext['read'];

/**
 * The member as it stands now. One whose DID is deactivated, or has given up its ledger keys, can sign
 * nothing here any more and counts as suspended since then, whatever operations of the registry say.
 */
export function asItStands(read: ReadModule, member: Member): Member {
  if (member.status !== 'active') return member;
  const { canAct, since } = standingOf(read, member.did);
  return canAct ? member : { ...member, status: 'suspended', statusSince: since };
}
