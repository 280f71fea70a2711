import {
  type Bytes,
  equalBytes,
  fromBase64url,
  fromUtf8,
  type StoreReader,
  type StoreWriter,
  toBase64url,
  unixSeconds,
  utf8,
} from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { fail } from '../errors.ts';
import { putUntil, removeExpired } from '../storage/expiry.ts';
import { secretKey } from '../storage/keys.ts';
import type { VerificationMethod } from '../subscribers/subscriber.ts';

/** An offer as stored. Neither the code nor the transaction code can be read from it. */
export interface StoredOffer {
  readonly id: string;
  readonly subscriptionId: string;
  readonly person: number;
  readonly method: VerificationMethod;
  /** MAC of the transaction code, base64url. */
  readonly txCode: string;
  readonly wrongCodes: number;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly usedAt: number | null;
}

/** What the person is given: the link, and on another way the transaction code. */
export interface CredentialOffer {
  readonly id: string;
  readonly credentialOfferUri: string;
  /** `openid-credential-offer://?credential_offer_uri=…` */
  readonly offerUri: string;
  readonly txCode: string;
  readonly expiresAt: number;
}

const OFFERS = 'issuer/offers';
/** Offer id by hash of its pre-authorized code. */
const CODES = 'issuer/offer-codes';

export const TX_CODE_LENGTH = 6;
/** 16 bytes; anything else is not asked of the store. */
const OFFER_ID = /^[A-Za-z0-9_-]{22}$/;

/** @throws AppError subscriber_not_found, line_not_active */
export async function createOffer(
  issuer: IssuerContext,
  request: { readonly subscriptionId: string; readonly method: VerificationMethod },
): Promise<CredentialOffer> {
  const subscriber = issuer.subscribers.get(request.subscriptionId);
  if (subscriber === undefined) throw fail('subscriber_not_found');
  if (subscriber.line.phase !== 'active') throw fail('line_not_active');
  const id = toBase64url(issuer.random.bytes(16));
  const txCode = randomDigits(issuer, TX_CODE_LENGTH);
  const createdAt = unixSeconds(issuer.clock);
  const offer: StoredOffer = {
    id,
    subscriptionId: request.subscriptionId,
    person: subscriber.line.person,
    method: request.method,
    txCode: await txCodeMac(issuer, id, txCode),
    wrongCodes: 0,
    createdAt,
    expiresAt: createdAt + issuer.limits.offerSeconds,
    usedAt: null,
  };
  const code = await preAuthorizedCode(issuer, id);
  await issuer.store.transact((writer) => {
    removeExpired(writer, createdAt);
    const at = offer.expiresAt;
    putUntil(writer, { table: OFFERS, key: utf8(id), value: encodeOffer(offer), at });
    putUntil(writer, { table: CODES, key: secretKey(code), value: utf8(id), at });
  });
  const credentialOfferUri = `${issuer.issuerUrl}/offers/${id}`;
  const offerUri = `openid-credential-offer://?credential_offer_uri=${encodeURIComponent(credentialOfferUri)}`;
  return { id, credentialOfferUri, offerUri, txCode, expiresAt: offer.expiresAt };
}

/** Derived, not stored: whoever copies the store cannot redeem the offers in it. */
export const preAuthorizedCode = async (issuer: IssuerContext, id: string): Promise<string> =>
  toBase64url(await issuer.derive('pre-authorized-code', utf8(id)));

/** An offer that may still be taken. */
export function openOffer(reader: StoreReader, id: string, now: number): StoredOffer | undefined {
  const offer = OFFER_ID.test(id) ? readOffer(reader, utf8(id)) : undefined;
  return offer !== undefined && offer.usedAt === null && now < offer.expiresAt ? offer : undefined;
}

export function offerOfCode(reader: StoreReader, code: string): StoredOffer | undefined {
  const id = reader.get(CODES, secretKey(code));
  return id === undefined ? undefined : readOffer(reader, id);
}

export const putOffer = (writer: StoreWriter, offer: StoredOffer): void =>
  writer.put(OFFERS, utf8(offer.id), encodeOffer(offer));

const encodeOffer = (offer: StoredOffer): Bytes => utf8(JSON.stringify(offer));

function readOffer(reader: StoreReader, id: Bytes): StoredOffer | undefined {
  const bytes = reader.get(OFFERS, id);
  return bytes === undefined ? undefined : (JSON.parse(fromUtf8(bytes)) as StoredOffer);
}

export async function txCodeMatches(
  issuer: IssuerContext,
  offer: Pick<StoredOffer, 'id' | 'txCode'>,
  txCode: string,
): Promise<boolean> {
  const given = await txCodeMac(issuer, offer.id, txCode);
  return equalBytes(fromBase64url(given), fromBase64url(offer.txCode));
}

const txCodeMac = async (issuer: IssuerContext, id: string, txCode: string): Promise<string> =>
  toBase64url(await issuer.derive('tx-code', utf8(`${id}\n${txCode}`)));

/** Digits without bias: bytes of 250 and above are drawn again. */
function randomDigits(issuer: IssuerContext, length: number): string {
  let digits = '';
  while (digits.length < length) {
    const byte = issuer.random.bytes(1)[0] as number;
    if (byte < 250) digits += String(byte % 10);
  }
  return digits;
}
