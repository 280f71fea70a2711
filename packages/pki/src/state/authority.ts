import type { ApplyContext } from '@attestel/ledger';
import {
  countDistinct,
  type Member,
  REGISTRY_MODULE,
  type Role,
  readMember,
  readParameters,
  signingKeysOf,
} from '@attestel/registry';
import { fail } from '../errors.ts';

export const isActive = ({ read }: ApplyContext, did: string): boolean =>
  readMember(read, did)?.status === 'active';

/** The member as it stands now. @throws AppError pki_not_member */
export function requireMember(context: ApplyContext, did: string, field = '/actor'): Member {
  const member = readMember(context.read, did);
  if (member?.status !== 'active') throw fail('pki_not_member', { field });
  return member;
}

/** @throws AppError pki_not_member, pki_actor_unsigned, pki_role */
export function requireActor(context: ApplyContext, did: string, roles: readonly Role[] = []): Member {
  const member = requireMember(context, did);
  if (!context.signedBy(did)) throw fail('pki_actor_unsigned', { field: '/signatures' });
  if (roles.length > 0 && !roles.some((role) => member.roles.includes(role))) throw fail('pki_role');
  return member;
}

/**
 * Distinct active members of the list, each by a key of its own. Everybody listed must be one and must have signed:
 * the signed bytes say whose votes they are, and a vote that is none is told apart from one that is missing.
 * @throws AppError pki_vote_not_member, pki_vote_unsigned
 */
export function countVotes(context: ApplyContext, voters: readonly string[]): number {
  const signed = voters.map((did, i) => {
    const field = `/voters/${i}`;
    if (!isActive(context, did)) throw fail('pki_vote_not_member', { field });
    const keys = signingKeysOf(context, did);
    if (keys.length === 0) throw fail('pki_vote_unsigned', { field });
    return keys;
  });
  return countDistinct(signed);
}

/** The consortium's votes about whom to trust. @throws AppError pki_votes_missing and as {@link countVotes} */
export function requireVotes(context: ApplyContext, voters: readonly string[]): void {
  const parameters = readParameters(context.read(REGISTRY_MODULE));
  if (!parameters) throw fail('pki_not_member', { field: '/actor' });
  const needed = parameters.accreditationThreshold;
  const votes = countVotes(context, voters);
  if (votes < needed) throw fail('pki_votes_missing', { extra: { votes, needed } });
}
