import type { PartyAuthenticator } from '@attestel/did';
import type { MayRead, ReadGuard } from '@attestel/ledger';
import { type Channels, namespaceOfKey, type Registry } from '@attestel/registry';

export interface ReadGuardPorts {
  readonly channels: Pick<Channels, 'isReadable'>;
  readonly registry: Pick<Registry, 'member'>;
  readonly authenticate: PartyAuthenticator;
}

/**
 * Members of the consortium may follow the log as nodes, and a log is whole or it is none; everybody else reads the
 * channels that are public or theirs (specs/event-lines.md §1). Asked anew for each entry: a stream outlives a membership.
 */
export const createReadGuard = ({ channels, registry, authenticate }: ReadGuardPorts): ReadGuard => ({
  async readerOf(request) {
    const did = request.headers.authorization === undefined ? undefined : (await authenticate(request)).did;
    return mayReadAs({ channels, registry }, did);
  },
  namespaceOf: namespaceOfKey,
});

export const mayReadAs =
  ({ channels, registry }: Omit<ReadGuardPorts, 'authenticate'>, did: string | undefined): MayRead =>
  (ns) =>
    channels.isReadable(ns, did) || (did !== undefined && registry.member(did)?.status === 'active');
