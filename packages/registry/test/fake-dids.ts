import { type Bytes, equalBytes, utf8 } from '@attestel/core';
import type { ApplyContext, StateReader } from '@attestel/ledger';

/** Every DID has one ledger key, its own name, unless a test takes it away or lends it to another. */
export function createFakeDids(now: () => number) {
  /** DIDs without ledger keys, and since when. */
  const keyless = new Map<string, number>();
  /** Owners of the keys that a DID lists beside its own. */
  const lent = new Map<string, readonly string[]>();
  const keysOf = (did: string): readonly Bytes[] =>
    keyless.has(did) ? [] : [did, ...(lent.get(did) ?? [])].map(utf8);
  const state: StateReader = {
    get(key) {
      const did = key.slice('head/'.length);
      return { updated: keyless.get(did) ?? 0, ledgerKeys: keysOf(did).map((one, i) => [`k${i}`, one]) };
    },
    list: () => [],
    find: () => undefined,
  };
  return {
    state,
    /** As by deactivation. */
    drop: (did: string): void => void keyless.set(did, now()),
    /** The other DID lists the owner's key as its own: that key's signatures are then by both. */
    lend: (owner: string, to: string): void => void lent.set(to, [...(lent.get(to) ?? []), owner]),
    signatures(
      by: readonly string[],
      keys: readonly Bytes[] = [],
    ): Pick<ApplyContext, 'signers' | 'signedBy'> {
      const signers = [...[...new Set(by)].map((did) => utf8(did)), ...keys];
      const hasSigned = (key: Bytes): boolean => signers.some((signer) => equalBytes(signer, key));
      return { signers, signedBy: (did) => keysOf(did).some(hasSigned) };
    },
  };
}
