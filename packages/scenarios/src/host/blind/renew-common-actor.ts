import { isAppError } from '@attestel/core';
import type { HostParts } from '../host-parts.ts';
import { untilLedger } from '../until-ledger.ts';
import { type CommonActor, deleteActor, listActors } from './common-actor-rows.ts';
import { makeCommonActor } from './make-common-actor.ts';
import { commonWriters, isWriter } from './present-actor.ts';
import { changeActors } from './vote-on-actor.ts';

/** The first governor of a channel makes its common DID, if its node is told to. */
export const isMaker = ({ party, view, blindChannels = [] }: HostParts, channel: string): boolean =>
  blindChannels.includes(channel) && view.governorsOf(channel)[0] === party.did;

/** Changes of a channel's common DID happen one after another. */
export const actorLock = (channel: string): string => `blind|${channel}`;

/** The newest on the list, if this party made it and nobody has it who should not. */
export const soundActor = (parts: HostParts, channel: string): CommonActor | undefined => {
  const newest = commonWriters(parts, channel).at(-1);
  return listActors(parts, channel).find(
    ({ did, mine, givenTo }) => did === newest && mine && givenTo.every((to) => isWriter(parts, channel, to)),
  );
};

/**
 * Makes a common DID where the channel has none, or where somebody has the key of the present one who no longer writes
 * in the channel, or another party made it; then takes all others off the list. Only for whom {@link isMaker} says so.
 * @throws AppError what the ledger says, cosignature_missing
 */
export function renewCommonActor(parts: HostParts, channel: string): Promise<void> {
  return parts.lock.run([actorLock(channel)], async () => {
    if (!soundActor(parts, channel)) {
      // Others vote for a second one, not for a third.
      const listed = commonWriters(parts, channel);
      if (listed.length > 1) await takeOff(parts, channel, listed);
      await listNew(parts, channel);
    }
    await takeOffOthers(parts, channel);
  });
}

async function listNew(parts: HostParts, channel: string): Promise<void> {
  const { did } = begun(parts, channel) ?? (await makeCommonActor(parts, channel));
  await changeActors(parts, channel, { kind: 'members.set', did });
  await untilLedger(parts.ledger, () => isWriter(parts, channel, did) || undefined);
}

/** One that was made before a crash, and did not get onto the list: unless another came onto it after it. */
function begun(parts: HostParts, channel: string): CommonActor | undefined {
  const { commonSince, keysOf } = parts.view;
  const listed = commonWriters(parts, channel).map((did) => commonSince(did) ?? 0);
  return listActors(parts, channel).find(
    ({ did, mine, givenTo }) =>
      mine &&
      givenTo.length === 0 &&
      keysOf(did).length > 0 &&
      (commonSince(did) ?? 0) > Math.max(-1, ...listed),
  );
}

/** Whoever made them: the maker before may have left with the key. @throws AppError as `changeActors` */
async function takeOff(parts: HostParts, channel: string, dids: readonly string[]): Promise<void> {
  await changeActors(parts, channel, { kind: 'members.remove', dids: [...dids].sort() });
  await untilLedger(parts.ledger, () => !dids.some((did) => isWriter(parts, channel, did)) || undefined);
}

/** The new one works already: what cannot be done now is done the next time. */
async function takeOffOthers(parts: HostParts, channel: string): Promise<void> {
  const sound = soundActor(parts, channel)?.did;
  if (sound === undefined) return;
  const kept = listActors(parts, channel).filter(({ did }) => did !== sound);
  const dids = commonWriters(parts, channel).filter((did) => did !== sound);
  try {
    if (dids.length > 0) await takeOff(parts, channel, dids);
    if (kept.length === 0) return;
    await parts.store.transact((writer) => {
      for (const { did } of kept) deleteActor(writer, channel, did);
    });
  } catch (error) {
    parts.logger.warn('contract_common_actor_remains', {
      channel,
      code: isAppError(error) ? error.code : 'failed',
    });
  }
}

/**
 * Looks after common DIDs that exist: as the host opens, and whenever members change. What cannot be done in one channel
 * is logged, and done the next time.
 */
export async function renewCommonActors(parts: HostParts): Promise<void> {
  for (const channel of parts.blindChannels ?? []) {
    const isThere = listActors(parts, channel).length > 0 || commonWriters(parts, channel).length > 0;
    if (!isMaker(parts, channel) || !isThere) continue;
    await renewCommonActor(parts, channel).catch((error: unknown) => {
      const code = isAppError(error) ? error.code : 'failed';
      parts.logger.error('contract_common_actor_failed', { channel, code });
    });
  }
}
