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
import { readPublicJwk } from './claims.ts';
import { claimHider, type HiddenClaims } from './hide-claims.ts';
import { encodeIssuerHeader } from './issuer-header.ts';

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

/** Wherein the copies of one batch differ, beside their salts. */
export interface CredentialCopy {
  readonly cnfJwk: { kty?: unknown; crv?: unknown; x?: unknown; y?: unknown };
  readonly status: PlainClaims['status'];
}

export interface IssueBatchOptions {
  /** DID URL of the issuer's assertion key. */
  readonly kid: string;
  /** DER certificates, leaf first, without the anchor (HAIP 1.0 §6.1.1). */
  readonly x5c: readonly Bytes[];
  readonly signer: Signer;
  readonly claims: Omit<PlainClaims, 'status'>;
  /** Claim name → value; each gets a disclosure of its own. */
  readonly disclosable: Readonly<Record<string, JsonValue>>;
  readonly copies: readonly CredentialCopy[];
  readonly random?: Random;
  /** Digests without disclosure, to hide how many claims there are (RFC 9901 §4.2.5). */
  readonly decoys?: number;
}

export interface IssueOptions extends Omit<IssueBatchOptions, 'claims' | 'copies'> {
  readonly claims: PlainClaims;
  readonly cnfJwk: CredentialCopy['cnfJwk'];
}

/** Issues one SD-JWT VC: `<issuer-signed JWT>~<disclosure>~…~`. */
export async function issueSdJwtVc(options: IssueOptions): Promise<string> {
  const { cnfJwk, claims, ...rest } = options;
  const [issued] = await issueSdJwtVcBatch({ ...rest, claims, copies: [{ cnfJwk, status: claims.status }] });
  return issued as string;
}

/** Issues copies that say the same, each for a key, with a status and under salts of its own. */
export async function issueSdJwtVcBatch(options: IssueBatchOptions): Promise<string[]> {
  const { signer, kid, x5c, copies, disclosable: claims, random = systemRandom, decoys = 0 } = options;
  const header = encodeIssuerHeader({ algorithm: signer.algorithm, kid, x5c });
  const hide = claimHider({ claims, random, decoys, copies: copies.length });
  return Promise.all(copies.map((copy) => sign(signer, header, encodePayload(options.claims, copy, hide()))));
}

interface HiddenPayload {
  readonly payload: string;
  readonly disclosures: readonly string[];
}

async function sign(
  signer: Signer,
  header: string,
  { payload, disclosures }: HiddenPayload,
): Promise<string> {
  const signingInput = `${header}.${payload}`;
  const signature = await signer.sign(Buffer.from(signingInput, 'latin1'));
  const tail = disclosures.length === 0 ? '' : `${disclosures.join('~')}~`;
  return `${signingInput}.${Buffer.from(signature).toString('base64url')}~${tail}`;
}

function encodePayload(
  { vct, iss, iat, exp }: IssueBatchOptions['claims'],
  { cnfJwk, status }: CredentialCopy,
  { disclosures, digests }: HiddenClaims,
): HiddenPayload {
  const { idx, uri } = status.status_list;
  const plain = {
    vct,
    iss,
    iat,
    exp,
    cnf: { jwk: rebuildJwk(cnfJwk) },
    status: { status_list: { idx, uri } },
  };
  // SD-JWT VC §2.2.2.4: without selectively disclosable claims there is no _sd at all.
  const payload = digests.length === 0 ? plain : { _sd: digests, ...plain, _sd_alg: 'sha-256' };
  return { payload: encodeBase64url(JSON.stringify(payload)), disclosures };
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

/**
 * Only the members that define the key: anything else would correlate copies. That the point is on the curve
 * was shown when the holder's proof of possession verified.
 */
const rebuildJwk = ({ kty, crv, x, y }: CredentialCopy['cnfJwk']): PublicJwk =>
  readPublicJwk((y === undefined ? { kty, crv, x } : { kty, crv, x, y }) as JsonObject);
