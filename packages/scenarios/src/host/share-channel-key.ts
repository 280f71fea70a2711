import { fromHex } from '@attestel/core';
import { fail } from '../errors.ts';
import type { HostParts } from './host-parts.ts';
import { putOutbox } from './outbox/outbox-rows.ts';

/**
 * Makes sure of the key of a channel before its tokens are made. Its first governor makes it; everybody else asks that
 * one for it. @throws AppError channel_key_missing: asked for, and not come yet
 */
export async function ensureChannelKey(parts: HostParts, channel: string): Promise<void> {
  if (parts.channelKeys.find(channel)) return;
  const [first] = governorsOf(parts, channel);
  if (first === undefined) throw fail('channel_key_missing');
  if (first === parts.party.did) {
    await parts.channelKeys.prepare();
    const key = parts.random.bytes(32);
    await parts.store.transact((writer) => parts.channelKeys.make(writer, channel, key));
    return;
  }
  await parts.store.transact((writer) =>
    putOutbox(writer, { to: first, kind: 'channel-key-request', channel, line: '' }),
  );
  parts.wake();
  throw fail('channel_key_missing');
}

/** In `main` the operators stand for the governors: they are who runs contracts. */
const governorsOf = ({ view }: HostParts, channel: string): readonly string[] =>
  channel === 'main' ? view.operators() : view.governorsOf(channel);

/** @throws AppError permission_denied, conflict where this party has another key of the channel */
export async function takeChannelKey(
  parts: HostParts,
  from: string,
  { channel, key }: { readonly channel: string; readonly key: string },
): Promise<void> {
  if (!governorsOf(parts, channel).includes(from)) throw fail('permission_denied');
  await parts.channelKeys.prepare();
  await parts.store.transact((writer) => parts.channelKeys.keep(writer, channel, fromHex(key)));
}

/** Sends the key to a writer of the channel. @throws AppError permission_denied, channel_key_missing */
export async function answerKeyRequest(parts: HostParts, from: string, channel: string): Promise<void> {
  const time = parts.ledger.head().time;
  if (!parts.view.mayWrite(channel, from, time)) throw fail('permission_denied');
  if (governorsOf(parts, channel)[0] === parts.party.did && !parts.channelKeys.find(channel))
    await ensureChannelKey(parts, channel);
  if (!parts.channelKeys.find(channel)) throw fail('channel_key_missing');
  await parts.store.transact((writer) =>
    putOutbox(writer, { to: from, kind: 'channel-key', channel, line: '' }),
  );
  parts.wake();
}
