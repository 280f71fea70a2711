import { hash } from 'node:crypto';
import {
  type Bytes,
  type Clock,
  type JsonValue,
  type PublicJwk,
  type Random,
  type Signer,
  systemRandom,
  unixSeconds,
} from '@attestel/core';
import { encodeBase64url } from '../jose/node-base64url.ts';
import type { JsonObject } from '../jose/strict-json.ts';
import { PLAIN_CLAIMS, readPublicJwk, SD_JWT_VC_TYP } from './claims.ts';

const SALT_BYTES = 16; // RFC 9901 §9.3: at least 128 bits
const DIGEST_BYTES = 32;
const DAY = 86_400;

/** Claims everyone sees. `cnf` is made from `cnfJwk`. */
export interface PlainClaims {
  readonly vct: string;
  /** Credential issuer URL. */
  readonly iss: string;
  readonly iat: number;
  readonly exp: number;
  readonly status: { readonly status_list: { readonly idx: number; readonly uri: string } };
}

export interface IssueOptions {
  /** DID URL of the issuer's assertion key. */
  readonly kid: string;
  /** DER certificates, leaf first, without the anchor (HAIP 1.0 §6.1.1). */
  readonly x5c: readonly Bytes[];
  readonly signer: Signer;
  readonly claims: PlainClaims;
  /** Claim name → value; each gets a disclosure of its own. */
  readonly disclosable: Readonly<Record<string, JsonValue>>;
  readonly cnfJwk: { kty?: unknown; crv?: unknown; x?: unknown; y?: unknown };
  readonly random?: Random;
  /** Digests without disclosure, to hide how many claims there are (RFC 9901 §4.2.5). */
  readonly decoys?: number;
}

/** Issues one SD-JWT VC: `<issuer-signed JWT>~<disclosure>~…~`. */
export async function issueSdJwtVc(options: IssueOptions): Promise<string> {
  const { disclosures, digests } = hideClaims(options);
  const { vct, iss, iat, exp, status } = options.claims;
  const payload = {
    _sd: digests,
    vct,
    iss,
    iat,
    exp,
    cnf: { jwk: rebuildJwk(options.cnfJwk) },
    status: { status_list: { idx: status.status_list.idx, uri: status.status_list.uri } },
    _sd_alg: 'sha-256',
  };
  // SD-JWT VC §2.2.2.4: without selectively disclosable claims there is no _sd at all.
  const { _sd, _sd_alg, ...plain } = payload;
  const body = encodeBase64url(JSON.stringify(digests.length === 0 ? plain : payload));
  const signingInput = `${encodeHeader(options)}.${body}`;
  const signature = await options.signer.sign(Buffer.from(signingInput, 'latin1'));
  const tail = disclosures.length === 0 ? '' : `${disclosures.join('~')}~`;
  return `${signingInput}.${Buffer.from(signature).toString('base64url')}~${tail}`;
}

/**
 * Validity rounded down to the day: a finer time would tell credentials of one person apart from all others
 * issued that day.
 */
export function validityWindow(options: { clock: Clock; days: number }): { iat: number; exp: number } {
  if (!Number.isSafeInteger(options.days) || options.days < 1)
    throw new TypeError('days must be a whole number');
  const iat = Math.floor(unixSeconds(options.clock) / DAY) * DAY;
  return { iat, exp: iat + options.days * DAY };
}

function hideClaims(options: IssueOptions): { disclosures: string[]; digests: string[] } {
  const { random = systemRandom, decoys = 0 } = options;
  const names = Object.keys(options.disclosable);
  const pool = Buffer.from(random.bytes(names.length * SALT_BYTES + decoys * DIGEST_BYTES));
  const disclosures: string[] = [];
  const digests: string[] = [];
  names.forEach((name, i) => {
    if (PLAIN_CLAIMS.has(name) || name === 'iat' || RESERVED.has(name)) {
      throw new TypeError(`claim ${name} cannot be selectively disclosable`);
    }
    const salt = pool.toString('base64url', i * SALT_BYTES, (i + 1) * SALT_BYTES);
    const disclosure = encodeBase64url(JSON.stringify([salt, name, options.disclosable[name]]));
    disclosures.push(disclosure);
    digests.push(hash('sha256', disclosure, 'base64url'));
  });
  for (let i = 0; i < decoys; i++) {
    const at = names.length * SALT_BYTES + i * DIGEST_BYTES;
    digests.push(hash('sha256', pool.subarray(at, at + DIGEST_BYTES), 'base64url'));
  }
  // §4.2.4.1: sorted digests say nothing about the order of the claims.
  return { disclosures, digests: digests.sort() };
}

const RESERVED = new Set(['_sd', '_sd_alg', '...', '__proto__']);

/**
 * Only the members that define the key: anything else would correlate copies. That the point is on the curve
 * was shown when the holder's proof of possession verified.
 */
function rebuildJwk({ kty, crv, x, y }: IssueOptions['cnfJwk']): PublicJwk {
  const members = Object.entries({ kty, crv, x, y }).filter(([, value]) => value !== undefined);
  return readPublicJwk(Object.fromEntries(members) as JsonObject);
}

/** All credentials of an issuer share one header; encoding a certificate each time would be waste. */
const HEADERS = 64;
const headers = new Map<string, string>();

function encodeHeader(options: IssueOptions): string {
  const x5c = options.x5c.map((der) => Buffer.from(der).toString('base64'));
  const id = [options.signer.algorithm, options.kid, ...x5c].join(' ');
  const known = headers.get(id);
  if (known !== undefined) return known;
  const header = { alg: options.signer.algorithm, typ: SD_JWT_VC_TYP, kid: options.kid, x5c };
  const encoded = encodeBase64url(JSON.stringify(header));
  if (headers.size >= HEADERS) headers.delete(headers.keys().next().value as string);
  headers.set(id, encoded);
  return encoded;
}
