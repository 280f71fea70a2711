import { type Clock, unixSeconds } from '@attestel/core';
import type { DidResolver } from '@attestel/did';
import { fail } from '../errors.ts';
import { parseWebUrl } from '../guarded-fetch.ts';
import { parseSignedHeader, peekPayload, verifySignedByDid } from '../signed-by-did.ts';
import { isUnanswered } from '../unproven.ts';
import type { FetchedRequest } from './fetch-request-object.ts';
import type { RequestLink } from './request-link.ts';
import {
  type ContentEncryption,
  ENCRYPTIONS,
  type EncryptionKey,
  encryptionKeySchema,
  nonceSchema,
  REQUEST_MODES,
  type RequestMode,
  type RequestObject,
  requestObjectSchema,
} from './request-object.schema.ts';

/** OpenID4VP 1.0 §5.8: the audience when the verifier did not look the wallet up. */
const WALLET_AUDIENCE = 'https://self-issued.me/v2';
const CLOCK_SKEW_SECONDS = 60;
/** A request object without `exp` counts as fresh for so long after `iat`. */
const DEFAULT_LIFETIME_SECONDS = 300;

/** A request object whose signature, address and form are right. Who the verifier is comes next. */
export interface VerifiedRequest {
  readonly link: RequestLink;
  readonly request: RequestObject;
  readonly responseUri: URL;
  readonly encryption: { readonly key: EncryptionKey; readonly enc: ContentEncryption };
  /** client_id of the app behind a bridge (`verifier_info` of format `attestel_app`). */
  readonly appClientId: string | null;
  /** `verifier_info` of format `attestel_mode`. */
  readonly mode: RequestMode;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** Verifies a fetched request object step by step; every refusal has its own code. */
export async function verifyRequestObject(
  link: RequestLink,
  fetched: FetchedRequest,
  ports: { resolver: DidResolver; clock: Clock },
): Promise<VerifiedRequest> {
  await verifySignature(link, fetched.jws, ports.resolver);
  const payload = peekPayload(fetched.jws);
  const expiresAt = checkTime(payload, unixSeconds(ports.clock));
  checkAddress(link, fetched, payload);
  const request = parseRequest(payload);
  return {
    link,
    request,
    responseUri: parseWebUrl(request.response_uri, 'response_uri'),
    encryption: chooseEncryption(request),
    appClientId: appOf(request),
    mode: modeOf(request),
    expiresAt,
  };
}

async function verifySignature(link: RequestLink, jws: string, resolver: DidResolver): Promise<void> {
  let typ: string;
  try {
    ({ typ } = parseSignedHeader(jws));
  } catch (cause) {
    // `alg: none`, a MAC, or no key id: nothing that could prove who asks (§5.9.3, RFC 9101 §10.2).
    throw fail('request_unsigned', { cause });
  }
  if (typ !== 'oauth-authz-req+jwt') throw fail('request_malformed', { field: 'typ' });
  try {
    await verifySignedByDid(jws, {
      did: link.verifierDid,
      relationships: ['assertionMethod', 'authentication'],
      resolver,
    });
  } catch (cause) {
    if (isUnanswered(cause)) throw cause;
    throw fail('request_signature_invalid', { cause });
  }
}

function checkTime(payload: Record<string, unknown>, now: number): number {
  const { iat, exp, nbf } = payload;
  for (const value of [iat, exp, nbf]) {
    if (value !== undefined && !Number.isSafeInteger(value))
      throw fail('request_malformed', { field: 'exp' });
  }
  const start = Math.max(Number(iat ?? 0), Number(nbf ?? 0));
  if (start > now + CLOCK_SKEW_SECONDS) throw fail('request_malformed', { field: 'iat' });
  // With neither, nothing bounds a replay: refused as expired.
  const end = Number(exp ?? Number(iat ?? 0) + DEFAULT_LIFETIME_SECONDS);
  if (end + CLOCK_SKEW_SECONDS <= now) throw fail('request_expired');
  return end;
}

function checkAddress(link: RequestLink, fetched: FetchedRequest, payload: Record<string, unknown>): void {
  // §5.10.1: identical, prefix included. `iss` is ignored as §5 says.
  if (payload.client_id !== link.clientId) throw fail('request_client_mismatch');
  if (payload.aud !== WALLET_AUDIENCE) throw fail('request_wrong_audience');
  if (fetched.walletNonce !== null && payload.wallet_nonce !== fetched.walletNonce) {
    throw fail('request_wallet_nonce');
  }
  if (payload.response_mode !== 'direct_post.jwt') throw fail('request_response_mode');
  if (!nonceSchema.safeParse(payload.nonce).success) throw fail('request_nonce_missing');
  // §8.4: a wallet that does not support transaction data returns an error.
  if (payload.transaction_data !== undefined) throw fail('request_transaction_data');
}

function parseRequest(payload: Record<string, unknown>): RequestObject {
  const parsed = requestObjectSchema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fail('request_malformed', { field: issue?.path.slice(0, 2).join('.') || 'request' });
}

function chooseEncryption(request: RequestObject): VerifiedRequest['encryption'] {
  const { jwks, encrypted_response_enc_values_supported: offered = ['A128GCM'] } = request.client_metadata;
  const enc = ENCRYPTIONS.findLast((candidate) => offered.includes(candidate));
  for (const candidate of jwks.keys) {
    const key = encryptionKeySchema.safeParse(candidate);
    if (key.success && enc !== undefined) return { key: key.data, enc };
  }
  throw fail('request_encryption_key');
}

function appOf(request: RequestObject): string | null {
  const app = infoOf(request, 'attestel_app');
  if (app !== undefined && typeof app !== 'string')
    throw fail('request_malformed', { field: 'verifier_info' });
  return app ?? null;
}

/** A verifier that does not say where the sign-in goes on is read with care: in another screen. */
function modeOf(request: RequestObject): RequestMode {
  const said = infoOf(request, 'attestel_mode');
  if (said === undefined) return 'cross-device';
  const mode = REQUEST_MODES.find((known) => known === said);
  if (mode === undefined) throw fail('request_malformed', { field: 'verifier_info' });
  return mode;
}

/** Data of the one entry with this format; undefined where there is none. */
function infoOf(request: RequestObject, format: string): unknown {
  const [info, second] = (request.verifier_info ?? []).filter((one) => one.format === format);
  if (info === undefined) return undefined;
  // An entry without data is no silence.
  if (second !== undefined || info.data === undefined)
    throw fail('request_malformed', { field: 'verifier_info' });
  return info.data;
}
