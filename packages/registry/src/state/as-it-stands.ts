import { standingOf } from '@attestel/did/state';
import type { ApplyContext, StateReader } from '@attestel/ledger';
import type { Member } from '../types.ts';

export type ReadModule = ApplyContext['read'];
/** Single keys are enough, so that what was read can be proven. */
export type ReadKeys = (module: string) => Pick<StateReader, 'get'>;

/**
 * The member as it stands now. One whose DID is deactivated, or has given up its ledger keys, can sign
 * nothing here any more and counts as suspended since then, whatever operations of the registry say.
 */
export function asItStands(read: ReadKeys, member: Member): Member {
  if (member.status !== 'active') return member;
  const { canAct, since } = standingOf(read, member.did);
  return canAct ? member : { ...member, status: 'suspended', statusSince: since };
}
