import type { KeyObject } from 'node:crypto';
import type { MultikeyBytes } from '@attestel/core';
import type { DidResolver } from '@attestel/did';
import { fail } from '../errors.ts';
import { type CompactJws, headerAlgorithm, parseCompactJws } from '../jose/compact-jws.ts';
import { decodeBase64url } from '../jose/node-base64url.ts';
import { isSignatureValid, toVerificationKey } from '../jose/verify-signature.ts';
import { LIMITS } from '../limits.ts';
import { resolveAssertionKey, resolveAssertionKeyAt } from '../trust/assertion-key.ts';
import { readVcModel, type Vc } from './vc-model.ts';

export const VC_JWT_TYP = 'vc+jwt';
export const VC_CTY = 'vc';

/** A credential whose form follows every rule; nothing about it is verified. */
export interface ParsedVc {
  readonly vc: Vc;
  /** DID URL of a key of the issuer. */
  readonly kid: string;
  readonly jws: CompactJws;
}

/** The key that `kid` names. @throws AppError issuer_did_unresolved, issuer_key_not_assertion */
export type FindVcKey = (issuer: string, kid: string) => Promise<MultikeyBytes | KeyObject>;

export interface VerifyVcOptions {
  readonly vc: string | ParsedVc;
  readonly findKey: FindVcKey;
  /** Unix seconds at which it must be valid. */
  readonly at: number;
  /** Types that are accepted; absent: any. */
  readonly types?: readonly string[];
}

const FRAGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Takes a hostile `vc+jwt` apart (VC-JOSE-COSE §3.1.1). @throws AppError vc_… and those of JOSE and JSON */
export function parseVc(text: string): ParsedVc {
  const jws = parseCompactJws(text, decodeBase64url, LIMITS.vcChars);
  const { header, payload } = jws;
  headerAlgorithm(header);
  if (header.typ !== VC_JWT_TYP) throw fail('vc_typ_wrong');
  if (header.cty !== VC_CTY) throw fail('vc_cty_wrong');
  if (header.crit !== undefined) throw fail('crit_not_understood');
  const vc = readVcModel(payload);
  // §4.1.1: there must be one, since the issuer's key is a DID URL.
  const { kid } = header;
  if (typeof kid !== 'string' || !kid.startsWith(`${vc.issuer}#`)) throw fail('vc_kid_not_issuers');
  if (!FRAGMENT.test(kid.slice(vc.issuer.length + 1))) throw fail('vc_kid_not_issuers');
  return { vc, kid, jws };
}

/**
 * Verifies form, time and signature. Whether the issuer may say so, and whether the ledger still carries it, is
 * for the caller: a signature says only who said it.
 * @throws AppError vc_…, alg_not_allowed, signature_invalid, and what `findKey` throws
 */
export async function verifyVc({ vc: source, findKey, at, types }: VerifyVcOptions): Promise<Vc> {
  const { vc, kid, jws } = typeof source === 'string' ? parseVc(source) : source;
  if (types !== undefined && !types.includes(vc.type)) throw fail('vc_type_not_accepted');
  if (at < vc.validFrom) throw fail('vc_not_yet_valid');
  if (vc.validUntil !== null && at >= vc.validUntil) throw fail('vc_expired');
  const key = toVerificationKey(await findKey(vc.issuer, kid));
  if (key.algorithm !== headerAlgorithm(jws.header)) throw fail('alg_not_allowed');
  if (!isSignatureValid(key, jws.signingInput, jws.signature)) throw fail('signature_invalid');
  return vc;
}

/**
 * Assertion keys by the DID documents on the ledger.
 * @param at unix seconds when it was signed: later changes of keys take nothing back (specs/did-mno.md §8.8).
 * Absent: only keys that are there now count
 */
export const vcKeysOf =
  (resolver: DidResolver, at?: number): FindVcKey =>
  (issuer, kid) =>
    at === undefined
      ? resolveAssertionKey(resolver, issuer, kid)
      : resolveAssertionKeyAt(resolver, issuer, kid, at);
