import { type Clock, equalBytes, multikeyFromJwk, type Signer, unixSeconds } from '@attestel/core';
import { fail } from '../errors.ts';
import { signCompactJws } from '../jose/compact-jws.ts';
import { parseSdJwt } from '../sd-jwt/parse-sd-jwt.ts';
import { KEY_BINDING_TYP, readCnf } from '../vc/claims.ts';
import { digestText, type Hash, webCryptoSha256 } from './hash.ts';
import { selectDisclosures } from './select-disclosures.ts';

export interface CreatePresentationOptions {
  /** As the issuer handed it out. */
  readonly sdJwt: string;
  /** Names of the top-level claims to disclose; nothing else leaves. */
  readonly disclose: readonly string[];
  /** The verifier's client identifier. */
  readonly audience: string;
  readonly nonce: string;
  /** The key named in `cnf`. */
  readonly signer: Signer;
  readonly clock: Clock;
  readonly hash?: Hash;
}

/** An SD-JWT+KB for one verifier and one request (RFC 9901 §4.3, §7.2). */
export async function createPresentation(options: CreatePresentationOptions): Promise<string> {
  const { audience, nonce, signer, clock, hash = webCryptoSha256 } = options;
  const cnfJwk = readCnf(parseSdJwt(options.sdJwt).issuerSigned.payload.cnf);
  // Signing with another key would only be noticed by the verifier, long after the person agreed.
  if (!equalBytes(multikeyFromJwk(cnfJwk), signer.publicKey)) throw fail('holder_key_mismatch');
  const selection = await selectDisclosures(options.sdJwt, options.disclose, hash);
  const keyBinding = await signCompactJws(
    { typ: KEY_BINDING_TYP },
    { iat: unixSeconds(clock), aud: audience, nonce, sd_hash: await digestText(selection, hash) },
    signer,
  );
  return selection + keyBinding;
}
