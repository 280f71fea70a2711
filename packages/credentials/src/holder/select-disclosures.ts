import type { JsonValue } from '@attestel/core';
import { fail } from '../errors.ts';
import { isJsonObject } from '../jose/strict-json.ts';
import type { Disclosure } from '../sd-jwt/disclosure.ts';
import { parseSdJwt } from '../sd-jwt/parse-sd-jwt.ts';
import { propertiesOf } from '../sd-jwt/process-disclosures.ts';
import { digestText, type Hash, webCryptoSha256 } from './hash.ts';

/**
 * The SD-JWT with the disclosures of the named top-level claims only, each with everything inside it
 * (RFC 9901 §7.2). Claims that are in the clear need no disclosure and may be named.
 * @throws AppError claim_not_available
 */
export async function selectDisclosures(
  sdJwt: string,
  names: readonly string[],
  hash: Hash = webCryptoSha256,
): Promise<string> {
  const { issuerSigned, disclosures, keyBinding } = parseSdJwt(sdJwt);
  if (keyBinding !== undefined) throw fail('key_binding_unexpected');
  const digests = await Promise.all(disclosures.map(({ encoded }) => digestText(encoded, hash)));
  const byDigest = new Map(disclosures.map((disclosure, i) => [digests[i] as string, disclosure]));
  const available = propertiesOf(issuerSigned.payload, byDigest);
  const wanted = new Set<Disclosure>();
  for (const name of names) {
    const hidden = available.get(name);
    if (hidden) {
      wanted.add(hidden);
      collectInside(hidden.value, byDigest, wanted);
    } else if (Object.hasOwn(issuerSigned.payload, name)) {
      collectInside(issuerSigned.payload[name] as JsonValue, byDigest, wanted);
    } else {
      throw fail('claim_not_available', { field: name });
    }
  }
  const jwt = sdJwt.slice(0, sdJwt.indexOf('~') + 1);
  return jwt + disclosures.map((d) => (wanted.has(d) ? `${d.encoded}~` : '')).join('');
}

function collectInside(
  value: JsonValue,
  byDigest: ReadonlyMap<string, Disclosure>,
  wanted: Set<Disclosure>,
): void {
  if (typeof value !== 'object' || value === null) return;
  const inside: Disclosure[] = [];
  for (const [name, member] of Object.entries(value)) {
    collectInside(member as JsonValue, byDigest, wanted);
    const element = name === '...' && typeof member === 'string' ? byDigest.get(member) : undefined;
    if (element) inside.push(element);
  }
  if (isJsonObject(value)) inside.push(...propertiesOf(value, byDigest).values());
  for (const disclosure of inside) {
    if (wanted.has(disclosure)) continue;
    wanted.add(disclosure);
    collectInside(disclosure.value, byDigest, wanted);
  }
}
