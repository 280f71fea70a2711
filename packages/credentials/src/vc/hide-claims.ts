import { hash } from 'node:crypto';
import type { JsonValue, Random } from '@attestel/core';
import { encodeBase64url } from '../jose/node-base64url.ts';
import { PLAIN_CLAIMS } from './claims.ts';

const SALT_BYTES = 16; // RFC 9901 §9.3: at least 128 bits
const DIGEST_BYTES = 32;
/** At most this many random bytes at a time; a draw costs about the same for 16 bytes as for thousands. */
const MAX_DRAW_BYTES = 16_384;

const RESERVED = new Set(['_sd', '_sd_alg', '...', '__proto__']);

export interface HiddenClaims {
  readonly disclosures: readonly string[];
  /** Of the disclosures and decoys, sorted: the order says nothing about the claims (RFC 9901 §4.2.4.1). */
  readonly digests: readonly string[];
}

/**
 * Hides the same claims as often as there are copies, each time under salts of its own (RFC 9901 §4.2.1).
 *
 * A disclosure is `["<salt>","<name>",<value>]` in base64url. Its first 24 bytes are bracket, quote and the 22
 * characters of the salt; 24 is a multiple of 3, so that what follows has the same base64url form under any
 * salt and is encoded once.
 * @throws TypeError when a claim must not be hidden
 */
export function claimHider(options: {
  readonly claims: Readonly<Record<string, JsonValue>>;
  readonly random: Random;
  /** Digests without disclosure, to hide how many claims there are (RFC 9901 §4.2.5). */
  readonly decoys: number;
  readonly copies: number;
}): () => HiddenClaims {
  const tails = Object.entries(options.claims).map(([name, value]) => tailOf(name, value));
  const needed = options.copies * (tails.length * SALT_BYTES + options.decoys * DIGEST_BYTES);
  const draw = drawer(options.random, Math.min(needed, MAX_DRAW_BYTES));
  return () => {
    const salts = draw(tails.length * SALT_BYTES);
    const heads = headsOf(salts, tails.length);
    const disclosures = tails.map((tail, i) => heads.slice(i * HEAD_CHARS, (i + 1) * HEAD_CHARS) + tail);
    const digests = disclosures.map((disclosure) => hash('sha256', disclosure, 'base64url'));
    for (let i = 0; i < options.decoys; i++) digests.push(hash('sha256', draw(DIGEST_BYTES), 'base64url'));
    return { disclosures, digests: digests.sort() };
  };
}

/** Base64url of `["` and a salt. */
const HEAD_CHARS = 32;

function headsOf(salts: Buffer, count: number): string {
  let heads = '';
  for (let i = 0; i < count; i++) {
    heads += `["${salts.toString('base64url', i * SALT_BYTES, (i + 1) * SALT_BYTES)}`;
  }
  return encodeBase64url(heads);
}

/** Base64url of `","<name>",<value>]`. */
function tailOf(name: string, value: JsonValue): string {
  if (PLAIN_CLAIMS.has(name) || name === 'iat' || RESERVED.has(name)) {
    throw new TypeError(`claim ${name} cannot be selectively disclosable`);
  }
  return encodeBase64url(JSON.stringify(['', name, value]).slice('["'.length));
}

/** Random bytes out of larger draws; none is given twice. */
function drawer(random: Random, drawBytes: number): (length: number) => Buffer {
  let drawn = Buffer.alloc(0);
  return (length) => {
    if (drawn.length < length) drawn = Buffer.from(random.bytes(Math.max(length, drawBytes)));
    const taken = drawn.subarray(0, length);
    drawn = drawn.subarray(length);
    return taken;
  };
}
