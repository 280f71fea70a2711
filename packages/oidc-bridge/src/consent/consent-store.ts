import { type Clock, type Locale, unixSeconds } from '@attestel/core';
import { z } from 'zod';
import type { Records } from '../store/records.ts';

/** What a person told an app it may know, to be asked no more. */
export interface Consent {
  readonly granted: readonly string[];
  readonly refused: readonly string[];
}

/** One that is remembered. */
export interface RememberedConsent extends Consent {
  /** What the person was told: SHA-256 of it in hex. */
  readonly notice: { readonly digest: string };
}

/** A consent that the person wants kept, with what a record of it has to say. */
export interface Choice extends Consent {
  /** The person's name at this app alone: 32 hex digits, the first half of the `sub`. */
  readonly subject: string;
  /** Member that vouches for the app, by DID. */
  readonly recipient: string;
  /** What the person was told: where it stands, and SHA-256 of it in hex. */
  readonly notice: { readonly uri: string; readonly digest: string };
  readonly locale: Locale;
  /** SHA-256 in hex of the presentation that the wallet signed. */
  readonly evidence: string;
  /** URL of the page where it is taken back. */
  readonly withdrawal: string;
}

/** A consent in force. */
export interface StandingConsent extends Consent {
  readonly clientId: string;
  /** Unix seconds; `until` is exclusive. */
  readonly since: number;
  readonly until: number;
  /** Number of its record, where one is kept. */
  readonly serial?: string;
}

/**
 * Consents that people want remembered. A port: a node that runs contracts keeps them there, any other in its own
 * store. What resolved is durable; what is over by time is not found.
 */
export interface ConsentStore {
  find(account: string, clientId: string): Promise<RememberedConsent | undefined>;
  /** Takes the place of what the person said before. */
  save(account: string, clientId: string, choice: Choice): Promise<void>;
  remove(account: string, clientId: string): Promise<void>;
  /** In the order of client ids. */
  list(account: string): Promise<readonly StandingConsent[]>;
}

export const CONSENT_DAYS = 90;
export const CONSENT_SECONDS = CONSENT_DAYS * 86_400;

const KIND = 'consent';
/** Apps at which an account may have one. */
const INDEX = 'consents-of';

const consentSchema = z.object({
  granted: z.array(z.string()),
  refused: z.array(z.string()),
  notice: z.object({ digest: z.string() }),
  since: z.number(),
  until: z.number(),
});
const indexSchema = z.object({ clients: z.array(z.string()) });

/** Consents in the bridge's own store. */
export function createRecordConsents(records: Records, clock: Clock): ConsentStore {
  const read = (account: string, clientId: string) =>
    // One that an earlier version wrote otherwise is none: the person is asked again.
    consentSchema.safeParse(records.find(KIND, nameOf(account, clientId))).data;
  const clientsOf = (account: string): readonly string[] =>
    indexSchema.safeParse(records.find(INDEX, account)).data?.clients ?? [];
  return {
    async find(account, clientId) {
      const found = read(account, clientId);
      return found && { granted: found.granted, refused: found.refused, notice: found.notice };
    },
    async save(account, clientId, { granted, refused, notice: { digest } }) {
      const since = unixSeconds(clock);
      const until = since + CONSENT_SECONDS;
      const value = { granted: [...granted], refused: [...refused], notice: { digest }, since, until };
      await records.put(KIND, nameOf(account, clientId), value, until * 1000);
      const clients = [...new Set([...clientsOf(account), clientId])].sort();
      await records.put(INDEX, account, { clients }, until * 1000);
    },
    async remove(account, clientId) {
      // Most have none, and nothing is to be made durable then.
      const name = nameOf(account, clientId);
      if (records.find(KIND, name)) await records.delete(KIND, name);
    },
    async list(account) {
      return clientsOf(account).flatMap((clientId) => {
        const found = read(account, clientId);
        if (!found) return [];
        const { notice: _, ...standing } = found;
        return [{ clientId, ...standing }];
      });
    },
  };
}

/** Whether a remembered consent answers every claim now asked for. */
export const covers = (consent: Consent, claims: readonly string[]): boolean =>
  claims.every((claim) => consent.granted.includes(claim) || consent.refused.includes(claim));

const nameOf = (account: string, clientId: string): string => `${account}\0${clientId}`;
