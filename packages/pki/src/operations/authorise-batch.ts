import { fail } from '../errors.ts';
import { batchId } from '../rules/identifiers.ts';
import { coversSerial } from '../rules/scope.ts';
import { sizeOfRange } from '../rules/serial-range.ts';
import { requireActor, requireVotes } from '../state/authority.ts';
import { type BatchRecord, batches, bump, statusVersion } from '../state/records.ts';
import { liftSuspension } from '../state/suspensions.ts';
import { ownAnchor } from './admit-anchor.ts';
import { requireInForce } from './anchor-in-force.ts';
import type { Apply, Change } from './change.ts';
import { assertPrevious } from './previous.ts';

/** A vendor says how many devices of which serials its line will make, until when, and for whom. */
export const authoriseBatch: Apply<'batch.authorise'> = ({
  state,
  body: { v: _, ...terms },
  actor,
  operation,
  context,
  sha256,
}) => {
  requireActor(context, actor, ['vendor']);
  assertPrevious(operation, null);
  const anchor = ownAnchor(state, terms.anchor, actor);
  requireInForce(anchor, context.time);
  if (anchor.scope.kind !== 'vendor') throw fail('pki_anchor_kind', { field: '/anchor' });
  if (!coversSerial(anchor.scope, terms.serials.prefix))
    throw fail('pki_outside_range', { field: '/serials' });
  if (terms.count > sizeOfRange(terms.serials)) throw fail('pki_outside_range', { field: '/count' });
  if (terms.expiry <= context.time) throw fail('pki_batch_expired', { field: '/expiry' });
  const id = batchId(terms, { network: context.network, vendor: actor }, sha256);
  if (batches.get(state, id)) throw fail('pki_batch_exists');
  const { count, serials, line, expiry, destination, product, number } = terms;
  batches.put(state, id, {
    operation: operation.id,
    anchor: terms.anchor,
    vendor: actor,
    ...{ product, number, count, serials, line, expiry, destination },
    used: 0,
    authorised: context.time,
    suspended: null,
    lifted: 0,
  });
  return { batch: id, vendor: actor, count };
};

/** At once, by the vendor or the operator the goods are for: a line may be running away. */
export const suspendBatch: Apply<'batch.suspend'> = (change) => {
  const { state, body, actor, context } = change;
  const batch = openBatch(change);
  requireActor(context, actor);
  if (actor !== batch.vendor && actor !== batch.destination) throw fail('pki_batch_destination');
  if (batch.suspended) throw fail('pki_batch_standing');
  const suspended = { since: context.time, by: actor, reason: body.reason };
  batches.put(state, body.batch, { ...batch, operation: change.operation.id, suspended });
  bump(statusVersion, state);
  return { batch: body.batch, vendor: batch.vendor };
};

/** By the vendor with the consortium's votes. */
export const resumeBatch: Apply<'batch.resume'> = (change) => {
  const { state, body, actor, context } = change;
  const batch = openBatch(change);
  requireActor(context, actor);
  if (actor !== batch.vendor) throw fail('pki_batch_destination');
  requireVotes(context, body.voters);
  if (!batch.suspended) throw fail('pki_batch_standing');
  batches.put(state, body.batch, {
    ...batch,
    operation: change.operation.id,
    ...liftSuspension(state, body.batch, batch, context.time),
  });
  bump(statusVersion, state);
  return { batch: body.batch, vendor: batch.vendor };
};

function openBatch({
  state,
  body,
  operation,
}: Change<'batch.suspend'> | Change<'batch.resume'>): BatchRecord {
  const batch = batches.get(state, body.batch);
  if (!batch) throw fail('pki_batch_unknown', { field: '/batch' });
  assertPrevious(operation, batch.operation);
  return batch;
}
