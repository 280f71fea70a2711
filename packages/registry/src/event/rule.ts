import { equalBytes, toHex } from '@attestel/core';
import type { ApplyContext } from '@attestel/ledger';
import { CHANNEL_MODULE, readChannel } from '../channels/records.ts';
import { actingKeysOf } from '../channels/standing.ts';
import { members, REGISTRY_MODULE } from '../state/collections.ts';
import { countDistinct } from '../state/signing-keys.ts';
import type { Member } from '../types.ts';
import type { Rule } from './types.ts';

/** Distinct parties of a rule that signed the operation, each by a key that counts for no other. */
export type CountParties = (rule: Rule) => number;

/** Keys in hex by which a DID that may act signed the operation; none: it did not, or may not. */
export type ActingKeys = (did: string) => readonly string[];

/** Asks once for each DID: no line changes who may act. */
export function createActingKeys(context: ApplyContext): ActingKeys {
  const known = new Map<string, readonly string[]>();
  return (did) => {
    const keys = known.get(did) ?? actingKeysOf(context, did);
    known.set(did, keys);
    return keys;
  };
}

/**
 * Counts for every rule that one operation has to satisfy: a role of the registry can have as many holders as the
 * consortium has members, and a line moves up to 16 objects.
 */
export function createPartyCount(actor: string, context: ApplyContext, keysOf: ActingKeys): CountParties {
  let signed: readonly Member[] | undefined;
  const holdersOf = (roles: readonly string[]): readonly string[] => {
    signed ??= members.list(context.read(REGISTRY_MODULE)).filter(({ did }) => keysOf(did).length > 0);
    return signed.filter((member) => member.roles.some((role) => roles.includes(role))).map(({ did }) => did);
  };
  return ({ dids, keys, roles }) => {
    const { ns, read, signers } = context;
    const registered = roles.filter((role) => role !== 'writer' && role !== 'governor');
    const parties = new Set([
      ...dids,
      // Writers can be many, so only the one that acts is looked at.
      ...(roles.includes('writer') ? [actor] : []),
      ...(roles.includes('governor') ? (readChannel(read(CHANNEL_MODULE), ns)?.governors ?? []) : []),
      ...(registered.length > 0 ? holdersOf(registered) : []),
    ]);
    const signing = keys.filter((key) => signers.some((signer) => equalBytes(key, signer)));
    return countDistinct([...[...parties].map(keysOf), ...signing.map((key) => [toHex(key)])]);
  };
}

/** Whoever acts moves an object of writers; it must not take it away from the others by another rule. */
export const withoutWriter = (rule: Rule): Rule => ({
  ...rule,
  roles: rule.roles.filter((role) => role !== 'writer'),
});
