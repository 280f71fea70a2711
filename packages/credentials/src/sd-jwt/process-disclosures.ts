import type { JsonValue } from '@attestel/core';
import { fail } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../jose/strict-json.ts';
import { LIMITS } from '../limits.ts';
import type { Disclosure } from './disclosure.ts';

/** Base64url of 32 bytes: 42 characters and one whose two low bits are zero. */
const SHA256_DIGEST = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

const NONE: ReadonlySet<string> = new Set();

interface Walk {
  readonly byDigest: ReadonlyMap<string, Disclosure>;
  readonly seen: Set<string>;
  /** Top-level claims in which nothing may be hidden. */
  readonly plainClaims: ReadonlySet<string>;
  used: number;
}

/**
 * The processed payload of an SD-JWT (RFC 9901 §7.1 steps 3 to 5): disclosed claims put in place, digests
 * removed. `digests[i]` is the digest of `disclosures[i]`. Claims named in `plainClaims` must neither be
 * disclosed at the top level nor hide anything inside (SD-JWT VC §2.2.2.2).
 */
export function processDisclosures(
  payload: JsonObject,
  disclosures: readonly Disclosure[],
  digests: readonly string[],
  plainClaims: ReadonlySet<string>,
): JsonObject {
  // RFC 9901 §4.1.1; SHA-256 where the claim is absent.
  if (payload._sd_alg !== undefined && payload._sd_alg !== 'sha-256') throw fail('sd_alg_unsupported');
  const byDigest = new Map(disclosures.map((disclosure, i) => [digests[i] as string, disclosure]));
  if (byDigest.size !== disclosures.length) throw fail('disclosure_duplicate');
  const walk: Walk = { byDigest, seen: new Set(), plainClaims, used: 0 };
  const processed = expandObject(payload, walk, true, 0);
  if (walk.used !== disclosures.length) throw fail('disclosure_not_referenced');
  return processed;
}

/** Names and disclosures whose digests stand directly in an object's `_sd`. */
export function propertiesOf(
  value: JsonObject,
  byDigest: ReadonlyMap<string, Disclosure>,
): ReadonlyMap<string, Disclosure> {
  const found = new Map<string, Disclosure>();
  for (const digest of digestsOf(value)) {
    const disclosure = byDigest.get(digest);
    if (disclosure?.name !== undefined) found.set(disclosure.name, disclosure);
  }
  return found;
}

function expand(value: JsonValue, walk: Walk, depth: number): JsonValue {
  if (depth > LIMITS.jsonDepth) throw fail('json_too_complex');
  if (Array.isArray(value)) return expandArray(value, walk, depth);
  return isJsonObject(value) ? expandObject(value, walk, false, depth) : value;
}

function expandArray(items: readonly JsonValue[], walk: Walk, depth: number): JsonValue[] {
  const out: JsonValue[] = [];
  for (const item of items) {
    if (!isJsonObject(item) || !Object.hasOwn(item, '...')) {
      out.push(expand(item, walk, depth + 1));
      continue;
    }
    const digest = item['...'];
    // §4.2.4.2: no other keys beside the three dots.
    if (typeof digest !== 'string' || Object.keys(item).length !== 1) throw fail('ellipsis_malformed');
    const disclosure = take(digest, walk);
    if (!disclosure) continue;
    if (disclosure.name !== undefined) throw fail('disclosure_not_element');
    out.push(expand(disclosure.value, walk, depth + 1));
  }
  return out;
}

function expandObject(value: JsonObject, walk: Walk, top: boolean, depth: number): JsonObject {
  const out: Record<string, JsonValue> = {};
  for (const name of Object.keys(value)) {
    if (isConveyor(name, top)) continue;
    const member = value[name] as JsonValue;
    if (top && walk.plainClaims.has(name)) assertNothingHidden(member, name);
    out[name] = typeof member === 'object' ? expand(member, walk, depth + 1) : member;
  }
  for (const digest of digestsOf(value)) {
    const disclosure = take(digest, walk);
    if (!disclosure) continue;
    const name = assertInsertable(disclosure, top ? walk.plainClaims : NONE, out);
    out[name] = expand(disclosure.value, walk, depth + 1);
  }
  return out;
}

/** Whether a member only conveys digests and disappears. RFC 9901 §4.1: elsewhere its name is an error. */
function isConveyor(name: string, top: boolean): boolean {
  if (name === '...') throw fail('ellipsis_malformed');
  if (name === '_sd_alg' && !top) throw fail('sd_alg_misplaced');
  return name === '_sd' || name === '_sd_alg';
}

/** §7.1 step 3.3.2. Returns the name of the claim that may be inserted. */
function assertInsertable({ name }: Disclosure, plain: ReadonlySet<string>, level: JsonObject): string {
  if (name === undefined) throw fail('disclosure_not_property');
  if (name === '_sd' || name === '...' || name === '_sd_alg') throw fail('disclosure_reserved_name');
  if (name === '__proto__') throw fail('json_forbidden_member');
  if (plain.has(name)) throw fail('claim_not_disclosable', { field: name });
  if (Object.hasOwn(level, name)) throw fail('disclosure_claim_exists');
  return name;
}

/** §7.1 step 4: every digest, with a disclosure or without, occurs once. */
function take(digest: string, walk: Walk): Disclosure | undefined {
  if (!SHA256_DIGEST.test(digest)) throw fail('digest_malformed');
  if (walk.seen.has(digest)) throw fail('digest_duplicate');
  if (walk.seen.size >= LIMITS.digests) throw fail('too_many_digests');
  walk.seen.add(digest);
  const disclosure = walk.byDigest.get(digest);
  if (disclosure) walk.used++;
  return disclosure;
}

function digestsOf(value: JsonObject): readonly string[] {
  if (!Object.hasOwn(value, '_sd')) return [];
  const digests = value._sd;
  if (!Array.isArray(digests) || !digests.every((d) => typeof d === 'string')) throw fail('sd_not_array');
  return digests as readonly string[];
}

function assertNothingHidden(value: JsonValue, field: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === '_sd' || name === '...') throw fail('claim_not_disclosable', { field });
    assertNothingHidden(member as JsonValue, field);
  }
}
