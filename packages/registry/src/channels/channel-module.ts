import type { ApplyContext, LedgerModule, Operation, State } from '@attestel/ledger';
import { fail } from '../errors.ts';
import { parseStrict } from '../rules/parse-strict.ts';
import { REGISTRY_MODULE } from '../state/collections.ts';
import { activeMember } from '../state/votes.ts';
import type { Validity } from '../types.ts';
import { assertGovernedFrom, requireVotesOf } from './authority.ts';
import { CHANNEL_BODIES, type ChannelBody, type ChannelKind } from './bodies.schema.ts';
import { MAIN_CHANNEL, parentOf } from './channel-name.ts';
import {
  CHANNEL_MODULE,
  deleteMember,
  readChannel,
  readChannelKey,
  writeChannel,
  writeChannelKey,
  writeMember,
} from './records.ts';
import type { Channel } from './types.ts';

interface Change<K extends ChannelKind> {
  readonly state: State;
  readonly body: ChannelBody<K>;
  readonly context: ApplyContext;
  readonly actor: string;
}

const OPERATIONS: { readonly [K in ChannelKind]: (change: Change<K>) => void } = {
  /** Names are never used again: what was written under one would seem to belong to another's channel. */
  open({ state, body: { channel: name, members, ...rest }, context }) {
    if (context.ns !== parentOf(name)) throw fail('channel_not_above', { field: '/channel' });
    if (readChannel(state, name)) throw fail('channel_exists', { field: '/channel' });
    writeChannel(state, { name, ...rest });
    for (const member of members) writeMember(state, name, member);
  },
  /** Replaces everything but name and members: to close a channel, give it an end. */
  govern({ state, body: { channel: name, ...rest }, context }) {
    const known = requireChannel(state, name);
    // The end that the one above set is not for the channel itself to put off.
    if (context.ns === name && endOf(rest.validity) > endOf(known.validity)) {
      throw fail('channel_not_above', { field: '/validity' });
    }
    writeChannel(state, { name, ...rest });
  },
  'members.set'({ state, body: { channel, members } }) {
    requireChannel(state, channel);
    for (const member of members) writeMember(state, channel, member);
  },
  'members.remove'({ state, body: { channel, dids } }) {
    requireChannel(state, channel);
    for (const did of dids) deleteMember(state, channel, did);
  },
  /** The first is for ever: with a second key what is unique could be taken once more. */
  key({ state, body: { channel, commitment }, context: { ns, time }, actor }) {
    if (ns !== channel) throw fail('channel_not_above', { field: '/channel' });
    if (readChannelKey(state, channel)) throw fail('channel_key_anchored', { field: '/channel' });
    writeChannelKey(state, channel, { commitment, actor, time });
  },
};

/**
 * The tree of channels. Pure and deterministic. The host has checked the actor's signature and sequence, and by
 * `namespaceRule` that the actor of an operation in a channel is one of its governors.
 */
export const channelModule: LedgerModule = {
  name: CHANNEL_MODULE,
  ordering: 'actor',
  inChannels: true,
  checkStateless({ payload, attachment }: Operation): void {
    assertChannelKind(payload.kind);
    parseChannelBody(payload.kind, payload.body);
    if (attachment !== null) throw fail('channel_body_invalid', { field: '/attachment' });
  },
  apply(state, { payload }, context) {
    const { kind, actor } = payload;
    assertChannelKind(kind);
    const body = parseChannelBody(kind, payload.body);
    if (kind === 'key') assertMayAnchor(context, actor);
    else {
      assertGovernedFrom(context.ns, body.channel);
      requireVotesOf(context, actor);
    }
    (OPERATIONS[kind] as (change: Change<ChannelKind>) => void)({ state, body, context, actor });
    return [{ module: CHANNEL_MODULE, type: kind, data: { channel: body.channel } }];
  },
};

export function assertChannelKind(kind: string): asserts kind is ChannelKind {
  if (!Object.hasOwn(CHANNEL_BODIES, kind)) throw fail('channel_kind_unknown');
}

/** @throws AppError channel_body_invalid that names the first field at fault and its rule */
export const parseChannelBody = <K extends ChannelKind>(kind: K, body: unknown): ChannelBody<K> =>
  parseStrict(CHANNEL_BODIES[kind], body, 'channel_body_invalid') as ChannelBody<K>;

/** Any governor of a channel, as the namespace rule says already; in `main` any active operator. */
function assertMayAnchor(context: ApplyContext, actor: string): void {
  if (context.ns !== MAIN_CHANNEL) return;
  const party = { did: actor, field: '/actor' };
  if (!activeMember(context.read(REGISTRY_MODULE), context, party).roles.includes('operator'))
    throw fail('registry_role', { field: '/actor' });
}

function requireChannel(state: State, name: string): Channel {
  const channel = readChannel(state, name);
  if (!channel) throw fail('channel_unknown', { field: '/channel' });
  return channel;
}

const endOf = ({ until }: Validity): number => until ?? Number.POSITIVE_INFINITY;
