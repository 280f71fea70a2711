import type { Clock } from '@attestel/core';
import type { Presentation } from '@attestel/openid/verifier';
import type { Records } from '../store/records.ts';

const KIND = 'attributes';

/** As long as a session lives: silent sign-ins answer from here, new ones from a new presentation. */
export const ATTRIBUTES_SECONDS = 8 * 3600;

/** What one person showed for one app, sealed; the handle is not in it. */
export type Attributes = {
  readonly asked: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
  readonly status: { readonly uri: string; readonly idx: number };
  readonly issuerDid: string;
  readonly vct: string;
  readonly credentialExpiresAt: number;
  /** SHA-256 of the presentation, hex. */
  readonly evidence: string;
};

/** Kept per account *and* app: what was shown for one app is never told to another. */
export interface AttributeStore {
  find(account: string, clientId: string): Attributes | undefined;
  save(account: string, clientId: string, attributes: Attributes): Promise<void>;
}

export const createAttributeStore = (records: Records, clock: Clock): AttributeStore => ({
  // Sealed by us for this place: not an edge.
  find: (account, clientId) => records.find(KIND, nameOf(account, clientId)) as Attributes | undefined,
  save: (account, clientId, attributes) =>
    records.put(KIND, nameOf(account, clientId), attributes, clock.now() + ATTRIBUTES_SECONDS * 1000),
});

export const attributesOf = (presentation: Presentation, asked: readonly string[]): Attributes => ({
  asked: [...asked],
  claims: presentation.claims,
  status: presentation.status,
  issuerDid: presentation.issuerDid,
  vct: presentation.vct,
  credentialExpiresAt: presentation.credentialExpiresAt,
  evidence: presentation.digest,
});

const nameOf = (account: string, clientId: string): string => `${account}\0${clientId}`;
