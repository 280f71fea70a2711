import { equalBytes, type JsonValue } from '@attestel/core';
import type { Line } from '@attestel/registry';
import { fail } from '../../errors.ts';
import { isByAuthor } from '../blind/author-proof.ts';
import { answerBlindKeyRequest, takeBlindKey } from '../blind/share-common-actor.ts';
import { answerVote } from '../blind/vote-on-actor.ts';
import { hasTokens } from '../commands/run-contract-command.ts';
import { answerCosign, takeCosignature } from '../cosign/answer-cosign.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { hasItsItems } from '../payload/batch-items.ts';
import { commitmentOf } from '../payload/commitment-of.ts';
import { parseKept } from '../payload/payload.schema.ts';
import { answerKeyRequest, assertCanCheckTokens, takeChannelKey } from '../share-channel-key.ts';
import { objectKeyName } from '../store/object-rows.ts';
import { payloadKeyName, readPayloadRecord, sealKept, writePayloadRecord } from '../store/payload-records.ts';
import { advance, followedOf, RECEIVING } from './advance.ts';
import { type Parcel, parseParcel } from './parcel.schema.ts';

/**
 * Takes in what another party's exchange brought; durable when it resolves. Twice is no harm.
 * @param from DID of the sender, authenticated by the exchange
 * @throws AppError invalid_argument, line_unknown and module_unknown (again later), digest_mismatch, permission_denied
 */
export async function receiveParcel(parts: HostParts, from: string, value: JsonValue): Promise<void> {
  const parcel = parseParcel(value);
  switch (parcel.kind) {
    case 'channel-key':
      return takeChannelKey(parts, parcel);
    case 'channel-key-request':
      return answerKeyRequest(parts, from, parcel.channel);
    case 'blind-key-request':
      return answerBlindKeyRequest(parts, from, parcel.channel);
    case 'blind-key':
      return takeBlindKey(parts, from, parcel);
    case 'blind-vote':
      return answerVote(parts, from, parcel);
    case 'cosign':
      return answerCosign(parts, from, parcel);
    case 'cosigned':
      return takeCosignature(parts, parcel);
    case 'payload':
      return parts.lock.run([RECEIVING], () => receivePayload(parts, from, parcel));
    case 'erased':
      return parts.lock.run([RECEIVING], () => receiveStub(parts, from, parcel));
  }
}

async function receivePayload(
  parts: HostParts,
  from: string,
  { channel, line, kept: value }: Extract<Parcel, { kind: 'payload' }>,
): Promise<void> {
  const onLedger = parts.view.line(channel, line);
  if (!onLedger) throw fail('line_unknown');
  const kept = parseKept(value);
  const { payload } = kept;
  const digest = commitmentOf(kept);
  if (!equalBytes(digest, onLedger.digest) || !hasItsItems(kept)) throw fail('digest_mismatch');
  const { module } = parts.modules.find(payload.module);
  if (module.blind && !isByAuthor(parts, kept, digest)) throw fail('digest_mismatch', { field: '/proof' });
  const ids = payload.objects.map(({ id }) => id);
  if (!readPayloadRecord(parts.store, line)) {
    // An earlier payload of an object may come before the one that names this party; its sender comes again.
    if (followedOf(parts, { channel, module: module.name }, kept).length === 0)
      throw fail('permission_denied', { field: '/kept/payload/parties' });
    if (payload.events.some(hasTokens)) await assertCanCheckTokens(parts, from, channel);
    await parts.vault.make([
      payloadKeyName(line),
      ...ids.map((id) => objectKeyName({ channel, module: module.name, id }, 0)),
    ]);
    const sealed = sealKept(parts.vault, line, kept);
    await parts.store.transact((writer) =>
      writePayloadRecord(writer, line, { channel, verdict: 'waiting', sealed, erased: null }),
    );
  }
  await advance(parts, { channel, module: module.name }, ids);
}

/** The sender has it no more; whoever has it already keeps it. */
async function receiveStub(
  parts: HostParts,
  from: string,
  { channel, line, module, objects, time, parties }: Extract<Parcel, { kind: 'erased' }>,
): Promise<void> {
  const onLedger = parts.view.line(channel, line);
  if (!onLedger) throw fail('line_unknown');
  parts.modules.named(module);
  if (!mayTell(parts, from, { channel, module, objects, onLedger })) throw fail('permission_denied');
  if (!readPayloadRecord(parts.store, line)) {
    await parts.vault.make(objects.map((id) => objectKeyName({ channel, module, id }, 0)));
    const erased = { time, module, objects, parties };
    await parts.store.transact((writer) =>
      writePayloadRecord(writer, line, { channel, verdict: 'unchecked', sealed: null, erased }),
    );
  }
  await advance(parts, { channel, module }, objects);
}

/**
 * Whether somebody is heard who says that a payload is gone: whoever wrote the line, or may move its objects. Anybody
 * else could keep a payload from this party by being quicker.
 */
function mayTell(
  { view }: HostParts,
  from: string,
  {
    channel,
    module,
    objects,
    onLedger,
  }: { channel: string; module: string; objects: readonly string[]; onLedger: Line },
): boolean {
  const refs = objects.map((id) => refOfObject(module, id));
  if (!refs.every((ref) => onLedger.refs.some((one) => equalBytes(one, ref)))) return false;
  if (onLedger.actor === from) return true;
  return refs.some((ref) => {
    const rule = view.head(channel, ref)?.rule;
    // A blind object says by nothing who moves it; of a rule for all writers, every writer does.
    return rule?.dids.includes(from) || rule?.roles.includes('writer') || (rule?.keys.length ?? 0) > 0;
  });
}
