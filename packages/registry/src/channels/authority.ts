import type { ApplyContext } from '@attestel/ledger';
import { fail } from '../errors.ts';
import { REGISTRY_MODULE } from '../state/collections.ts';
import { activeMember, requireAccreditationVotes } from '../state/votes.ts';
import { MAIN_CHANNEL, parentOf } from './channel-name.ts';
import { CHANNEL_MODULE, readChannel } from './records.ts';
import { countSigned } from './standing.ts';

/**
 * By whose votes a namespace decides: in `main` the consortium's accreditation votes with an active member as
 * actor, in a channel its governors'. @throws AppError registry_votes_missing, channel_votes_missing, …
 */
export function requireVotesOf(context: ApplyContext, actor: string): void {
  if (context.ns === MAIN_CHANNEL) {
    const registry = context.read(REGISTRY_MODULE);
    activeMember(registry, context, { did: actor, field: '/actor' });
    requireAccreditationVotes(registry, context);
    return;
  }
  const channel = readChannel(context.read(CHANNEL_MODULE), context.ns);
  if (!channel) throw fail('channel_unknown');
  const votes = countSigned(context, channel.governors);
  if (votes < channel.threshold) {
    throw fail('channel_votes_missing', { extra: { votes, needed: channel.threshold } });
  }
}

/** Decisions about a channel stand in its own namespace, by its governors, or in the one above, by that one's rule. */
export function assertGovernedFrom(ns: string, channel: string): void {
  if (ns !== channel && ns !== parentOf(channel)) throw fail('channel_not_above', { field: '/channel' });
}
