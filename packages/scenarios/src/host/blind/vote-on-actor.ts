import { type CborValue, toBase64url, unixSeconds } from '@attestel/core';
import { encodeOperation, type Operation, signedBytes } from '@attestel/ledger';
import { buildChannelOperation, CHANNEL_MODULE } from '@attestel/registry';
import { fail } from '../../errors.ts';
import { VALIDITY_SECONDS } from '../commands/build-line-of.ts';
import { canonical, operationOf } from '../cosign/answer-cosign.ts';
import { askToSign } from '../cosign/ask-to-sign.ts';
import type { HostParts } from '../host-parts.ts';
import type { Parcel } from '../receive/parcel.schema.ts';
import { listActors } from './common-actor-rows.ts';
import { keepActor } from './keep-actor.ts';
import { isWriter } from './present-actor.ts';

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
 * Votes for a common actor that the channel's first governor made, or for taking off one that this party voted for:
 * for nothing else, and only in channels that this node was told of.
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
  const change = changeIn(parts, channel, operation);
  const [signer] = party.signers;
  if (!isAsked || governors[0] !== from || operation.payload.actor !== from || !change || !signer)
    throw fail('permission_denied');
  if (change.kind === 'members.set') await keepVote(parts, channel, change.did);
  const signature = await signer.sign(signedBytes(operation.payloadBytes));
  const signatures = [...operation.signatures, { key: signer.publicKey, signature }];
  await parts.exchange.deliver(from, {
    kind: 'cosigned',
    channel,
    operation: toBase64url(encodeOperation({ ...operation, signatures })),
  });
}

/** What an operation does, if it is one that a node may vote for by itself. */
function changeIn(parts: HostParts, channel: string, { payload }: Operation): ActorChange | undefined {
  const { ns, module, kind, body } = payload;
  if (ns !== channel || module !== CHANNEL_MODULE) return undefined;
  const change = changeOf(kind, body);
  if (!change || canonical(body) !== canonical(bodyOf(channel, change))) return undefined;
  const { view } = parts;
  const known = listActors(parts, channel).map(({ did }) => did);
  const isFitting =
    change.kind === 'members.set'
      ? !view.isMember(change.did) && !isWriter(parts, channel, change.did)
      : change.dids.every((did) => known.includes(did));
  return isFitting ? change : undefined;
}

function changeOf(kind: string, body: Operation['payload']['body']): ActorChange | undefined {
  const { members, dids } = body as { members?: readonly { did: string }[]; dids?: readonly string[] };
  if (kind === 'members.set' && Array.isArray(members) && typeof members[0]?.did === 'string')
    return { kind, did: members[0].did };
  if (kind === 'members.remove' && Array.isArray(dids)) return { kind, dids };
  return undefined;
}

/** Remembers what it voted for: nothing else is taken off the list by its vote. */
async function keepVote(parts: HostParts, channel: string, did: string): Promise<void> {
  if (listActors(parts, channel).some((known) => known.did === did)) return;
  await keepActor(parts, channel, { did, seed: null, mine: false, givenTo: [] });
}
