import { toHex } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { createChannels, MAIN_CHANNEL, parentOf, readMember } from '@attestel/registry';
import type { CredentialLife } from './lines-of-credential.ts';
import type { TrustSources } from './trusted-credentials.ts';

export interface LedgerTrustOptions {
  readonly ledger: Pick<Ledger, 'state' | 'head'>;
  /** Name of the module with that digest, in hex. */
  nameOfModule(digest: string): string | undefined;
  /** Name of the module of a line that does not say so, from a payload that this party has. */
  blindModuleOf?(line: string): string | undefined;
}

/** Trust by what the ledger at this node says now. */
export function createTrustSources(options: LedgerTrustOptions): TrustSources {
  const { ledger, nameOfModule, blindModuleOf } = options;
  const channels = createChannels(ledger, () => ledger.head().time);
  const read: Ledger['state'] = (module) => ledger.state(module);
  const statusOf = (did: string) => readMember(read, did)?.status;
  const governs = (channel: string, did: string): boolean => {
    if (channel === MAIN_CHANNEL) return false;
    return channels.channel(channel)?.governors.includes(did) || governs(parentOf(channel), did);
  };
  return {
    mayCount: (did) => (statusOf(did) ?? 'active') === 'active',
    governs: (channel, did) =>
      channel === MAIN_CHANNEL ? statusOf(did) === 'active' : governs(channel, did),
    moduleOf: ({ line, moduleDigest }: CredentialLife) =>
      moduleDigest ? nameOfModule(toHex(moduleDigest)) : blindModuleOf?.(line),
  };
}
