import { fromHex, toHex } from '@attestel/core';
import type { StateReader } from '@attestel/ledger';
import { MAIN_CHANNEL, pathOf } from '../channels/channel-name.ts';
import { CHANNEL_MODULE, readChannel } from '../channels/records.ts';
import { isBarred } from '../channels/standing.ts';
import type { ReadModule } from '../state/as-it-stands.ts';
import { readMember } from '../state/effective-records.ts';
import type { Beginning, DeciderContext } from './decider.ts';
import { EVENT_MODULE, readLine, readLineHead, readLineId, readObject } from './records.ts';

/** Where and by whom a line is written. */
export interface DeciderPlace
  extends Pick<DeciderContext, 'channel' | 'actor' | 'height' | 'time' | 'signedBy'> {
  readonly read: ReadModule;
}

/** All that a decider may ask the ledger: the state just before the line, in its channel and in those above. */
export function deciderContextOf({ read, ...place }: DeciderPlace): DeciderContext {
  const { channel: ns, actor } = place;
  const state = read(EVENT_MODULE);
  const member = readMember(read, actor);
  return {
    ...place,
    roles: member?.status === 'active' ? [...member.roles] : [],
    read(ref) {
      const id = fromHex(ref);
      const head = readLineHead(state, ns, id);
      if (!head) return undefined;
      return { head: toHex(head.line), state: head.shared === null ? undefined : readObject(state, ns, id) };
    },
    beginning: (channel, ref) => (isAbove(channel, ns) ? beginningOf(state, channel, ref) : undefined),
    governs: (did) => governs(read, ns, did),
    isBarred: (did) => isBarred(read, did),
  };
}

const isAbove = (channel: string, ns: string): boolean =>
  channel === MAIN_CHANNEL || channel === ns || pathOf(ns).includes(channel);

function beginningOf(state: StateReader, channel: string, ref: string): Beginning | undefined {
  const id = readLineId(state, channel, fromHex(ref), 1);
  const line = id && readLine(state, channel, id);
  if (!line) return undefined;
  const { actor, time, moduleDigest, digest } = line;
  return {
    ...{ actor, time, digest: toHex(digest) },
    moduleDigest: moduleDigest && toHex(moduleDigest),
    isLast: readLineHead(state, channel, fromHex(ref))?.count === 1,
  };
}

function governs(read: ReadModule, ns: string, did: string): boolean {
  if (ns === MAIN_CHANNEL) return readMember(read, did)?.status === 'active';
  const state = read(CHANNEL_MODULE);
  return pathOf(ns).some((name) => readChannel(state, name)?.governors.includes(did) === true);
}
