import { type CborValue, toBase64url, unixSeconds } from '@attestel/core';
import { encodeOperation, type Operation, signedBytes } from '@attestel/ledger';
import { buildChannelOperation, CHANNEL_MODULE } from '@attestel/registry';
import { fail } from '../../errors.ts';
import { VALIDITY_SECONDS } from '../commands/build-line-of.ts';
import { canonical, operationOf } from '../cosign/answer-cosign.ts';
import { askToSign } from '../cosign/ask-to-sign.ts';
import type { HostParts } from '../host-parts.ts';
import type { Parcel } from '../receive/parcel.schema.ts';
import { commonWriters, isCommon } from './present-actor.ts';

const SEEN_SECONDS = 5;

/** Lists common actors among the writers of a channel, or takes them off it. */
export type ActorChange =
  | { readonly kind: 'members.set'; readonly did: string }
  | { readonly kind: 'members.remove'; readonly dids: readonly string[] };

const bodyOf = (channel: string, change: ActorChange): { readonly [field: string]: CborValue } =>
  change.kind === 'members.set'
    ? {
        channel,
        members: [{ did: change.did, role: 'writer', validity: { from: 0, until: null } }],
      }
    : { channel, dids: [...change.dids] };

/**
 * Changes the list of the channel's writers with the votes of as many governors as it takes: this party's, and those
 * whose nodes are set to give theirs. @throws AppError cosignature_missing; what the ledger says
 */
export async function changeActors(parts: HostParts, channel: string, change: ActorChange): Promise<void> {
  const { ledger, party, view } = parts;
  const own = await buildChannelOperation({
    ...{ kind: change.kind, body: bodyOf(channel, change), ns: channel, actor: party.did },
    sequence: ledger.sequence(CHANNEL_MODULE, party.did),
    network: ledger.network,
    notAfter: Math.max(unixSeconds(parts.clock), ledger.head().time) + VALIDITY_SECONDS,
    signers: party.signers.slice(0, 1),
  });
  let operation = own;
  for (const to of view.governorsOf(channel)) {
    if (operation.signatures.length >= view.thresholdOf(channel)) break;
    if (to !== party.did)
      operation = await askToSign(parts, { to, operation, parcel: { kind: 'blind-vote', channel } });
  }
  if (operation.signatures.length < view.thresholdOf(channel)) throw fail('cosignature_missing');
  const [result] = await ledger.submit([operation]);
  if (result && !result.ok) throw result.error;
}

/**
 * Votes for a common actor that the channel's first governor made, or for taking off common actors: for nothing else,
 * and only in channels that this node was told of.
 * @throws AppError permission_denied, invalid_argument
 */
export async function answerVote(
  parts: HostParts,
  from: string,
  { channel, operation: text }: Extract<Parcel, { kind: 'blind-vote' }>,
): Promise<void> {
  const { party, view, blindChannels = [] } = parts;
  const governors = view.governorsOf(channel);
  const isAsked = blindChannels.includes(channel) && governors.includes(party.did);
  const operation = operationOf(text);
  const change = changeIn(channel, operation);
  const [signer] = party.signers;
  if (!isAsked || governors[0] !== from || operation.payload.actor !== from || !change || !signer)
    throw fail('permission_denied');
  if (change.kind === 'members.set' && !view.isMember(change.did))
    await untilSeen(parts, change.did, operation);
  if (!isFitting(parts, channel, change, operation)) throw fail('permission_denied');
  const signature = await signer.sign(signedBytes(operation.payloadBytes));
  const signatures = [...operation.signatures, { key: signer.publicKey, signature }];
  await parts.exchange.deliver(from, {
    kind: 'cosigned',
    channel,
    operation: toBase64url(encodeOperation({ ...operation, signatures })),
  });
}

/** What an operation does, if it changes the list and nothing else. */
function changeIn(channel: string, { payload }: Operation): ActorChange | undefined {
  const { ns, module, kind, body } = payload;
  if (ns !== channel || module !== CHANNEL_MODULE) return undefined;
  const change = changeOf(kind, body);
  return change && canonical(body) === canonical(bodyOf(channel, change)) ? change : undefined;
}

function changeOf(kind: string, body: Operation['payload']['body']): ActorChange | undefined {
  const { members, dids } = body as { members?: readonly { did: string }[]; dids?: readonly string[] };
  if (kind === 'members.set' && Array.isArray(members) && typeof members[0]?.did === 'string')
    return { kind, did: members[0].did };
  if (kind === 'members.remove' && Array.isArray(dids)) return { kind, dids };
  return undefined;
}

/**
 * A common DID that takes the place of one other at most, and common DIDs that are on the list: else the first governor
 * alone could list whomever it likes. Of votes given ahead the ledger takes one: they are for the same place in the
 * actor's sequence.
 */
function isFitting(
  parts: HostParts,
  channel: string,
  change: ActorChange,
  { payload }: Pick<Operation, 'payload'>,
): boolean {
  const listed = commonWriters(parts, channel);
  if (change.kind === 'members.remove') return change.dids.every((did) => listed.includes(did));
  const { did } = change;
  const isNext = payload.sequence === parts.ledger.sequence(CHANNEL_MODULE, payload.actor);
  const isNew = isCommon(parts, did) && parts.view.keysOf(did).length === 1 && !listed.includes(did);
  return isNext && isNew && listed.length <= 1;
}

/** The DID was made just now: this node may not have the block yet. It waits for a few seconds. */
async function untilSeen(
  { ledger, later, view }: HostParts,
  did: string,
  { payload: { actor, sequence = 0 } }: Pick<Operation, 'payload'>,
): Promise<void> {
  const isSeen = (): boolean =>
    view.keysOf(did).length > 0 && ledger.sequence(CHANNEL_MODULE, actor) >= sequence;
  if (isSeen()) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      unsubscribe();
      waiting.stop();
      resolve();
    };
    const unsubscribe = ledger.onBlock(() => isSeen() && end());
    const waiting = later(SEEN_SECONDS, end);
  });
}
