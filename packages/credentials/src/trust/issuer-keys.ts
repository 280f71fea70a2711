import type { KeyObject } from 'node:crypto';
import { type Bytes, type Clock, equalBytes, fromBase64, unixSeconds } from '@attestel/core';
import type { DidResolver } from '@attestel/did';
import type { Issuer, Registry } from '@attestel/registry';
import { verifyLeafUnder } from '@attestel/x509';
import { fail } from '../errors.ts';
import type { JsonObject } from '../jose/strict-json.ts';
import { toVerificationKey } from '../jose/verify-signature.ts';
import { LIMITS } from '../limits.ts';
import { resolveAssertionKey } from './assertion-key.ts';

export interface IssuerKeySources {
  readonly resolver: DidResolver;
  readonly registry: Pick<Registry, 'issuer' | 'issuers' | 'trustAnchors'>;
  readonly clock: Clock;
  /** How long a key found on the ledger may be used without looking again. */
  readonly cacheSeconds?: number;
}

export interface TrustedIssuerKey {
  readonly key: KeyObject;
  readonly did: string;
  readonly issuer: Issuer;
}

/** Finds the key that a JOSE header of an accredited issuer names. */
export type FindIssuerKey = (header: JsonObject) => Promise<TrustedIssuerKey>;

const KID = /^(did:[a-z0-9]+:[A-Za-z0-9._:-]{1,200})#[A-Za-z0-9._-]{1,64}$/;
const CACHED_KEYS = 256;

interface Found {
  readonly key: KeyObject;
  readonly until: number;
}

/**
 * One key, two anchors: `kid` is an assertionMethod key in the DID document on the ledger, and the `x5c`
 * leaf under a trust anchor holds the same key and names the same DID. Both must hold, so neither the
 * certificate authority nor one operator's document alone can make a signature count.
 */
export function createIssuerKeys(sources: IssuerKeySources): FindIssuerKey {
  const { registry, clock, cacheSeconds = 10 } = sources;
  const cache = new Map<string, Found>();
  return async (header) => {
    const kid = typeof header.kid === 'string' ? header.kid : '';
    const did = KID.exec(kid)?.[1];
    if (did === undefined) throw fail('issuer_kid_not_did_url');
    // Asked each time: a suspended issuer is refused at once, whatever is cached.
    const issuer = registry.issuer(did);
    if (issuer?.status !== 'active') throw fail('issuer_not_accredited');
    const now = unixSeconds(clock);
    const cacheKey = JSON.stringify([kid, header.x5c]);
    const known = cache.get(cacheKey);
    if (known && now < known.until) return { key: known.key, did, issuer };
    const found = await findKey(sources, { kid, did, x5c: header.x5c, now });
    if (cache.size >= CACHED_KEYS) cache.delete(cache.keys().next().value as string);
    cache.set(cacheKey, { key: found.key, until: Math.min(now + cacheSeconds, found.notAfter) });
    return { key: found.key, did, issuer };
  };
}

async function findKey(
  { resolver, registry }: IssuerKeySources,
  wanted: { kid: string; did: string; x5c: unknown; now: number },
): Promise<{ key: KeyObject; notAfter: number }> {
  const leaf = verifiedLeaf(wanted.x5c, registry.trustAnchors(), wanted.now);
  if (!leaf.sanUris.includes(wanted.did)) throw fail('issuer_x5c_name_mismatch');
  const onLedger = await resolveAssertionKey(resolver, wanted.did, wanted.kid);
  if (!equalBytes(onLedger, leaf.publicKey)) throw fail('issuer_x5c_key_mismatch');
  return { key: toVerificationKey(onLedger).key, notAfter: leaf.notAfter };
}

function verifiedLeaf(
  x5c: unknown,
  anchors: readonly Bytes[],
  now: number,
): ReturnType<typeof verifyLeafUnder> {
  if (!Array.isArray(x5c) || x5c.length < 1 || x5c.length > LIMITS.x5cCertificates) {
    throw fail('issuer_x5c_malformed');
  }
  const chain = x5c.map((certificate: unknown) => {
    if (typeof certificate !== 'string' || certificate.length > LIMITS.x5cChars) {
      throw fail('issuer_x5c_malformed');
    }
    try {
      return fromBase64(certificate); // RFC 7515 §4.1.6: base64, not base64url
    } catch {
      throw fail('issuer_x5c_malformed');
    }
  });
  try {
    return verifyLeafUnder(chain, anchors, now);
  } catch (cause) {
    throw fail('issuer_x5c_untrusted', { cause });
  }
}
