import { unixSeconds } from '@attestel/core';
import { type PortingRecord, verifyPortingRecord, verifyPortingRecords } from '@attestel/credentials';
import type { IssuerContext } from '../context.ts';
import { fail } from '../errors.ts';
import { useOnce } from '../storage/used-once.ts';
import { numberKey } from '../subscribers/number-index.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { createWithHandle } from '../subscribers/subscribers.ts';
import { isActiveOperator, isOperator } from './is-operator.ts';

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
    const value = request.portingRecords.at(-1) as string;
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
  const trust = { resolver, clock, isOperator: (did: string) => isOperator(registry, did) };
  let last: PortingRecord;
  try {
    last = await verifyPortingRecord({ ...trust, record: records.at(-1) ?? '' });
    await verifyPortingRecords({ ...trust, records, handle: last.handle, issuerDid: issuer.party.did });
  } catch (cause) {
    throw refused('signature, signer or chain', cause);
  }
  if (!isActiveOperator(registry, last.from)) throw refused('donor is not an active operator');
  if (unixSeconds(clock) > last.at + RECORD_LIFETIME_SECONDS) throw refused('too old');
  return last;
}
