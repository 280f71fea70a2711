import { fail } from '../errors.ts';
import { requireActor, requireMember } from '../state/authority.ts';
import { type AnchorRecord, anchors, bump, relations, trustVersion } from '../state/records.ts';
import { anchorStanding } from '../state/standing.ts';
import type { Apply, Change } from './change.ts';
import { assertPrevious } from './previous.ts';

/** Two operators trust anchors of each other for network functions of slices, from a time until another. */
export const signRelation: Apply<'relation.sign'> = (change) => {
  const { state, body, actor, operation, context } = change;
  const { parties, from, until, nfTypes, slices } = body;
  requireActor(context, actor, ['operator']);
  assertPrevious(operation, null);
  if (!parties.includes(actor)) throw fail('pki_relation_unsigned', { field: '/parties' });
  for (const [i, did] of parties.entries()) {
    if (!requireMember(context, did, `/parties/${i}`).roles.includes('operator')) throw fail('pki_role');
    if (!context.signedBy(did)) throw fail('pki_relation_unsigned', { field: `/parties/${i}` });
  }
  if (until <= from || until <= context.time) throw fail('pki_until_invalid', { field: '/until' });
  assertAnchors(change, 0);
  assertAnchors(change, 1);
  const version = bump(trustVersion, state);
  relations.put(state, operation.id, {
    operation: operation.id,
    ...{ parties, anchors: body.anchors, nfTypes, slices, from, until, version },
  });
  return { relation: operation.id, parties, from, until, version };
};

/** Elastic: either party ends it, now or at a time before its end. */
export const endRelation: Apply<'relation.end'> = ({ state, body, actor, operation, context }) => {
  const record = relations.get(state, body.relation);
  if (!record) throw fail('pki_relation_unknown', { field: '/relation' });
  requireActor(context, actor);
  if (!record.parties.includes(actor)) throw fail('pki_relation_unsigned');
  assertPrevious(operation, record.operation);
  if (record.until <= context.time) throw fail('pki_relation_ended');
  // Signed a moment before its block: at once means with it.
  const until = Math.max(body.until, context.time);
  if (until >= record.until) throw fail('pki_until_invalid', { field: '/until' });
  const version = bump(trustVersion, state);
  relations.put(state, body.relation, { ...record, operation: operation.id, until, version });
  return { relation: body.relation, parties: record.parties, until, version };
};

/** Anchors are the party's own, not ended, and together speak for every slice. */
function assertAnchors({ state, body, context }: Change<'relation.sign'>, side: 0 | 1): void {
  const own = body.anchors[side].map((id, i): AnchorRecord => {
    const field = `/anchors/${side}/${i}`;
    const anchor = anchors.get(state, id);
    if (!anchor) throw fail('pki_anchor_unknown', { field });
    if (anchor.scope.owner !== body.parties[side]) throw fail('pki_anchor_not_yours', { field });
    if (anchor.scope.kind !== 'operator') throw fail('pki_anchor_kind', { field });
    if (anchorStanding(anchor, context.time) === 'ended') throw fail('pki_anchor_ended', { field });
    return anchor;
  });
  for (const slice of body.slices) {
    if (!own.some(({ scope }) => scope.slices.includes(slice))) {
      throw fail('pki_relation_slice', { field: '/slices' });
    }
  }
}
