import { equalBytes, toHex } from '@attestel/core';
import { actorKeys } from '@attestel/did';
import type { ApplyContext } from '@attestel/ledger';

/** Ledger keys of a DID that signed the operation, in hex. */
export const signingKeysOf = ({ read, signers }: ApplyContext, did: string): readonly string[] =>
  actorKeys(read, did)
    .filter((key) => signers.some((signer) => equalBytes(signer, key)))
    .map(toHex);

/**
 * How many parties signed, given the keys each signed with, when every key stands for one of them: who lists
 * another's key as its own adds no vote by it. Signatures of strangers do not count at all, since whoever carries
 * an operation can hang some on it. (Maximum matching by augmenting paths; there are at most 16 keys.)
 */
export function countDistinct(parties: readonly (readonly string[])[]): number {
  const partyOf = new Map<string, readonly string[]>();
  const place = (keys: readonly string[], tried: Set<string>): boolean =>
    keys.some((key) => {
      if (tried.has(key)) return false;
      tried.add(key);
      const holder = partyOf.get(key);
      if (holder && !place(holder, tried)) return false;
      partyOf.set(key, keys);
      return true;
    });
  return parties.filter((keys) => place(keys, new Set())).length;
}
