import { unixSeconds } from '@attestel/core';
import { createPortingRecord } from '@attestel/credentials';
import type { IssuerContext } from '../context.ts';
import { fail } from '../errors.ts';
import { applyEvent, putSubscriber, readSubscriber } from '../subscribers/apply-event.ts';
import { isActiveOperator } from './is-operator.ts';

/**
 * Lets a line go and signs the record that proves the hand-over. Asked again for the same recipient it
 * answers with the same record, so an answer that got lost loses nobody's handle.
 * @returns all records of this handle, oldest first
 */
export async function portOut(
  issuer: IssuerContext,
  subscriptionId: string,
  to: string,
): Promise<readonly string[]> {
  const { registry, party } = issuer;
  if (registry !== undefined && !isActiveOperator(registry, to)) {
    throw fail('body_invalid', { field: '/to', extra: { rule: 'not an active operator' } });
  }
  if (to === party.did) throw fail('body_invalid', { field: '/to', extra: { rule: 'own DID' } });
  const before = readSubscriber(issuer.store, subscriptionId);
  if (before.portedTo?.to === to) return [...before.portingRecords, before.portedTo.record];
  const { handle } = before.line;
  if (before.line.phase !== 'active' || handle === null) throw fail('line_not_active');
  const at = unixSeconds(issuer.clock);
  const { did: from, kid } = party;
  const record = await createPortingRecord({ handle, from, to, at, kid, signer: issuer.signer });
  const applied = await issuer.store.transact((writer) => {
    const event = applyEvent(writer, subscriptionId, { type: 'port-out', at }, issuer.policy);
    // The person may have changed while the record was signed.
    if (event.subscriber.line.handle !== handle) throw fail('line_not_active');
    putSubscriber(writer, { ...event.subscriber, portedTo: { to, record } });
    return event;
  });
  issuer.statuses.changed(applied.changedLists);
  return [...applied.subscriber.portingRecords, record];
}
