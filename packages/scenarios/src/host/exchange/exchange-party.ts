import type { Signer } from '@attestel/core';

/** Who sends and receives. */
export interface ExchangeParty {
  readonly did: string;
  /** DID URL of a key of it under both `authentication` and `assertionMethod`. */
  readonly kid: string;
  readonly signer: Signer;
}

/** Bytes of a parcel as JSON, at most: a batch of many items is the largest that there is. */
export const MAX_PARCEL_BYTES = 16_777_216;
/** Of it signed and encrypted: base64url makes four characters of three bytes, twice. */
export const MAX_SEALED_BYTES = 31_457_280;

/** Longest life of a signed parcel, and of a key that parcels are encrypted to, in seconds. */
export const MAX_PARCEL_SECONDS = 300;
export const MAX_KEY_SECONDS = 600;
/** A clock may run ahead by this much. */
export const CLOCK_SKEW_SECONDS = 30;

export const KEY_PATH = '/v1/exchange/key';
export const PARCELS_PATH = '/v1/exchange/payloads';
export const SEALED_MEDIA_TYPE = 'application/jose';
