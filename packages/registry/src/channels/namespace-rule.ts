import type { NamespaceRule } from '@attestel/ledger';
import { fail } from '../errors.ts';
import type { ReadModule } from '../state/as-it-stands.ts';
import type { Validity } from '../types.ts';
import { MAIN_CHANNEL, pathOf } from './channel-name.ts';
import { CHANNEL_MODULE, readChannel, readMember } from './records.ts';
import { isBarred } from './standing.ts';

/**
 * Who may act in a namespace: in `main` the modules decide; in an open channel its governors may govern it and
 * its writers do everything else. @throws AppError channel_unknown, channel_closed, channel_not_writer, …
 */
export const namespaceRule: NamespaceRule = (read, { ns, module, actor, time }) => {
  if (ns === MAIN_CHANNEL) return;
  const state = read(CHANNEL_MODULE);
  if (!isOpen(read, ns, time)) {
    throw fail(readChannel(state, ns) ? 'channel_closed' : 'channel_unknown', { field: '/payload/ns' });
  }
  if (module === CHANNEL_MODULE) {
    if (!readChannel(state, ns)?.governors.includes(actor) || isBarred(read, actor)) {
      throw fail('channel_not_governor', { field: '/payload/actor' });
    }
    return;
  }
  if (!isListedWriter(read, { ns, did: actor, time })) {
    throw fail('channel_not_writer', { field: '/payload/actor' });
  }
};

export interface WriteRequest {
  readonly ns: string;
  readonly did: string;
  /** Unix seconds. */
  readonly time: number;
}

export interface ReadRequest {
  readonly ns: string;
  /** Undefined: nobody in particular. */
  readonly did: string | undefined;
  /** Unix seconds. */
  readonly time: number;
}

/**
 * Whether the read API may show somebody what a namespace holds. `main` is public. A closed channel stays
 * readable to its members: its past is theirs.
 */
export function isReadable(read: ReadModule, { ns, did, time }: ReadRequest): boolean {
  if (ns === MAIN_CHANNEL) return true;
  const state = read(CHANNEL_MODULE);
  const channel = readChannel(state, ns);
  if (!channel) return false;
  if (channel.read === 'public') return true;
  if (did === undefined || isBarred(read, did)) return false;
  const member = readMember(state, ns, did);
  return channel.governors.includes(did) || (member !== undefined && isIn(member.validity, time));
}

/** Whether an operation of the party in this channel would be taken. */
export const isWritable = (read: ReadModule, request: WriteRequest): boolean =>
  isOpen(read, request.ns, request.time) && isListedWriter(read, request);

/** A channel is open while it and all above it are. */
export function isOpen(read: ReadModule, ns: string, time: number): boolean {
  const state = read(CHANNEL_MODULE);
  return pathOf(ns).every((name) => {
    const channel = readChannel(state, name);
    return channel !== undefined && isIn(channel.validity, time);
  });
}

function isListedWriter(read: ReadModule, { ns, did, time }: WriteRequest): boolean {
  const member = readMember(read(CHANNEL_MODULE), ns, did);
  return member?.role === 'writer' && isIn(member.validity, time) && !isBarred(read, did);
}

const isIn = ({ from, until }: Validity, time: number): boolean =>
  time >= from && (until === null || time < until);
