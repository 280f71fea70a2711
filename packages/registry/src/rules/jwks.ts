import { fromBase64url, multikeyFromJwk } from '@attestel/core';
import { z } from 'zod';

const MAX_TEXT = 16_000;
const MAX_KEYS = 10;
/** 2048 bits as base64url, and no more than 4096. */
const RSA_MODULUS = /^[A-Za-z0-9_-]{342,683}$/;

const named = {
  kid: z.string().min(1).max(100).optional(),
  use: z.literal('sig').optional(),
};

/** Public keys only: the objects are strict, so a private member is an unknown one. */
const keySchema = z.discriminatedUnion('kty', [
  z
    .strictObject({
      ...named,
      kty: z.literal('EC'),
      crv: z.literal('P-256'),
      x: z.string(),
      y: z.string(),
      alg: z.literal('ES256').optional(),
    })
    .refine(isPoint),
  z
    .strictObject({
      ...named,
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: z.string(),
      alg: z.enum(['EdDSA', 'Ed25519']).optional(),
    })
    .refine(isPoint),
  z.strictObject({
    ...named,
    kty: z.literal('RSA'),
    n: z.string().regex(RSA_MODULUS).refine(isBase64url),
    e: z.literal('AQAB'),
    alg: z.enum(['RS256', 'PS256']).optional(),
  }),
]);

const jwksSchema = z.strictObject({ keys: z.array(keySchema).min(1).max(MAX_KEYS) });

/** The rule a JWK set (RFC 7517 §5) for `private_key_jwt` breaks, or undefined. */
export function jwksFault(text: string): string | undefined {
  if (text.length > MAX_TEXT) return `must have at most ${MAX_TEXT} characters`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'must be JSON';
  }
  const parsed = jwksSchema.safeParse(value);
  if (!parsed.success) return 'must be a JWK set of public P-256, Ed25519 or RSA (2048 to 4096 bit) keys';
  const kids = parsed.data.keys.flatMap((key) => key.kid ?? []);
  return new Set(kids).size === kids.length ? undefined : 'must not use a kid twice';
}

function isPoint(jwk: { kty: string; crv: string; x: string; y?: string }): boolean {
  try {
    multikeyFromJwk(jwk);
    return true;
  } catch {
    return false;
  }
}

function isBase64url(text: string): boolean {
  try {
    fromBase64url(text);
    return true;
  } catch {
    return false;
  }
}
