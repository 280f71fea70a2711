import { type Clock, isAppError, unixSeconds, utf8 } from '@attestel/core';
import type { DidResolver } from '@attestel/did';
import {
  CompactEncrypt,
  calculateJwkThumbprint,
  compactDecrypt,
  decodeProtectedHeader,
  importJWK,
  type JWK,
} from 'jose';
import { z } from 'zod';
import { fail } from '../../errors.ts';
import type { JsonObject } from '../../module/module.ts';
import type { EphemeralKeys } from './ephemeral-keys.ts';
import {
  CLOCK_SKEW_SECONDS,
  type ExchangeParty,
  MAX_PARCEL_BYTES,
  MAX_PARCEL_SECONDS,
  MAX_SEALED_BYTES,
} from './exchange-party.ts';
import { parseParcelJson } from './parcel-json.ts';
import { PARCEL_TYP, signMessage, verifyMessage } from './signed-message.ts';

const ALG = 'ECDH-ES';
const ENC = 'A256GCM';

export interface Parcel {
  readonly from: ExchangeParty;
  /** DID of the receiver. */
  readonly to: string;
  readonly content: JsonObject;
  readonly clock: Clock;
}

/** Signs for the receiver alone, then encrypts to its key: only it learns who sent what. @throws AppError exchange_malformed */
export async function sealParcel({ from, to, content, clock }: Parcel, key: JWK): Promise<string> {
  const iat = unixSeconds(clock);
  const claims = { iss: from.did, aud: to, iat, exp: iat + MAX_PARCEL_SECONDS, parcel: content };
  const signed = utf8(await signMessage(PARCEL_TYP, claims, from));
  if (signed.length > (MAX_PARCEL_BYTES * 4) / 3) throw fail('exchange_malformed', { field: 'size' });
  const kid = await calculateJwkThumbprint(key);
  return new CompactEncrypt(signed)
    .setProtectedHeader({ alg: ALG, enc: ENC, kid, cty: 'JWT' })
    .encrypt(await importJWK(key, ALG));
}

// No `zip`: what is small on the way must not be large here.
const HEADER = z.strictObject({
  alg: z.literal(ALG),
  enc: z.literal(ENC),
  kid: z.string().max(64),
  cty: z.literal('JWT'),
  epk: z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() }),
});

const CLAIMS = z.strictObject({
  iss: z.string(),
  aud: z.string(),
  iat: z.int(),
  exp: z.int(),
  parcel: z.custom<JsonObject>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  ),
});

export interface OpenOptions {
  readonly did: string;
  readonly keys: Pick<EphemeralKeys, 'find'>;
  readonly resolver: DidResolver;
  readonly clock: Clock;
}

export interface OpenedParcel {
  /** Who signed it. */
  readonly from: string;
  readonly content: JsonObject;
}

/**
 * Decrypts and authenticates. The same parcel may come again while it lives; whoever takes it must not mind.
 * @throws AppError exchange_malformed, exchange_key_unknown, exchange_unauthenticated, resolution_failed
 */
export async function openParcel(text: string, options: OpenOptions): Promise<OpenedParcel> {
  const { did, clock, resolver } = options;
  const signed = await decrypt(text, options.keys);
  const message = await verifyMessage(signed, { typ: PARCEL_TYP, relationship: 'authentication', resolver });
  const parsed = CLAIMS.safeParse(parseParcelJson(message.payload));
  if (!parsed.success) throw fail('exchange_malformed', { field: 'claims' });
  const { iss, aud, iat, exp, parcel } = parsed.data;
  const now = unixSeconds(clock);
  if (iss !== message.did) throw fail('exchange_unauthenticated', { field: 'iss' });
  if (aud !== did) throw fail('exchange_unauthenticated', { field: 'aud' });
  if (exp <= now || exp <= iat || exp - iat > MAX_PARCEL_SECONDS || iat > now + CLOCK_SKEW_SECONDS)
    throw fail('exchange_unauthenticated', { field: 'exp' });
  return { from: iss, content: parcel };
}

async function decrypt(text: string, keys: Pick<EphemeralKeys, 'find'>): Promise<string> {
  if (text.length > MAX_SEALED_BYTES) throw fail('exchange_malformed', { field: 'size' });
  try {
    const { kid } = HEADER.parse(decodeProtectedHeader(text));
    const key = keys.find(kid);
    if (!key) throw fail('exchange_key_unknown');
    const { plaintext } = await compactDecrypt(text, key, {
      keyManagementAlgorithms: [ALG],
      contentEncryptionAlgorithms: [ENC],
    });
    return Buffer.from(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength).toString('latin1');
  } catch (error) {
    if (isAppError(error)) throw error;
    throw fail('exchange_malformed'); // without cause: it could quote what was sent
  }
}
