import type { Bytes } from '@attestel/core';
import type { ApplyContext, State } from '@attestel/ledger';
import { fail } from '../errors.ts';
import { anchorId } from '../rules/identifiers.ts';
import { overlaps, type Scope, scopeHash } from '../rules/scope.ts';
import { isActive, requireActor, requireVotes } from '../state/authority.ts';
import { type AnchorRecord, anchors, bump, trustVersion } from '../state/records.ts';
import type { Apply, Change } from './change.ts';
import { assertPrevious } from './previous.ts';

/** Time that everybody has to look at a change of trust before it takes effect, seconds. */
export const NOTICE_SECONDS = 86_400;

/**
 * Admits an anchor of the actor, by the consortium's votes and those of every member whose names it touches. What
 * changes trust that exists takes effect after a notice; who has none yet may begin at once.
 */
export const admitAnchor: Apply<'anchor.admit'> = (change) => {
  const { state, body, actor, operation, context, sha256, certificates } = change;
  const { certificate, scope, from, until, voters } = body;
  requireOwner(context, actor, scope);
  assertPrevious(operation, null);
  const id = anchorId(certificate, scope, sha256);
  if (anchors.get(state, id)) throw fail('pki_anchor_exists');
  requireVotes(context, voters);
  const touched = requireAffected(change);
  assertBeginning(change, touched);
  // Signed a moment before its block: what is due begins with it.
  const begins = Math.max(from, context.time);
  if (until !== null && until <= begins) throw fail('pki_until_invalid', { field: '/until' });
  replaceOld(change);
  anchors.put(state, id, {
    operation: operation.id,
    certificate,
    scope,
    scopeHash: scopeHash(scope, sha256),
    from: begins,
    until,
    notAfter: certificate && certificates.readAnchor(certificate, scope.kind).notAfter,
    suspended: null,
    lifted: 0,
    admitted: context.time,
  });
  return { anchor: id, owner: actor, from: begins, version: bump(trustVersion, state) };
};

function requireOwner(context: ApplyContext, actor: string, scope: Scope): void {
  requireActor(context, actor, scope.kind === 'ledger' ? [] : [scope.kind]);
  if (scope.owner !== actor) throw fail('pki_anchor_not_yours', { field: '/scope/owner' });
}

/**
 * Owners of anchors, in force or to come, that share a name with the scope: they decide too. Members that were
 * suspended or left cannot, and need not. Returns whether there are any anchors it touches.
 */
function requireAffected({ state, body, actor, context }: Change<'anchor.admit'>): boolean {
  const { scope, voters } = body;
  const touched = anchors
    .list(state)
    .filter(([, { until }]) => until === null || until > context.time)
    .filter(([, anchor]) => overlaps(anchor.scope, scope));
  for (const [, { scope: other }] of touched) {
    const decides = other.owner !== actor && isActive(context, other.owner);
    if (decides && !voters.includes(other.owner)) throw fail('pki_affected_unsigned', { field: '/voters' });
  }
  return touched.length > 0;
}

function assertBeginning({ body, context }: Change<'anchor.admit'>, touched: boolean): void {
  const earliest = context.time + NOTICE_SECONDS;
  if ((touched || body.replaces) && body.from < earliest)
    throw fail('pki_notice_too_short', { field: '/from', extra: { earliest } });
}

/** The old anchor goes on until the new one has begun: certificates move in between. */
function replaceOld({ state, body, actor, operation }: Change<'anchor.admit'>): void {
  const { replaces, from } = body;
  if (!replaces) return;
  const old = ownAnchor(state, replaces.anchor, actor, '/replaces/anchor');
  if (replaces.until < from || (old.until !== null && replaces.until > old.until)) {
    throw fail('pki_until_invalid', { field: '/replaces/until' });
  }
  anchors.put(state, replaces.anchor, { ...old, operation: operation.id, until: replaces.until });
}

/** @throws AppError pki_anchor_unknown, pki_anchor_not_yours */
export function ownAnchor(state: State, id: Bytes, owner: string, field = '/anchor'): AnchorRecord {
  const anchor = anchors.get(state, id);
  if (!anchor) throw fail('pki_anchor_unknown', { field });
  if (anchor.scope.owner !== owner) throw fail('pki_anchor_not_yours', { field });
  return anchor;
}
