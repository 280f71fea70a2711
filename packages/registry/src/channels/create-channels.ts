import type { Ledger } from '@attestel/ledger';
import { isOpen, isReadable, isWritable } from './namespace-rule.ts';
import {
  CHANNEL_MODULE,
  listChannels,
  listMembers,
  type MembersPage,
  readChannel,
  readChannelKey,
  readMember,
} from './records.ts';
import type { Channel, ChannelKeyAnchor, ChannelMember } from './types.ts';

/** What the ledger says about channels, at the last block. */
export interface Channels {
  channel(name: string): Channel | undefined;
  channels(): readonly Channel[];
  /** All of them, or a page. */
  members(name: string, page?: MembersPage): readonly ChannelMember[];
  /** A listed one; governors need not be. */
  member(name: string, did: string): ChannelMember | undefined;
  /** Of `main` too; undefined as long as nobody anchored a key. */
  key(name: string): ChannelKeyAnchor | undefined;
  /** Whether it, and every channel above it, is open now. */
  isOpen(name: string): boolean;
  isWriter(name: string, did: string): boolean;
  /** Whether the read API may show this party what the namespace holds; undefined: nobody in particular. */
  isReadable(name: string, did: string | undefined): boolean;
}

const EVERYBODY: MembersPage = { after: '', limit: Number.POSITIVE_INFINITY };

/**
 * @param now unix seconds; an idle ledger's last block lies behind the dates at which a membership ends
 */
export function createChannels(ledger: Pick<Ledger, 'state'>, now: () => number): Channels {
  const read: Ledger['state'] = (module) => ledger.state(module);
  const state = () => ledger.state(CHANNEL_MODULE);
  return {
    channel: (name) => readChannel(state(), name),
    channels: () => listChannels(state()),
    members: (name, page = EVERYBODY) => listMembers(state(), name, page),
    member: (name, did) => readMember(state(), name, did),
    key: (name) => readChannelKey(state(), name),
    isOpen: (name) => isOpen(read, name, now()),
    isWriter: (name, did) => isWritable(read, { ns: name, did, time: now() }),
    isReadable: (name, did) => isReadable(read, { ns: name, did, time: now() }),
  };
}
