import {
  type Bytes,
  type Clock,
  type MultikeyBytes,
  multikeyToJwk,
  type SignatureAlgorithm,
  unixSeconds,
  utf8,
} from '@attestel/core';
import { fail } from '../errors.ts';
import { assertNotSmallOrder } from '../jose/small-order.ts';
import type { JsonObject } from '../jose/strict-json.ts';
import { parseSdJwt } from '../sd-jwt/parse-sd-jwt.ts';
import { checkCredential } from '../vc/check-credential.ts';
import type { CredentialFrame } from '../vc/claims.ts';
import { digestText, type Hash, webCryptoSha256 } from './hash.ts';

/** Verifies one signature with a key and the algorithm it is for. */
export type VerifySignature = (
  key: MultikeyBytes,
  algorithm: SignatureAlgorithm,
  message: Bytes,
  signature: Bytes,
) => Promise<boolean>;

export interface VerifyReceivedOptions {
  readonly sdJwt: string;
  /** Finds the key of the issuer the unverified header and payload name; throws if it is not trusted. */
  readonly issuerKey: (header: JsonObject, payload: JsonObject) => Promise<MultikeyBytes>;
  readonly vcts: readonly string[];
  readonly clock: Clock;
  readonly hash?: Hash;
  readonly verifySignature?: VerifySignature;
}

/** The holder's own check of a credential before keeping it (RFC 9901 §7.2). */
export async function verifyReceived(
  options: VerifyReceivedOptions,
): Promise<CredentialFrame & { readonly claims: JsonObject }> {
  const { hash = webCryptoSha256, verifySignature = webCryptoVerify } = options;
  const parsed = parseSdJwt(options.sdJwt);
  if (parsed.keyBinding !== undefined) throw fail('key_binding_unexpected');
  const digests = await Promise.all(parsed.disclosures.map(({ encoded }) => digestText(encoded, hash)));
  const rules = { vcts: options.vcts, now: unixSeconds(options.clock) };
  const { algorithm, ...credential } = checkCredential(parsed, digests, rules);
  const { header, payload, signingInput, signature } = parsed.issuerSigned;
  const key = await options.issuerKey(header, payload);
  if (multikeyToJwk(key).kty !== (algorithm === 'ES256' ? 'EC' : 'OKP')) throw fail('alg_not_allowed');
  if (!(await verifySignature(key, algorithm, utf8(signingInput), signature)))
    throw fail('signature_invalid');
  return credential;
}

/** ES256 with its raw r‖s signature and Ed25519, as Web Crypto has both. */
export const webCryptoVerify: VerifySignature = async (key, algorithm, message, signature) => {
  if (signature.length !== 64) return false;
  const jwk = multikeyToJwk(key);
  if (jwk.kty === 'OKP') assertNotSmallOrder(jwk.x);
  const parameters =
    algorithm === 'ES256' ? { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } : { name: 'Ed25519' };
  const imported = await crypto.subtle.importKey('jwk', { ...jwk }, parameters, false, ['verify']);
  return crypto.subtle.verify(parameters, imported, Uint8Array.from(signature), Uint8Array.from(message));
};
