import type { Clock } from '@attestel/core';
import { z } from 'zod';
import type { Records } from '../store/records.ts';

/** What a person told an app it may know, to be asked no more. */
export interface Consent {
  readonly granted: readonly string[];
  readonly refused: readonly string[];
}

/** Remembered consents. A port, so that a person's wallet or an operator's service can keep them instead. */
export interface ConsentStore {
  find(account: string, clientId: string): Promise<Consent | undefined>;
  save(account: string, clientId: string, consent: Consent): Promise<void>;
  remove(account: string, clientId: string): Promise<void>;
}

const CONSENT_DAYS = 90;
const KIND = 'consent';
const consentSchema = z.object({ granted: z.array(z.string()), refused: z.array(z.string()) });

export const createConsentStore = (records: Records, clock: Clock): ConsentStore => ({
  async find(account, clientId) {
    const value = records.find(KIND, nameOf(account, clientId));
    return value && consentSchema.parse(value);
  },
  save: (account, clientId, { granted, refused }) =>
    records.put(
      KIND,
      nameOf(account, clientId),
      { granted, refused },
      clock.now() + CONSENT_DAYS * 86_400_000,
    ),
  async remove(account, clientId) {
    // Most have none, and nothing is to be made durable then.
    const name = nameOf(account, clientId);
    if (records.find(KIND, name)) await records.delete(KIND, name);
  },
});

/** Whether a remembered consent answers every claim now asked for. */
export const covers = (consent: Consent, claims: readonly string[]): boolean =>
  claims.every((claim) => consent.granted.includes(claim) || consent.refused.includes(claim));

const nameOf = (account: string, clientId: string): string => `${account}\0${clientId}`;
