import { isAppError } from '@attestel/core';
import type { HostParts } from '../host-parts.ts';
import { untilLedger } from '../until-ledger.ts';
import { type CommonActor, deleteActor, listActors } from './common-actor-rows.ts';
import { makeCommonActor } from './make-common-actor.ts';
import { isWriter } from './present-actor.ts';
import { changeActors } from './vote-on-actor.ts';

/** The first governor of a channel makes its common DID, if its node is told to. */
export const isMaker = ({ party, view, blindChannels = [] }: HostParts, channel: string): boolean =>
  blindChannels.includes(channel) && view.governorsOf(channel)[0] === party.did;

/** Changes of a channel's common DID happen one after another. */
export const actorLock = (channel: string): string => `blind|${channel}`;

/** The one that this party made and nobody has who should not. */
export const soundActor = (parts: HostParts, channel: string): CommonActor | undefined =>
  listActors(parts, channel).find(
    ({ did, mine, givenTo }) =>
      mine && isWriter(parts, channel, did) && givenTo.every((to) => isWriter(parts, channel, to)),
  );

/**
 * Makes a common DID where the channel has none, or where somebody has the key of the present one who no longer writes
 * in the channel; then takes all others off the list. Only for whom {@link isMaker} says so.
 * @throws AppError what the ledger says, cosignature_missing
 */
export function renewCommonActor(parts: HostParts, channel: string): Promise<void> {
  return parts.lock.run([actorLock(channel)], async () => {
    if (!soundActor(parts, channel)) await listNew(parts, channel);
    await takeOffOthers(parts, channel);
  });
}

async function listNew(parts: HostParts, channel: string): Promise<void> {
  const { did } = begun(parts, channel) ?? (await makeCommonActor(parts, channel));
  await changeActors(parts, channel, { kind: 'members.set', did });
  await untilLedger(parts.ledger, () => isWriter(parts, channel, did) || undefined);
}

/** One that was made before a crash, and did not get onto the list. */
const begun = (parts: HostParts, channel: string): CommonActor | undefined =>
  listActors(parts, channel).find(
    ({ did, mine, givenTo }) =>
      mine && givenTo.length === 0 && parts.view.keysOf(did).length > 0 && !isWriter(parts, channel, did),
  );

/** The new one works already: what cannot be done now is done the next time. */
async function takeOffOthers(parts: HostParts, channel: string): Promise<void> {
  const sound = soundActor(parts, channel)?.did;
  const others = listActors(parts, channel).filter(({ did }) => did !== sound);
  const dids = others.flatMap(({ did }) => (isWriter(parts, channel, did) ? [did] : []));
  if (sound === undefined || others.length === 0) return;
  try {
    if (dids.length > 0) {
      await changeActors(parts, channel, { kind: 'members.remove', dids });
      await untilLedger(parts.ledger, () => !dids.some((did) => isWriter(parts, channel, did)) || undefined);
    }
    await parts.store.transact((writer) => {
      for (const { did } of others) deleteActor(writer, channel, did);
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
    if (!isMaker(parts, channel) || listActors(parts, channel).length === 0) continue;
    await renewCommonActor(parts, channel).catch((error: unknown) => {
      const code = isAppError(error) ? error.code : 'failed';
      parts.logger.error('contract_common_actor_failed', { channel, code });
    });
  }
}
