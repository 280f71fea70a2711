import { type Bytes, fromUtf8, type StoreReader, type StoreWriter, utf8 } from '@attestel/core';
import type { Derive } from '../storage/derivation.ts';
import { findSubscriber } from './apply-event.ts';

const NUMBERS = 'issuer/numbers';

/**
 * Key of a number in the index: HMAC under a key of the operator's key store. A copy of the index alone
 * cannot be searched for numbers, because hashes without a key can simply be counted through.
 */
export const numberKey = (derive: Derive, phoneNumber: string): Promise<Bytes> =>
  derive('number-index', utf8(phoneNumber));

/** The subscription that has the number now, or had it last. */
export function subscriptionOfNumber(reader: StoreReader, key: Bytes): string | undefined {
  const id = reader.get(NUMBERS, key);
  return id === undefined ? undefined : fromUtf8(id);
}

/** @returns false when the number belongs to a line that has not given it up */
export function claimNumber(writer: StoreWriter, key: Bytes, subscriptionId: string): boolean {
  const current = subscriptionOfNumber(writer, key);
  const line = current === undefined ? undefined : findSubscriber(writer, current)?.line;
  if (line !== undefined && line.phase !== 'released' && line.phase !== 'ported-out') return false;
  writer.put(NUMBERS, key, utf8(subscriptionId));
  return true;
}
