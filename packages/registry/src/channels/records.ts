import type { CborValue } from '@attestel/core';
import type { State, StateReader } from '@attestel/ledger';
import type { Channel, ChannelKeyAnchor, ChannelMember } from './types.ts';

/** Name of the ledger module and of its state. */
export const CHANNEL_MODULE = 'channel';

// Neither names nor DIDs hold `|`, so that no channel's keys fall among another's.
/** Key of the module's state, as a state receipt names it. */
export const channelStateKey = (name: string): string => `channel/${name}`;
const memberPrefix = (channel: string): string => `member/${channel}|`;

// Only this module writes its state, so what is read back needs no second validation.
export const readChannel = (state: StateReader, name: string): Channel | undefined =>
  state.get(channelStateKey(name)) as Channel | undefined;

export const writeChannel = (state: State, channel: Channel): void =>
  state.put(channelStateKey(channel.name), channel as unknown as CborValue);

export const listChannels = (state: StateReader): readonly Channel[] =>
  Array.from(state.list('channel/'), ([, record]) => record as unknown as Channel);

export const readMember = (state: StateReader, channel: string, did: string): ChannelMember | undefined =>
  state.get(memberPrefix(channel) + did) as ChannelMember | undefined;

export const writeMember = (state: State, channel: string, member: ChannelMember): void =>
  state.put(memberPrefix(channel) + member.did, member as unknown as CborValue);

export const deleteMember = (state: State, channel: string, did: string): void =>
  state.delete(memberPrefix(channel) + did);

const keyKey = (channel: string): string => `key/${channel}`;

export const readChannelKey = (state: StateReader, channel: string): ChannelKeyAnchor | undefined =>
  state.get(keyKey(channel)) as ChannelKeyAnchor | undefined;

export const writeChannelKey = (state: State, channel: string, anchor: ChannelKeyAnchor): void =>
  state.put(keyKey(channel), { ...anchor });

export interface MembersPage {
  /** DID after which the page begins; empty for the first. */
  readonly after: string;
  readonly limit: number;
}

/** In the order of their DIDs, which is that of the keys. */
export function listMembers(
  state: StateReader,
  channel: string,
  page: MembersPage,
): readonly ChannelMember[] {
  const found: ChannelMember[] = [];
  const prefix = memberPrefix(channel);
  for (const [key, record] of state.list(prefix)) {
    if (key.slice(prefix.length) <= page.after) continue;
    found.push(record as unknown as ChannelMember);
    if (found.length >= page.limit) break;
  }
  return found;
}
