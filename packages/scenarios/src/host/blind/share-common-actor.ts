import { equalBytes, isAppError } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { JsonObject } from '../../module/module.ts';
import type { HostParts } from '../host-parts.ts';
import { putOutbox } from '../outbox/outbox-rows.ts';
import type { Parcel } from '../receive/parcel.schema.ts';
import { listActors, writeActor } from './common-actor-rows.ts';
import { keepActor } from './keep-actor.ts';
import { commonWriter, isCommon, isWriter } from './present-actor.ts';
import { relationSigner } from './relation-signer.ts';
import { actorLock, isMaker, renewCommonActor, soundActor } from './renew-common-actor.ts';

/**
 * Makes sure of the DID in whose name blind lines of a channel are written. The first governor makes it; everybody
 * else asks that one for its key. @throws AppError blind_unavailable: asked for, and not come yet, or there is none
 */
export async function ensureCommonActor(parts: HostParts, channel: string): Promise<void> {
  if (isMaker(parts, channel)) await renewCommonActor(parts, channel);
  if (commonWriter(parts, channel)) return;
  await askForKey(parts, channel);
  throw fail('blind_unavailable');
}

/** As {@link ensureCommonActor}; false in place of the error. */
export const hasCommonActor = (parts: HostParts, channel: string): Promise<boolean> =>
  ensureCommonActor(parts, channel).then(
    () => true,
    (error: unknown) => {
      if (!isAppError(error)) throw error;
      return false;
    },
  );

/** Whoever needs it asks again: what a governor refuses must not stand in the outbox before payloads for it. */
async function askForKey(parts: HostParts, channel: string): Promise<void> {
  const [first] = parts.view.governorsOf(channel);
  if (first === undefined || first === parts.party.did) return;
  // Tokens are made with the other key: one wait in place of two.
  const kinds = ['blind-key-request', ...(parts.channelKeys.find(channel) ? [] : ['channel-key-request'])];
  for (const kind of kinds)
    await parts.exchange.deliver(first, { kind, channel }).catch((error: unknown) => {
      const code = isAppError(error) ? error.code : 'failed';
      parts.logger.warn('contract_key_not_given', { channel, kind, code });
    });
}

/**
 * Sends the key to a writer of the channel, having noted that it has it from then on.
 * @throws AppError permission_denied, blind_unavailable
 */
export async function answerBlindKeyRequest(parts: HostParts, from: string, channel: string): Promise<void> {
  const { vault, store } = parts;
  if (!isWriter(parts, channel, from) || !isMaker(parts, channel)) throw fail('permission_denied');
  await renewCommonActor(parts, channel);
  await parts.lock.run([actorLock(channel)], async () => {
    const actor = soundActor(parts, channel);
    if (!actor) throw fail('blind_unavailable');
    const givenTo = [...new Set([...actor.givenTo, from])];
    await store.transact((writer) => {
      writeActor(writer, vault, channel, { ...actor, givenTo });
      putOutbox(writer, { to: from, kind: 'blind-key', channel, line: '' });
    });
  });
  parts.wake();
}

/** What an entry of the outbox says by now; nothing to whom it was not given. */
export function blindKeyParcel(parts: HostParts, channel: string, to: string): JsonObject | undefined {
  const actor = isMaker(parts, channel) ? soundActor(parts, channel) : undefined;
  if (!actor?.givenTo.includes(to)) return undefined;
  return { kind: 'blind-key', channel, did: actor.did, key: actor.seed };
}

/**
 * Keeps a key that a governor sent, if it is the one that the ledger knows of a writer that is no member.
 * @throws AppError permission_denied, digest_mismatch; blind_unavailable where this node does not have the DID yet
 */
export async function takeBlindKey(
  parts: HostParts,
  from: string,
  { channel, did, key }: Extract<Parcel, { kind: 'blind-key' }>,
): Promise<void> {
  const { view } = parts;
  if (!view.governorsOf(channel).includes(from) || view.isMember(did)) throw fail('permission_denied');
  if (!isWriter(parts, channel, did)) throw fail('blind_unavailable');
  if (!isCommon(parts, did)) throw fail('permission_denied');
  const { publicKey } = relationSigner(key);
  const [known, ...more] = view.keysOf(did);
  if (!known || more.length > 0 || !equalBytes(known, publicKey)) throw fail('digest_mismatch');
  if (listActors(parts, channel).some((one) => one.did === did && one.mine)) return;
  await keepActor(parts, channel, { did, seed: key, mine: false, givenTo: [] });
  parts.wake();
}
