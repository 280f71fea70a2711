import { type Bytes, fromHex, toHex } from '@attestel/core';
import { actorKeys } from '@attestel/did';
import type { Ledger } from '@attestel/ledger';
import {
  type ChannelKeyAnchor,
  createChannels,
  createEventLines,
  createRegistry,
  EVENT_MODULE,
  eventStateKey,
  isWritable,
  type Line,
  type LineHead,
  MAIN_CHANNEL,
  type Role,
  readMember,
  refOf,
} from '@attestel/registry';
import { createCommonDids } from './blind/common-dids.ts';
import { untilNextEntry } from './until-next-entry.ts';

/** What the host asks of the ledger at its own node. Line ids are hex. */
export interface LedgerView {
  head(channel: string, ref: Bytes): LineHead | undefined;
  line(channel: string, line: string): Line | undefined;
  /** Id of an object's line by its number, from 1. */
  lineAt(channel: string, ref: Bytes, number: number): string | undefined;
  /** Line that took a token and has it. */
  tokenLine(channel: string, token: Bytes): string | undefined;
  /** Place of a line in the log. */
  indexOf(line: string): number | undefined;
  /** Roles of an active member; none of others. */
  rolesOf(did: string): readonly Role[];
  /** Whether the party may write there now. */
  mayWrite(channel: string, did: string, time: number): boolean;
  /** `main` and every channel that the party is a member of. */
  channelsOf(did: string): readonly string[];
  governorsOf(channel: string): readonly string[];
  /** Commitment to the key of the channel's tokens, and who made it. */
  channelKey(channel: string): ChannelKeyAnchor | undefined;
  /** Governors that a decision about the channel needs. */
  thresholdOf(channel: string): number;
  /** Whether the consortium's list names it, whatever became of it. */
  isMember(did: string): boolean;
  /** Ledger keys of a DID, as multikeys. */
  keysOf(did: string): readonly Bytes[];
  /** Governors, writers and readers, without common DIDs; in `main`, all members of the consortium. */
  membersOf(channel: string): readonly string[];
  /** Whether it is one of those, or, in `main`, an active member. */
  isIn(channel: string, did: string): boolean;
  /** Place in the log at which a DID of the kind began in whose name blind lines are written; undefined: another one. */
  commonSince(did: string): number | undefined;
  /** Common DIDs that write in the channel now, in the order in which they were made. */
  commonWritersOf(channel: string, time: number): readonly string[];
  /** Active operators of the consortium, those that have been active longest first. */
  operators(): readonly string[];
}

/** Objects whose names are kept: a command asks for the same again and again. */
const MAX_REFS = 1000;
const refs = new Map<string, Bytes>();

/** Name on the ledger of an object whose id is 32 hex digits; to be read only. @throws TypeError */
export function refOfObject(module: string, id: string): Bytes {
  const name = `${module}|${id}`;
  const known = refs.get(name);
  if (known) return known;
  if (refs.size === MAX_REFS) refs.clear();
  const ref = refOf(module, fromHex(id));
  refs.set(name, ref);
  return ref;
}

export function createLedgerView(
  ledger: Pick<Ledger, 'head' | 'state' | 'indexOf' | 'attachment'>,
  now: () => number,
): LedgerView {
  const lines = createEventLines(ledger);
  const channels = createChannels(ledger, now);
  const registry = createRegistry(ledger);
  const read: Ledger['state'] = (module) => ledger.state(module);
  const memberOf = untilNextEntry(ledger, (did) => readMember(read, did));
  const channelKey = untilNextEntry(ledger, (channel) => channels.key(channel));
  const began = createCommonDids(ledger);
  const commonSince = (did: string) => (memberOf(did) ? undefined : began(did));
  const membersOf = (channel: string): readonly string[] => {
    if (channel === MAIN_CHANNEL)
      return registry.members().flatMap(({ did, status }) => (status === 'active' ? [did] : []));
    const governors = channels.channel(channel)?.governors ?? [];
    const listed = channels.members(channel).map(({ did }) => did);
    return [...new Set([...governors, ...listed])].filter((did) => commonSince(did) === undefined);
  };
  return {
    head: (channel, ref) => lines.head(channel, ref),
    line: (channel, line) => lines.line(channel, fromHex(line)),
    lineAt(channel, ref, number) {
      const key = `${eventStateKey(channel, 'of', ref)}|${String(number).padStart(10, '0')}`;
      const id = ledger.state(EVENT_MODULE).get(key) as Bytes | undefined;
      return id && toHex(id);
    },
    tokenLine(channel, token) {
      const holder = lines.token(channel, token);
      return holder && toHex(holder.line);
    },
    indexOf: (line) => ledger.indexOf(fromHex(line)),
    rolesOf(did) {
      const member = memberOf(did);
      return member?.status === 'active' ? member.roles : [];
    },
    mayWrite: (channel, did, time) =>
      channel === MAIN_CHANNEL
        ? memberOf(did)?.status === 'active'
        : isWritable(read, { ns: channel, did, time }),
    channelKey,
    governorsOf: (channel) => channels.channel(channel)?.governors ?? [],
    thresholdOf: (channel) => channels.channel(channel)?.threshold ?? Number.POSITIVE_INFINITY,
    isMember: (did) => memberOf(did) !== undefined,
    keysOf: (did) => actorKeys(read, did),
    membersOf,
    isIn: (channel, did) =>
      channel === MAIN_CHANNEL
        ? memberOf(did)?.status === 'active'
        : channels.member(channel, did) !== undefined ||
          channels.channel(channel)?.governors.includes(did) === true,
    commonSince,
    commonWritersOf: (channel, time) =>
      channels
        .members(channel)
        .flatMap(({ did }) => {
          const since = commonSince(did);
          return since !== undefined && isWritable(read, { ns: channel, did, time }) ? [{ did, since }] : [];
        })
        .sort((a, b) => a.since - b.since)
        .map(({ did }) => did),
    operators: () =>
      registry
        .members()
        .filter(({ roles, status }) => status === 'active' && roles.includes('operator'))
        .sort((a, b) => a.statusSince - b.statusSince || (a.did < b.did ? -1 : 1))
        .map(({ did }) => did),
    channelsOf: (did) => [
      MAIN_CHANNEL,
      ...channels
        .channels()
        .map(({ name }) => name)
        .filter((name) => membersOf(name).includes(did)),
    ],
  };
}
