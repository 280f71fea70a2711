import { unixSeconds } from '@attestel/core';
import { CREDENTIAL_LIMITS, createPortingRecord, readPortingRecords } from '@attestel/credentials';
import type { IssuerContext } from '../context.ts';
import { fail } from '../errors.ts';
import { applyEvent, putSubscriber, readSubscriber } from '../subscribers/apply-event.ts';
import { isActiveOperator } from './is-operator.ts';

/**
 * Lets a line go and signs the record that proves the hand-over. Asked again for the same recipient it
 * answers with the same record, so an answer that got lost loses nobody's handle.
 * @returns the last records of this handle, oldest first
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
  if (before.portedTo?.to === to) return lastRecords(before.portingRecords, before.portedTo.record);
  const { handle } = before.line;
  if (before.line.phase !== 'active' || handle === null) throw fail('line_not_active');
  const at = unixSeconds(issuer.clock);
  const record = await signRecord(issuer, before.portingRecords, { handle, to, at });
  const applied = await issuer.store.transact((writer) => {
    const event = applyEvent(writer, subscriptionId, { type: 'port-out', at }, issuer.policy);
    // The person may have changed while the record was signed.
    if (event.subscriber.line.handle !== handle) throw fail('line_not_active');
    putSubscriber(writer, { ...event.subscriber, portedTo: { to, record } });
    return event;
  });
  issuer.statuses.changed(applied.changedLists);
  return lastRecords(applied.subscriber.portingRecords, record);
}

/** Times in a chain rise: a line that came this very second leaves a second later. */
function signRecord(
  { party, signer, clock }: IssuerContext,
  records: readonly string[],
  line: { readonly handle: string; readonly to: string; readonly at: number },
): Promise<string> {
  const { did: from, kid } = party;
  const came = readPortingRecords({ records, issuerDid: from, clock }).at(-1)?.at ?? 0;
  return createPortingRecord({ ...line, from, at: Math.max(line.at, came + 1), kid, signer });
}

/** A chain may begin anywhere, so that nobody runs out of moves. */
const lastRecords = (records: readonly string[], record: string): string[] =>
  [...records, record].slice(-CREDENTIAL_LIMITS.portingRecords);
