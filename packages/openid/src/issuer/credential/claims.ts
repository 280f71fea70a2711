import { type JsonValue, unixSeconds } from '@attestel/core';
import { assertPhoneNumberClaims } from '@attestel/credentials';
import type { IssuerContext } from '../context.ts';
import { lineFacts, utcDate } from '../line/facts.ts';
import type { Subscriber, VerificationMethod } from '../subscribers/subscriber.ts';

/** How and when the operator proved the person, for this issuance. */
export interface Verification {
  readonly method: VerificationMethod;
  /** Unix seconds. */
  readonly at: number;
}

/** What the credential says, each claim disclosable by itself. The same for every copy of a batch. */
export function phoneNumberClaims(
  issuer: IssuerContext,
  subscriber: Subscriber,
  verification: Verification,
): Readonly<Record<string, JsonValue>> {
  const { line } = subscriber;
  const facts = lineFacts(line, unixSeconds(issuer.clock));
  const claims = {
    phone_number: subscriber.phoneNumber,
    phone_number_verified: true,
    ...issuer.network,
    mobile_operator: issuer.party.name.en,
    contract_owner: !line.corporate,
    end_user: true,
    sim_changed_at: facts.simChangedAt,
    sim_unchanged_72h: facts.simUnchanged72h,
    sim_unchanged_30d: facts.simUnchanged30d,
    tenure_over_1y: facts.tenureOver1y,
    verification_method: verification.method,
    verified_at: utcDate(verification.at),
    binding_changed_at: facts.bindingChangedAt,
    binding_pending: facts.bindingPending,
    subscription_handle: line.handle ?? '',
    // Also when empty: a wallet must not be able to sign in without it and split an account.
    porting_records: [...subscriber.portingRecords],
  };
  assertPhoneNumberClaims(claims);
  return claims;
}
