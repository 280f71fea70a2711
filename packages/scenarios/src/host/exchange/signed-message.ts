import { algorithmOf, type Bytes, isAppError, type JsonValue, multikeyToJwk, utf8 } from '@attestel/core';
import { type DidResolver, parseDidUrl, type VerificationRelationship, verificationKey } from '@attestel/did';
import { signJws } from '@attestel/keystore';
import { compactVerify, decodeProtectedHeader, importJWK, type JWK } from 'jose';
import { z } from 'zod';
import { fail } from '../../errors.ts';
import type { ExchangeParty } from './exchange-party.ts';

/** Says what a key is for (RFC 8725 §3.11): a parcel never passes for a token, nor a token for a parcel. */
export const KEY_TYP = 'attestel-exchange-key+jwt';
export const PARCEL_TYP = 'attestel-parcel+jwt';

export const signMessage = (
  typ: string,
  claims: { readonly [claim: string]: JsonValue },
  { kid, signer }: ExchangeParty,
): Promise<string> => signJws({ typ, kid }, utf8(JSON.stringify(claims)), signer);

export interface SignedMessage {
  readonly did: string;
  readonly payload: Bytes;
}

const HEADER = z.strictObject({
  typ: z.string(),
  alg: z.enum(['ES256', 'EdDSA']),
  kid: z.string().max(512),
});

/**
 * A compact JWS by a key that its DID document has now, under that relationship. What it says is for the caller.
 * @throws AppError exchange_unauthenticated; resolution_failed where the DID cannot be looked up
 */
export async function verifyMessage(
  text: string,
  expected: {
    readonly typ: string;
    readonly relationship: VerificationRelationship;
    readonly resolver: DidResolver;
  },
): Promise<SignedMessage> {
  try {
    const { typ, alg, kid } = HEADER.parse(decodeProtectedHeader(text));
    if (typ !== expected.typ) throw fail('exchange_unauthenticated', { field: 'typ' });
    const { did } = parseDidUrl(kid);
    const key = verificationKey(await expected.resolver.resolve(did), kid, expected.relationship);
    if (algorithmOf(key) !== alg) throw fail('exchange_unauthenticated', { field: 'alg' });
    const publicKey = await importJWK(multikeyToJwk(key) as JWK, alg);
    const { payload } = await compactVerify(text, publicKey, { algorithms: [alg] });
    return { did, payload };
  } catch (cause) {
    // A resolver that does not answer is our trouble, not the sender's.
    if (isAppError(cause) && (cause.kind === 'unavailable' || cause.code === 'exchange_unauthenticated'))
      throw cause;
    throw fail('exchange_unauthenticated', { cause });
  }
}
