import { type Bytes, fromUtf8, type StoreReader, type StoreWriter, utf8 } from '@attestel/core';
import { putUntil } from '../storage/expiry.ts';
import { secretKey } from '../storage/keys.ts';
import type { VerificationMethod } from '../subscribers/subscriber.ts';

/** What an access token stands for; stored under the token's hash. */
export interface AccessToken {
  readonly subscriptionId: string;
  /** The person the offer was made for: a transfer in between makes the token void. */
  readonly person: number;
  readonly method: VerificationMethod;
  /** When the operator proved the person, unix seconds. */
  readonly verifiedAt: number;
  /** Thumbprint of the DPoP key (RFC 9449 §6). */
  readonly jkt: string;
  readonly expiresAt: number;
  /** Credential requests left: an answer that got lost can be asked for again, but not for ever. */
  readonly requestsLeft: number;
}

const TOKENS = 'issuer/tokens';

const encode = (token: AccessToken): Bytes => utf8(JSON.stringify(token));

export const addToken = (writer: StoreWriter, secret: string, token: AccessToken): void =>
  putUntil(writer, { table: TOKENS, key: secretKey(secret), value: encode(token), at: token.expiresAt });

export const updateToken = (writer: StoreWriter, secret: string, token: AccessToken): void =>
  writer.put(TOKENS, secretKey(secret), encode(token));

/** @returns undefined when unknown or over */
export function readToken(reader: StoreReader, secret: string, now: number): AccessToken | undefined {
  const bytes = reader.get(TOKENS, secretKey(secret));
  if (bytes === undefined) return undefined;
  const token = JSON.parse(fromUtf8(bytes)) as AccessToken;
  return now < token.expiresAt ? token : undefined;
}
