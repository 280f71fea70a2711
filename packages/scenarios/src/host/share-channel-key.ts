import { fromHex } from '@attestel/core';
import {
  buildChannelOperation,
  CHANNEL_MODULE,
  channelKeyCommitment,
  MAIN_CHANNEL,
} from '@attestel/registry';
import { fail } from '../errors.ts';
import { isCommon } from './blind/present-actor.ts';
import { VALIDITY_SECONDS } from './commands/build-line-of.ts';
import type { HostParts } from './host-parts.ts';
import { listOutbox, putOutbox } from './outbox/outbox-rows.ts';
import { nowOf } from './queries/read-objects.ts';
import { untilLedger } from './until-ledger.ts';

/**
 * Makes sure of the key of a channel before its tokens are made. The first governor that needs one makes it, and the
 * ledger takes one commitment; everybody else asks for the key. @throws AppError channel_key_missing: not come yet
 */
export async function ensureChannelKey(parts: HostParts, channel: string): Promise<void> {
  if (parts.channelKeys.find(channel)) return;
  if (!parts.view.channelKey(channel) && keepersOf(parts, channel).includes(parts.party.did)) {
    await parts.lock.run([`channel-key|${channel}`], () => anchorOwn(parts, channel));
    if (parts.channelKeys.find(channel)) return;
  }
  await askForKey(parts, channel);
  throw fail('channel_key_missing');
}

/** In `main` the operators stand for the governors: they are who runs contracts. */
const keepersOf = ({ view }: HostParts, channel: string): readonly string[] =>
  channel === MAIN_CHANNEL ? view.operators() : view.governorsOf(channel);

/** The key is durable here before the ledger has its commitment; after a crash the same one is anchored. */
async function anchorOwn(parts: HostParts, channel: string): Promise<void> {
  const { channelKeys, ledger, party, random, store, view } = parts;
  if (view.channelKey(channel)) return;
  await channelKeys.prepare();
  const fresh = random.bytes(32);
  const key = await store.transact((writer) => channelKeys.propose(writer, channel, fresh));
  const operation = await buildChannelOperation({
    ...{ kind: 'key', ns: channel, actor: party.did, network: ledger.network },
    body: { channel, commitment: channelKeyCommitment(key, channel) },
    sequence: ledger.sequence(CHANNEL_MODULE, party.did),
    notAfter: nowOf(parts) + VALIDITY_SECONDS,
    signers: party.signers.slice(0, 1),
  });
  const [result] = await ledger.submit([operation]);
  if (result?.ok) await untilLedger(ledger, () => view.channelKey(channel));
  // Whatever it says, the key that counts is the one that the ledger has a commitment to.
  else parts.logger.info('contract_channel_key_not_anchored', { channel, code: result?.error.code ?? '' });
}

/**
 * Asks whoever made the key. Where it is asked already and did not answer, or is this party, which has lost its store:
 * the other governors; and all members, where there are none.
 */
async function askForKey(parts: HostParts, channel: string): Promise<void> {
  const { party, store, view, wake } = parts;
  const others = (dids: readonly string[]): readonly string[] => dids.filter((did) => did !== party.did);
  const maker = others([view.channelKey(channel)?.actor ?? party.did]);
  const isAsked = maker.some((to) =>
    listOutbox(store, to).some((row) => row.kind === 'channel-key-request' && row.channel === channel),
  );
  const keepers = others(keepersOf(parts, channel));
  const more = keepers.length > 0 ? keepers : others(view.membersOf(channel));
  await store.transact((writer) => {
    for (const to of new Set(maker.length === 0 || isAsked ? [...maker, ...more] : maker))
      putOutbox(writer, { to, kind: 'channel-key-request', channel, line: '' });
  });
  wake();
}

/**
 * Takes the key from whoever sent it: what makes it the right one is the commitment.
 * @throws AppError channel_key_missing where the ledger has none yet, conflict where it has another
 */
export async function takeChannelKey(
  parts: HostParts,
  { channel, key }: { readonly channel: string; readonly key: string },
): Promise<void> {
  await parts.channelKeys.prepare();
  await parts.store.transact((writer) => parts.channelKeys.keep(writer, channel, fromHex(key)));
}

/**
 * Sends the key to a writer of the channel that is somebody: no common DID, whose key several have.
 * @throws AppError permission_denied, channel_key_missing
 */
export async function answerKeyRequest(parts: HostParts, from: string, channel: string): Promise<void> {
  const time = parts.ledger.head().time;
  if (!parts.view.mayWrite(channel, from, time) || isCommon(parts, from)) throw fail('permission_denied');
  await ensureChannelKey(parts, channel);
  await parts.store.transact((writer) =>
    putOutbox(writer, { to: from, kind: 'channel-key', channel, line: '' }),
  );
  parts.wake();
}

/**
 * Whether this party can check tokens of the channel, if it is one that may: else it asks whoever sent the payload,
 * who made them. @throws AppError channel_key_missing
 */
export async function assertCanCheckTokens(parts: HostParts, from: string, channel: string): Promise<void> {
  const { channelKeys, ledger, party, store, view, wake } = parts;
  const mayHave = view.mayWrite(channel, party.did, ledger.head().time);
  if (!view.channelKey(channel) || channelKeys.find(channel) || !mayHave) return;
  await store.transact((writer) =>
    putOutbox(writer, { to: from, kind: 'channel-key-request', channel, line: '' }),
  );
  wake();
  throw fail('channel_key_missing');
}
