import { hash, type KeyObject } from 'node:crypto';
import { type Clock, type MultikeyBytes, type PublicJwk, unixSeconds } from '@attestel/core';
import { fail } from '../errors.ts';
import { decodeBase64url } from '../jose/node-base64url.ts';
import type { JsonObject } from '../jose/strict-json.ts';
import { importJwk, isSignatureValid, toVerificationKey } from '../jose/verify-signature.ts';
import { type ParsedSdJwt, parseSdJwt } from '../sd-jwt/parse-sd-jwt.ts';
import { type CheckedCredential, checkCredential } from './check-credential.ts';
import { checkKeyBinding } from './check-key-binding.ts';
import type { StatusReference } from './claims.ts';

/** Who signed, and with which key, according to what the verifier trusts. */
export interface IssuerKey {
  readonly key: MultikeyBytes | KeyObject;
  readonly did: string;
}

/**
 * Finds the key of the issuer that an unverified header and payload claim, and throws unless that issuer
 * may issue this credential (RFC 9901 §7.1 step 2.3, SD-JWT VC §2.5).
 */
export type IssuerKeys = (header: JsonObject, payload: JsonObject) => Promise<IssuerKey>;

export interface VerifiedCredential {
  readonly vct: string;
  readonly issuerDid: string;
  /** Credential issuer URL, `iss`. */
  readonly issuer: string;
  /** Processed payload: what is in the clear and what was disclosed. */
  readonly claims: JsonObject;
  readonly status: StatusReference;
  readonly cnfJwk: PublicJwk;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export interface CredentialOptions {
  readonly clock: Clock;
  readonly issuerKeys: IssuerKeys;
  readonly vcts: readonly string[];
}

export interface PresentationOptions extends CredentialOptions {
  readonly presentation: string;
  /** The verifier's own identifier: `aud` must be exactly this. */
  readonly audience: string;
  readonly nonce: string;
  readonly kbMaxAgeSeconds?: number;
}

/** RFC 9901 §7.3: verifies an SD-JWT+KB. A presentation without key binding is refused. */
export async function verifyPresentation(options: PresentationOptions): Promise<VerifiedCredential> {
  const now = unixSeconds(options.clock);
  const parsed = parseSdJwt(options.presentation, decodeBase64url);
  if (parsed.keyBinding === undefined) throw fail('key_binding_missing');
  const { audience, nonce, vcts } = options;
  const credential = checkCredential(parsed, digestsOf(parsed), { vcts, now, audience });
  const { cnfJwk } = credential;
  const binding = checkKeyBinding(
    parsed.keyBinding,
    {
      audience,
      nonce,
      sdHash: sha256(parsed.sdJwt),
      cnfJwk,
      now,
      maxAgeSeconds: options.kbMaxAgeSeconds ?? 60,
    },
    decodeBase64url,
  );
  const issuerDid = await verifyIssuerSignature(parsed, credential, options.issuerKeys);
  if (!isSignatureValid(importJwk(cnfJwk), binding.signingInput, binding.signature)) {
    throw fail('key_binding_signature_invalid');
  }
  return toVerified(credential, issuerDid);
}

/** RFC 9901 §7.1 for an SD-JWT as an issuer hands it out: with a key binding JWT it is refused (§7.2). */
export async function verifyIssuerSignedSdJwt(
  options: CredentialOptions & { readonly sdJwt: string },
): Promise<VerifiedCredential> {
  const parsed = parseSdJwt(options.sdJwt, decodeBase64url);
  if (parsed.keyBinding !== undefined) throw fail('key_binding_unexpected');
  const rules = { vcts: options.vcts, now: unixSeconds(options.clock) };
  const credential = checkCredential(parsed, digestsOf(parsed), rules);
  return toVerified(credential, await verifyIssuerSignature(parsed, credential, options.issuerKeys));
}

/** Takes an SD-JWT VC apart without verifying anything. */
export const parseSdJwtVc = (text: string): ParsedSdJwt => parseSdJwt(text, decodeBase64url);

async function verifyIssuerSignature(
  parsed: ParsedSdJwt,
  credential: CheckedCredential,
  issuerKeys: IssuerKeys,
): Promise<string> {
  const { header, payload, signingInput, signature } = parsed.issuerSigned;
  const issuer = await issuerKeys(header, payload);
  const key = toVerificationKey(issuer.key);
  if (key.algorithm !== credential.algorithm) throw fail('alg_not_allowed'); // RFC 8725 §3.1
  if (!isSignatureValid(key, signingInput, signature)) throw fail('signature_invalid');
  return issuer.did;
}

function toVerified(credential: CheckedCredential, issuerDid: string): VerifiedCredential {
  const { vct, issuer, claims, status, cnfJwk, issuedAt, expiresAt } = credential;
  return { vct, issuerDid, issuer, claims, status, cnfJwk, issuedAt, expiresAt };
}

const sha256 = (text: string): string => hash('sha256', text, 'base64url');
const digestsOf = (parsed: ParsedSdJwt): string[] => parsed.disclosures.map((d) => sha256(d.encoded));
