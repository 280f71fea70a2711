import {
  algorithmOf,
  type Clock,
  type HttpRequest,
  isAppError,
  type MultikeyBytes,
  multikeyToJwk,
  toHex,
  unixSeconds,
  utf8,
} from '@attestel/core';
import { decodeJwt, decodeProtectedHeader, importJWK, type JWK, jwtVerify } from 'jose';
import { z } from 'zod';
import { verificationKey } from '../document/verification-key.ts';
import { fail } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { parseDidUrl } from '../syntax/did-url-syntax.ts';
import type { DidResolver } from '../types.ts';
import { MAX_TOKEN_SECONDS } from './create-party-token.ts';

export interface PartyAuthenticatorOptions {
  readonly resolver: DidResolver;
  /** Base URL of this node, exactly as callers write it into `aud`. */
  readonly audience: string;
  readonly clock: Clock;
  /** Whether the party may call at all; asked for every request, also for tokens seen before. */
  readonly isActive?: (did: string) => boolean;
}

export interface AuthenticatedParty {
  readonly did: string;
}

export type PartyAuthenticator = (request: HttpRequest) => Promise<AuthenticatedParty>;

const MAX_TOKEN_LENGTH = 2048;
const MAX_CACHED_TOKENS = 4096;
/** A caller's clock may run ahead by this much. */
const CLOCK_SKEW_SECONDS = 30;

/**
 * Authenticates callers of a node's API by party tokens. A token that was accepted is remembered
 * until it expires, by its hash; a key taken out of a document is therefore refused after at most
 * {@link MAX_TOKEN_SECONDS}.
 * @throws (from the function it returns) AppError token_missing, token_invalid, token_expired,
 * party_inactive, resolution_failed
 */
export function createPartyAuthenticator(options: PartyAuthenticatorOptions): PartyAuthenticator {
  const accepted = new Map<string, { readonly did: string; readonly exp: number }>();
  return async (request) => {
    const token = bearerToken(request);
    const now = unixSeconds(options.clock);
    const id = toHex(sha256(utf8(token)));
    let party = accepted.get(id);
    if (party !== undefined && party.exp <= now) {
      accepted.delete(id);
      throw fail('token_expired');
    }
    if (party === undefined) {
      party = await verifyToken(token, options, now);
      forgetOldest(accepted);
      accepted.set(id, party);
    }
    if (options.isActive !== undefined && !options.isActive(party.did)) throw fail('party_inactive');
    return { did: party.did };
  };
}

/** The cache holds only tokens that verified, so strangers cannot fill it. */
function forgetOldest(accepted: Map<string, unknown>): void {
  const [oldest] = accepted.keys();
  if (accepted.size >= MAX_CACHED_TOKENS && oldest !== undefined) accepted.delete(oldest);
}

/** RFC 6750 §2.1. */
function bearerToken({ headers }: HttpRequest): string {
  const [, token] =
    /^Bearer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i.exec(
      headers.authorization?.slice(0, MAX_TOKEN_LENGTH + 8) ?? '',
    ) ?? [];
  if (headers.authorization === undefined) throw fail('token_missing');
  if (token === undefined || token.length > MAX_TOKEN_LENGTH) throw fail('token_invalid');
  return token;
}

const headerSchema = z.object({ typ: z.literal('JWT'), alg: z.enum(['ES256', 'EdDSA']), kid: z.string() });

const claimsSchema = z.object({
  iss: z.string(),
  // One audience, as a string: a list would let one node use the token at another.
  aud: z.string(),
  iat: z.int(),
  exp: z.int(),
  nbf: z.int().optional(),
});

/** A resolver that does not answer is our trouble, not the caller's: 503 and not 401. */
const PASSED_ON = ['token_invalid', 'token_expired', 'resolution_failed'];

async function verifyToken(
  token: string,
  { resolver, audience }: PartyAuthenticatorOptions,
  now: number,
): Promise<{ did: string; exp: number }> {
  try {
    const { alg, kid } = headerSchema.parse(decodeProtectedHeader(token));
    // Everything cheap first: a stranger's token costs no resolution unless it is meant for this node.
    const claims = claimsSchema.parse(decodeJwt(token));
    assertClaims(claims, audience, now);
    const { did } = parseDidUrl(kid);
    if (claims.iss !== did) throw fail('token_invalid', { field: 'iss' });
    const key = verificationKey(await resolver.resolve(did), kid, 'authentication');
    if (algorithmOf(key) !== alg) throw fail('token_invalid', { field: 'alg' });
    await verifySignature(token, key, alg, { audience, issuer: did, now });
    return { did, exp: claims.exp };
  } catch (cause) {
    if (isAppError(cause) && PASSED_ON.includes(cause.code)) throw cause;
    throw fail('token_invalid', { cause });
  }
}

function assertClaims(
  { aud, iat, exp, nbf }: z.infer<typeof claimsSchema>,
  audience: string,
  now: number,
): void {
  if (aud !== audience) throw fail('token_invalid', { field: 'aud' });
  if (exp <= now) throw fail('token_expired');
  if (exp - iat > MAX_TOKEN_SECONDS || exp <= iat) throw fail('token_invalid', { field: 'exp' });
  if (iat > now + CLOCK_SKEW_SECONDS) throw fail('token_invalid', { field: 'iat' });
  if (nbf !== undefined && nbf > now + CLOCK_SKEW_SECONDS) throw fail('token_invalid', { field: 'nbf' });
}

async function verifySignature(
  token: string,
  key: MultikeyBytes,
  alg: string,
  expected: { readonly audience: string; readonly issuer: string; readonly now: number },
): Promise<void> {
  await jwtVerify(token, await importJWK(multikeyToJwk(key) as JWK, alg), {
    algorithms: [alg],
    typ: 'JWT',
    audience: expected.audience,
    issuer: expected.issuer,
    currentDate: new Date(expected.now * 1000),
    clockTolerance: CLOCK_SKEW_SECONDS,
    requiredClaims: ['iat', 'exp'],
  });
}
