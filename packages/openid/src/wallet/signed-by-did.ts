import { algorithmOf, fromBase64url, fromUtf8, type MultikeyBytes, multikeyToJwk } from '@attestel/core';
import type { DidResolution, DidResolver, VerificationRelationship } from '@attestel/did';
import { verificationKey } from '@attestel/did/verify';
import { compactVerify, importJWK } from 'jose';
import { z } from 'zod';
import { fail } from './errors.ts';
import { unproven } from './unproven.ts';

/** A JOSE header as far as it decides which key verifies. Unknown members are ignored (RFC 7515 §4). */
const headerSchema = z.looseObject({
  alg: z.enum(['ES256', 'EdDSA']),
  typ: z.string(),
  kid: z.string().max(512),
  // An extension we do not understand must not be ignored (RFC 7515 §4.1.11).
  crit: z.never().optional(),
});

export type SignedHeader = z.infer<typeof headerSchema>;

/** Hostile text → protected header. @throws TypeError when it is no compact JWS with a key id */
export function parseSignedHeader(jws: string): SignedHeader {
  const header = headerSchema.safeParse(decodeObject(jws.split('.')[0]));
  if (!header.success) throw new TypeError('jws: header not acceptable');
  return header.data;
}

/** The payload of a JWS, unverified: for choosing what to verify it with, never for deciding. */
export const peekPayload = (jws: string): Record<string, unknown> => decodeObject(jws.split('.')[1]);

function decodeObject(part: string | undefined): Record<string, unknown> {
  const value: unknown = JSON.parse(fromUtf8(fromBase64url(part ?? '')));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError('jws: part is not an object');
  }
  return value as Record<string, unknown>;
}

export interface DidKeyQuery {
  /** DID URL of the key. */
  readonly kid: string;
  /** The DID it has to be a key of. */
  readonly did: string;
  readonly relationships: readonly VerificationRelationship[];
  readonly resolver: DidResolver;
}

/**
 * The key of a DID, for one of the purposes.
 * @throws resolver_unavailable, answer_unproven, answer_stale, or another error when the DID does not give the key
 */
export async function resolveDidKey(query: DidKeyQuery): Promise<MultikeyBytes> {
  if (query.kid.split('#', 1)[0] !== query.did) throw new TypeError('kid is a key of another DID');
  const resolution = await resolve(query.resolver, query.did);
  let last: unknown;
  for (const relationship of query.relationships) {
    try {
      return verificationKey(resolution, query.kid, relationship);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

async function resolve(resolver: DidResolver, did: string): Promise<DidResolution> {
  let resolution: DidResolution;
  try {
    resolution = await resolver.resolve(did);
  } catch (cause) {
    throw unproven(cause) ?? fail('resolver_unavailable', { cause });
  }
  if (resolution.didResolutionMetadata.error === 'INTERNAL_ERROR') throw fail('resolver_unavailable');
  return resolution;
}

/**
 * Verifies a JWS by the DID key its `kid` names. The algorithm follows from the key, so the header
 * cannot choose another. @throws resolver_unavailable, or another error when anything is not right
 */
export async function verifySignedByDid(jws: string, query: Omit<DidKeyQuery, 'kid'>): Promise<void> {
  const { alg, kid } = parseSignedHeader(jws);
  const key = await resolveDidKey({ ...query, kid });
  if (algorithmOf(key) !== alg) throw new TypeError('jws: alg is not that of the key');
  await compactVerify(jws, await importJWK({ ...multikeyToJwk(key) }, alg), { algorithms: [alg] });
}
