import type { SignatureAlgorithm } from '@attestel/core';
import { fail } from '../errors.ts';
import { headerAlgorithm } from '../jose/compact-jws.ts';
import type { JsonObject } from '../jose/strict-json.ts';
import type { ParsedSdJwt } from '../sd-jwt/parse-sd-jwt.ts';
import { processDisclosures } from '../sd-jwt/process-disclosures.ts';
import { assertAudience, type CredentialFrame, PLAIN_CLAIMS, readFrame, SD_JWT_VC_TYP } from './claims.ts';

export interface CredentialRules {
  /** Accepted credential types. */
  readonly vcts: readonly string[];
  /** Unix seconds. */
  readonly now: number;
  /** Who the credential may be meant for, where it says so itself. */
  readonly audience?: string | undefined;
}

/** What an SD-JWT VC says, all rules checked but its signature. */
export interface CheckedCredential extends CredentialFrame {
  readonly algorithm: SignatureAlgorithm;
  /** Processed payload: claims in the clear and disclosed ones. */
  readonly claims: JsonObject;
}

/**
 * Every rule of RFC 9901 §7.1 and SD-JWT VC §2.5 that needs no key. Cheap checks come first, so that
 * junk costs no public-key operation; the caller verifies the signature with `algorithm` pinned.
 */
export function checkCredential(
  parsed: ParsedSdJwt,
  digests: readonly string[],
  rules: CredentialRules,
): CheckedCredential {
  const { header, payload } = parsed.issuerSigned;
  const algorithm = headerAlgorithm(header);
  if (header.typ !== SD_JWT_VC_TYP) throw fail('typ_wrong'); // SD-JWT VC §2.2.1
  if (header.crit !== undefined) throw fail('crit_not_understood'); // RFC 7515 §4.1.11
  const frame = readFrame(payload, rules.vcts, rules.now);
  const claims = processDisclosures(payload, parsed.disclosures, digests, PLAIN_CLAIMS);
  assertAudience(claims, rules.audience);
  return { ...frame, algorithm, claims };
}
