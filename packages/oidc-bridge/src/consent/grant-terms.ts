import type { Clock } from '@attestel/core';
import { ATTRIBUTES_SECONDS } from '../accounts/attributes.ts';
import type { Records } from '../store/records.ts';

const KIND = 'grant-terms';

/** On what each grant rests, by its id: one person may hold several of one app, agreed to differently. */
export interface GrantTerms {
  /** Whether it was agreed to for that sign-in alone. One of which nothing is known was not. */
  isForOneSignIn(grantId: string): boolean;
  /** @param standing it rests on a consent that is kept, and lets out what that one says at the time */
  save(grantId: string, standing: boolean): Promise<void>;
}

/** Kept as long as there is something to let out. */
export const createGrantTerms = (records: Records, clock: Clock): GrantTerms => ({
  isForOneSignIn: (grantId) => records.find(KIND, grantId)?.standing === false,
  save: (grantId, standing) =>
    records.put(KIND, grantId, { standing }, clock.now() + ATTRIBUTES_SECONDS * 1000, grantId),
});
