import { equalBytes } from '@attestel/core';
import type { ApplyContext } from '@attestel/ledger';
import { CHANNEL_MODULE, readChannel } from '../channels/records.ts';
import { hasSigned } from '../channels/standing.ts';
import { members, REGISTRY_MODULE } from '../state/collections.ts';
import type { Rule } from './types.ts';

/**
 * Distinct parties of a rule that signed. Never more than there are signatures: a DID that lists another's key as
 * its own adds nothing by it.
 */
export function countParties(rule: Rule, actor: string, context: ApplyContext): number {
  const dids = [...new Set([...rule.dids, ...didsOfRoles(rule, actor, context)])];
  const keys = rule.keys.filter((key) => context.signers.some((signer) => equalBytes(key, signer)));
  const signed = dids.filter((did) => hasSigned(context, did)).length;
  return Math.min(signed + keys.length, context.signers.length);
}

function didsOfRoles({ roles }: Rule, actor: string, { ns, read }: ApplyContext): readonly string[] {
  if (roles.length === 0) return [];
  const wanted = new Set<string>(roles);
  // Writers can be many, so only the one that acts is looked at.
  const writers = wanted.has('writer') ? [actor] : [];
  const governors = wanted.has('governor') ? (readChannel(read(CHANNEL_MODULE), ns)?.governors ?? []) : [];
  const holders = members
    .list(read(REGISTRY_MODULE))
    .filter((member) => member.roles.some((role) => wanted.has(role)))
    .map((member) => member.did);
  return [...writers, ...governors, ...holders];
}
