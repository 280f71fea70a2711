import type { Bytes } from '@attestel/core';
import { fail } from '../errors.ts';
import { countVotes, requireActor, requireVotes } from '../state/authority.ts';
import { type AnchorRecord, anchors, bump, trustVersion } from '../state/records.ts';
import { anchorStanding } from '../state/standing.ts';
import { liftSuspension } from '../state/suspensions.ts';
import { NOTICE_SECONDS } from './admit-anchor.ts';
import type { Apply, Change } from './change.ts';
import { assertPrevious } from './previous.ts';

/** Ends an anchor after notice: by its owner, or by the consortium's votes against it. */
export const retireAnchor: Apply<'anchor.retire'> = (change) => {
  const { body, context } = change;
  const anchor = openAnchor(change);
  requireOwnerOrVotes(change, anchor);
  if (body.until < context.time + NOTICE_SECONDS) {
    throw fail('pki_notice_too_short', {
      field: '/until',
      extra: { earliest: context.time + NOTICE_SECONDS },
    });
  }
  if (anchor.until !== null && body.until >= anchor.until)
    throw fail('pki_until_invalid', { field: '/until' });
  return write(change, body.anchor, { ...anchor, until: body.until });
};

/** At once: a CA whose key may be stolen cannot wait for a notice. By its owner, or by votes. */
export const suspendAnchor: Apply<'anchor.suspend'> = (change) => {
  const { body, actor, context } = change;
  const anchor = openAnchor(change);
  requireOwnerOrVotes(change, anchor);
  if (anchor.suspended) throw fail('pki_anchor_standing');
  const suspended = { since: context.time, by: actor, reason: body.reason };
  return write(change, body.anchor, { ...anchor, suspended });
};

/** By votes alone, since a thief of the owner's key could else undo it. */
export const resumeAnchor: Apply<'anchor.resume'> = (change) => {
  const { body, actor, context } = change;
  const anchor = openAnchor(change);
  requireActor(context, actor);
  requireVotes(context, body.voters);
  if (!anchor.suspended) throw fail('pki_anchor_standing');
  return write(change, body.anchor, {
    ...anchor,
    ...liftSuspension(change.state, body.anchor, anchor, context.time),
  });
};

type AnchorChange = Change<'anchor.retire'> | Change<'anchor.suspend'> | Change<'anchor.resume'>;

function openAnchor({ state, body, operation, context }: AnchorChange): AnchorRecord {
  const anchor = anchors.get(state, body.anchor);
  if (!anchor) throw fail('pki_anchor_unknown', { field: '/anchor' });
  assertPrevious(operation, anchor.operation);
  if (anchorStanding(anchor, context.time) === 'ended') throw fail('pki_anchor_ended', { field: '/anchor' });
  return anchor;
}

function requireOwnerOrVotes(
  { body, actor, context }: Change<'anchor.retire'> | Change<'anchor.suspend'>,
  anchor: AnchorRecord,
): void {
  requireActor(context, actor);
  // Whoever is named has signed, also where the owner alone would do.
  if (anchor.scope.owner === actor) countVotes(context, body.voters);
  else requireVotes(context, body.voters);
}

function write({ state, operation }: AnchorChange, id: Bytes, anchor: AnchorRecord) {
  anchors.put(state, id, { ...anchor, operation: operation.id });
  return { anchor: id, owner: anchor.scope.owner, version: bump(trustVersion, state) };
}
