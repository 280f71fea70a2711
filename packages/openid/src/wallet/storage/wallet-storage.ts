import type { AskerView, HistoryEntry, OperatorView, RequestMode } from '../types.ts';

/** One line of one person. */
export interface StoredCard {
  readonly id: string;
  readonly operator: OperatorView;
  readonly vct: string;
  /** base64url SHA-256 of the subscription handle: recognises the line when it is issued again. */
  readonly line: string;
  readonly maskedNumber: string | null;
  readonly addedAt: number;
}

/** One copy of a credential with its own key. */
export interface StoredCopy {
  readonly id: string;
  readonly cardId: string;
  readonly sdJwt: string;
  readonly keyRef: string;
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly uses: number;
  /** client_id of each verifier that has seen it. */
  readonly seenBy: readonly string[];
}

/** Keys of an issuance that has not ended: swept when it was interrupted. */
export interface StoredIssuance {
  readonly id: string;
  readonly at: number;
  readonly keyRefs: readonly string[];
}

/** The wallet instance's key at one operator. */
export interface StoredOperatorKey {
  /** Credential issuer identifier. */
  readonly id: string;
  readonly keyRef: string;
}

/** A request that was looked at and not answered. */
export interface StoredRequest {
  readonly id: string;
  readonly link: string;
  /** Unix seconds. */
  readonly at: number;
  /** Sent at every fetch: a verifier gives a request only to the wallet that opened it first. */
  readonly walletNonce: string | null;
  /** Null until the request was verified. */
  readonly asker: AskerView | null;
  /** Absent until the request was verified, and in what earlier versions wrote. */
  readonly mode?: RequestMode;
}

/** The wallet's collections and what they hold: plain JSON values, keyed by `id`. */
export interface WalletRecords {
  readonly cards: StoredCard;
  readonly copies: StoredCopy;
  readonly issuances: StoredIssuance;
  readonly operatorKeys: StoredOperatorKey;
  readonly requests: StoredRequest;
  readonly history: HistoryEntry;
}

export type Collection = keyof WalletRecords;

export const COLLECTIONS: readonly Collection[] = [
  'cards',
  'copies',
  'issuances',
  'operatorKeys',
  'requests',
  'history',
];

export type Change = {
  [C in Collection]:
    | { readonly collection: C; readonly put: WalletRecords[C] }
    | { readonly collection: C; readonly delete: string };
}[Collection];

/**
 * Where a wallet keeps what it must not lose. `write` applies all changes or none, and they are
 * durable when it resolves.
 */
export interface WalletStorage {
  get<C extends Collection>(collection: C, id: string): Promise<WalletRecords[C] | undefined>;
  list<C extends Collection>(collection: C): Promise<readonly WalletRecords[C][]>;
  write(changes: readonly Change[]): Promise<void>;
}
