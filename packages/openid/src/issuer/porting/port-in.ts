import { unixSeconds } from '@attestel/core';
import { type PortingRecord, verifyPortingRecords } from '@attestel/credentials';
import type { IssuerContext } from '../context.ts';
import { fail } from '../errors.ts';
import { useOnce } from '../storage/used-once.ts';
import { numberKey } from '../subscribers/number-index.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { createWithHandle } from '../subscribers/subscribers.ts';
import { isActiveOperator } from './is-operator.ts';

/** How long after the donor let the line go the recipient may take it. */
const RECORD_LIFETIME_SECONDS = 30 * 86_400;

/**
 * Takes a line over: checks that the chain of records leads here, then makes the subscription under the
 * handed-over handle. A record counts once. Asked again for a port that was done it answers the same.
 */
export async function portIn(
  issuer: IssuerContext,
  request: Omit<Subscriber, 'line' | 'portedTo'>,
): Promise<Subscriber> {
  const key = await numberKey(issuer.derive, request.phoneNumber);
  const present = await issuer.subscribers.findByNumber(request.phoneNumber);
  const isDone = present?.portingRecords.join() === request.portingRecords.join();
  if (present !== undefined && present.line.phase === 'active' && isDone) return present;
  const last = await verifyChain(issuer, request.portingRecords);
  const at = unixSeconds(issuer.clock);
  return issuer.store.transact((writer) => {
    // What it says, not how it is written: an ECDSA signature has a second form that verifies too.
    const value = JSON.stringify([last.handle, last.from, last.to, last.at]);
    const expiresAt = last.at + RECORD_LIFETIME_SECONDS + 1;
    if (!useOnce(writer, { kind: 'porting-record', value, expiresAt }, at)) throw refused('used before');
    return createWithHandle(writer, {
      key,
      policy: issuer.policy,
      subscriber: request,
      event: { type: 'port-in', at, handle: last.handle },
    });
  });
}

const refused = (rule: string, cause?: unknown) =>
  fail('porting_record_invalid', { field: '/portingRecords', extra: { rule }, cause });

async function verifyChain(issuer: IssuerContext, records: readonly string[]): Promise<PortingRecord> {
  const { registry, resolver, clock } = issuer;
  if (registry === undefined || resolver === undefined) throw refused('no registry to check against');
  const chain = await verifyPortingRecords({
    resolver,
    registry,
    clock,
    records,
    issuerDid: issuer.party.did,
  }).catch((cause: unknown) => {
    throw refused('signature, signer or chain', cause);
  });
  const last = chain.at(-1);
  if (last === undefined) throw refused('no record');
  if (!isActiveOperator(registry, last.from)) throw refused('donor is not an active operator');
  if (unixSeconds(clock) > last.at + RECORD_LIFETIME_SECONDS) throw refused('too old');
  return last;
}
