import type { Bytes, StoreWriter } from '@attestel/core';
import type { JsonObject, JsonSchema, Trust } from '../module/module.ts';

/**
 * Brings something to another party's host: `host.receive(from, parcel)` there. The host knows what a parcel says;
 * for the exchange it is JSON.
 */
export interface Exchange {
  /**
   * Resolves once the receiver has stored it durably. Whatever it rejects with, the outbox tries again later, so that
   * the same parcel may arrive twice. @throws AppError, whose code the outbox shows
   */
  deliver(to: string, parcel: JsonObject): Promise<void>;
}

/** A place in the log: what stands before it has happened. */
export interface Moment {
  /** Entries before it. */
  readonly index: number;
  /** Unix seconds. */
  readonly time: number;
}

export type CredentialTypes = {
  readonly [type: string]: { readonly schema: JsonSchema; readonly trust: Trust };
};

/** A credential that counts: signed by whom its type trusts, in force, its subject as named. */
export interface Held {
  readonly jwt: string;
  readonly type: string;
  readonly subject: string;
  readonly issuer: string;
  readonly claims: JsonObject;
  /** Others of the list on which the issuer's right rests: presented wherever it is. */
  readonly support?: readonly string[];
}

export interface IssueRequest {
  readonly channel: string;
  /** Its object on the ledger: one line lives, two lines revoked. */
  readonly ref: Bytes;
  readonly type: string;
  readonly subject: string;
  readonly claims: JsonObject;
  /** Unix seconds. */
  readonly from: number;
  /** Unix seconds, exclusive; null: until revoked. */
  readonly until: number | null;
}

/** Credentials that a party keeps, checks and signs. */
export interface Credentials {
  /** Those that this node keeps of the actor and of the party on whose behalf it acts, in a fixed order. */
  presentedFor(actor: string, party: string, channel: string): Promise<readonly string[]>;
  /**
   * Those of the list that count in the channel just before that place of the log, in the order given. Types other
   * than those named are left out. Never rejects for what a credential says.
   */
  verify(
    jwts: readonly string[],
    at: { readonly channel: string; readonly moment: Moment; readonly types: CredentialTypes },
  ): Promise<readonly Held[]>;
  /** Signs a credential, with the party as issuer, whose issue is a head of the line that is about to be written. */
  issue(request: IssueRequest): Promise<string>;
  /** Keeps what a committed line of the channel issued, in the transaction that commits it; the same may come again. */
  keep(writer: StoreWriter, channel: string, jwts: readonly string[]): void;
}

/** Encrypts what the host keeps, each thing under a key of its own that can be destroyed. */
export interface Vault {
  has(name: string): boolean;
  /** Makes a key for each name that has none; resolves when they are durable. */
  make(names: readonly string[]): Promise<void>;
  /** @throws TypeError where the name has no key */
  seal(name: string, plain: Bytes): Bytes;
  /** @throws AppError vault_damaged where key and bytes do not belong together; TypeError */
  open(name: string, sealed: Bytes): Bytes;
  /** HMAC-SHA-256 under the key of that name. @throws TypeError where the name has no key */
  mac(name: string, message: Bytes): Bytes;
  /** Resolves when the keys are gone from the file for ever. */
  destroy(names: readonly string[]): Promise<void>;
}
