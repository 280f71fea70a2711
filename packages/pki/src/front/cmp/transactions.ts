import { type Bytes, toHex } from '@attestel/core';
import type { Certificate } from '@attestel/x509';
import type { Issued } from '../enrolment.ts';
import { fail } from '../errors.ts';

/** A certificate that waits for its confirmation. */
export interface OpenTransaction {
  /** The certificate that signed the request. */
  readonly signer: Certificate;
  readonly certReqId: number;
  readonly issued: Issued;
  /** Nonce of our answer, which the confirmation must carry. */
  readonly nonce: Bytes;
}

type Entry = { readonly until: number; open: OpenTransaction | undefined };

export interface TransactionOptions {
  readonly limit: number;
  /** Seconds that an identifier stays taken, and a certificate waits. */
  readonly lifetime: number;
  /** A certificate that nobody confirmed in time. */
  readonly onExpired: (issued: Issued) => void;
}

export interface Transactions {
  /** Takes the identifier before anything is awaited. @throws AppError cmp_transaction_used, cmp_transactions_full */
  begin(id: Bytes, now: number): void;
  wait(id: Bytes, open: OpenTransaction): void;
  find(id: Bytes, now: number): OpenTransaction | undefined;
  /** Hands the certificate to one confirmation only. */
  close(id: Bytes): void;
}

/** In memory and bounded: what a restart forgets is enrolled again by the device. */
export function createTransactions({ limit, lifetime, onExpired }: TransactionOptions): Transactions {
  // In the order of their end, as all live equally long.
  const entries = new Map<string, Entry>();
  const expire = (now: number): void => {
    for (const [key, { until, open }] of entries) {
      if (until > now) return;
      entries.delete(key);
      if (open) onExpired(open.issued);
    }
  };
  return {
    begin(id, now) {
      expire(now);
      const key = toHex(id);
      if (entries.has(key)) throw fail('cmp_transaction_used');
      if (entries.size >= limit) throw fail('cmp_transactions_full');
      entries.set(key, { until: now + lifetime, open: undefined });
    },
    wait(id, open) {
      const entry = entries.get(toHex(id));
      if (entry) entry.open = open;
    },
    find(id, now) {
      expire(now);
      return entries.get(toHex(id))?.open;
    },
    close(id) {
      const entry = entries.get(toHex(id));
      if (entry) entry.open = undefined;
    },
  };
}
