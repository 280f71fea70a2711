import type { DisplayName } from '@attestel/registry';
import type { LineState } from '../line/state.ts';

/** How the person on the line was proven. SMS codes are not among it, and never will be. */
export type VerificationMethod = 'ts43_eap_aka' | 'network' | 'kyc_in_person';

/** One subscription as the operator keeps it. Stays in the operator's own store. */
export interface Subscriber {
  /** Random or seeded id that says nothing: safe in logs and URLs of the operator. */
  readonly subscriptionId: string;
  /** E.164 with `+`. Never in logs, errors or URLs. */
  readonly phoneNumber: string;
  readonly holderName: DisplayName;
  readonly line: LineState;
  /** How the handle came here: the records of every port, oldest first; empty where it began here. */
  readonly portingRecords: readonly string[];
  /** Where the line went and the record that says so: repeating the port answers the same. */
  readonly portedTo: { readonly to: string; readonly record: string } | null;
}

/** A subscription to be made. */
export interface NewSubscriber {
  readonly subscriptionId: string;
  readonly phoneNumber: string;
  readonly holderName: DisplayName;
  readonly corporate: boolean;
  /** Unix seconds since when this person has the line; may lie in the past. */
  readonly activatedAt: number;
}

/** CAMARA's form of an E.164 number. */
export const PHONE_NUMBER = /^\+[1-9][0-9]{4,14}$/;
export const SUBSCRIPTION_ID = /^[a-z0-9][a-z0-9-]{5,63}$/;
