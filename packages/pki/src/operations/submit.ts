import { type Bytes, equalBytes } from '@attestel/core';
import type { StateReader } from '@attestel/ledger';
import { fail } from '../errors.ts';
import { refusedAll } from '../refusals.ts';
import { CHALLENGE_SECONDS } from '../rules/possession.ts';
import { requireMember } from '../state/authority.ts';
import {
  type AnchorRecord,
  anchors,
  type BatchRecord,
  batches,
  bump,
  certificateCount,
  challenges,
  statusVersion,
} from '../state/records.ts';
import { requireInForce } from './anchor-in-force.ts';
import type { Apply, Change } from './change.ts';
import { assertPrevious } from './previous.ts';
import { itemPublisher } from './publish-item.ts';

/**
 * Publishes certificates. What is wrong with the submission refuses it; what is wrong with an item refuses that
 * item and is named in the event. A submission of which nothing is left is refused with its first item's code.
 */
export const submit: Apply<'submit'> = (change) => {
  const { state, body, actor, operation } = change;
  assertPrevious(operation, null);
  const anchor = requireAnchor(change);
  const batch = requireBatch(change);
  requireSubmitter(change, anchor, batch);
  requireChallenge(change);
  requireSource(change, () => change.context.time);
  const first = certificateCount.read(state);
  const room = batch ? batch.count - batch.used : body.items.length;
  const publisher = itemPublisher(change, { first, room });
  const rejected = body.items.flatMap((item, i): (readonly [number, string])[] => {
    const code = typeof item === 'string' ? item : publisher.publish(item);
    return code === undefined ? [] : [[i, code]];
  });
  const accepted = publisher.published();
  if (accepted === 0) throw refusedAll(rejected.map(([, code]) => code));
  certificateCount.write(state, first + accepted);
  if (publisher.replaced()) bump(statusVersion, state);
  if (batch && body.batch) batches.put(state, body.batch, { ...batch, used: batch.used + accepted });
  return {
    submitter: actor,
    anchor: body.anchor,
    batch: body.batch,
    part: body.part,
    first,
    accepted,
    rejected,
  };
};

/** What the rules about a submission itself look at; its items are no matter here. */
type Submission = Pick<Change<'submit'>, 'body' | 'actor' | 'context'> & { readonly state: StateReader };

/**
 * What can be told from the head before any certificate is looked at: a stranger, or somebody without anchor, batch or
 * challenge, costs nobody a signature. An anchor that is not yet in force may be so in the next block.
 * @throws AppError as {@link submit}
 */
export function screenSubmission(submission: Submission): void {
  const { context } = submission;
  const anchor = findAnchor(submission);
  requireInForce(anchor, Math.max(context.time, anchor.from));
  requireSubmitter(submission, anchor, requireBatch(submission));
  requireChallenge(submission);
  requireSource(submission, (source) => Math.max(context.time, source.from));
}

function requireAnchor(submission: Submission): AnchorRecord {
  const anchor = findAnchor(submission);
  requireInForce(anchor, submission.context.time);
  return anchor;
}

function findAnchor({ state, body }: Submission): AnchorRecord {
  const anchor = anchors.get(state, body.anchor);
  if (!anchor) throw fail('pki_anchor_unknown', { field: '/anchor' });
  if (!equalBytes(anchor.scopeHash, body.scope)) throw fail('pki_anchor_scope', { field: '/scope' });
  return anchor;
}

function requireBatch({ state, body, context }: Submission): BatchRecord | undefined {
  if (!body.batch) return undefined;
  const batch = batches.get(state, body.batch);
  if (!batch || !equalBytes(batch.anchor, body.anchor)) throw fail('pki_batch_unknown', { field: '/batch' });
  if (batch.suspended) throw fail('pki_batch_suspended', { field: '/batch' });
  if (context.time >= batch.expiry) throw fail('pki_batch_expired', { field: '/batch' });
  if (batch.used >= batch.count) throw fail('pki_batch_full', { field: '/batch' });
  return batch;
}

/** The owner of the anchor; for a batch also its production line, by the line's own key, or its destination. */
function requireSubmitter(
  { actor, context }: Submission,
  { scope }: AnchorRecord,
  batch: BatchRecord | undefined,
): void {
  const member = requireMember(context, actor);
  // Who left vouches for nothing new, not even through the destination of a batch.
  requireMember(context, scope.owner, '/anchor');
  if (actor !== scope.owner && actor !== batch?.destination) {
    throw batch ? fail('pki_batch_destination') : fail('pki_anchor_not_yours', { field: '/anchor' });
  }
  const needed = actor === scope.owner ? scope.kind : 'operator';
  if (needed !== 'ledger' && !member.roles.includes(needed)) throw fail('pki_role');
  const line = actor === batch?.vendor ? batch.line : null;
  const byLine = line !== null && context.signers.some((key) => equalBytes(key, line));
  if (!byLine && !context.signedBy(actor)) throw fail('pki_actor_unsigned', { field: '/signatures' });
}

/** A batch is its own challenge until it expires; else one drawn for the submitter within a day. */
function requireChallenge({ state, body, actor, context }: Submission): void {
  if (body.batch && equalBytes(body.challenge, body.batch)) return;
  const isFresh = ([id, time]: readonly [Bytes, number]): boolean =>
    equalBytes(id, body.challenge) && context.time - time <= CHALLENGE_SECONDS;
  if (!challenges.get(state, actor)?.some(isFresh))
    throw fail('pki_possession_stale', { field: '/challenge' });
}

function requireSource({ state, body }: Submission, at: (anchor: AnchorRecord) => number): void {
  const { source } = body;
  if (!source) return;
  const anchor = anchors.get(state, source.anchor);
  if (!anchor) throw fail('pki_anchor_unknown', { field: '/source/anchor' });
  if (!equalBytes(anchor.scopeHash, source.scope)) throw fail('pki_anchor_scope', { field: '/source/scope' });
  if (anchor.scope.kind !== 'vendor') throw fail('pki_anchor_kind', { field: '/source/anchor' });
  requireInForce(anchor, at(anchor), '/source/anchor');
}
