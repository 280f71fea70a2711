import { b64, disclose, es256, jws, KEYS, publicJwk, type SignWith, sha256 } from './build.ts';

export const PARAMETERS = {
  now: 1_800_000_000,
  audience: 'decentralized_identifier:did:mno:verifier',
  nonce: 'n-0S6_WzA2Mj',
  vct: 'https://credentials.example/phone-number/1',
  issuer: 'https://issuer.example',
  issuerDid: 'did:mno:issuer',
  kid: 'did:mno:issuer#key-1',
} as const;

const DAY = 86_400;
const today = Math.floor(PARAMETERS.now / DAY) * DAY;

export const HEADER = { alg: 'ES256', typ: 'dc+sd-jwt', kid: PARAMETERS.kid };

/** Payload of a good credential without its digests. */
export const PAYLOAD = {
  vct: PARAMETERS.vct,
  iss: PARAMETERS.issuer,
  iat: today,
  exp: today + 14 * DAY,
  cnf: { jwk: publicJwk(KEYS.holder) },
  status: { status_list: { idx: 7, uri: `${PARAMETERS.issuer}/status-lists/1` } },
};

const salt = (n: number): string => b64(Buffer.alloc(16, n));

export const DISCLOSURES = [
  disclose([salt(1), 'phone_number', '+990123456789']),
  disclose([salt(2), 'phone_number_verified', true]),
  disclose([salt(3), 'country', 'ZZ']),
] as const;

type Members = Record<string, unknown>;

export interface Draft {
  header?: unknown;
  /** Changes the payload after digests are in it; may return JSON text. */
  payload?: (payload: Members) => unknown;
  /** Encoded disclosures. Default {@link DISCLOSURES}. */
  disclosures?: readonly string[];
  /** Those that are sent. Default: all. */
  sent?: readonly string[];
  signWith?: SignWith;
  /** Changes the issuer-signed JWT after signing. */
  jwt?: (jwt: string) => string;
  /** Changes the SD-JWT before the key binding JWT is made over it. */
  sdJwt?: (sdJwt: string) => string;
  kbHeader?: unknown;
  kbPayload?: (payload: Members) => unknown;
  kbSignWith?: SignWith;
  kbJwt?: (jwt: string) => string;
}

/** An SD-JWT as issued. */
export function issued(draft: Draft = {}): string {
  const disclosures = draft.disclosures ?? DISCLOSURES;
  const base = { _sd: disclosures.map(sha256).sort(), ...structuredClone(PAYLOAD), _sd_alg: 'sha-256' };
  const payload = draft.payload?.(base) ?? base;
  const signed = jws(draft.header ?? HEADER, payload, draft.signWith ?? es256(KEYS.issuer));
  const jwt = draft.jwt?.(signed) ?? signed;
  const sdJwt = `${[jwt, ...(draft.sent ?? disclosures)].join('~')}~`;
  return draft.sdJwt?.(sdJwt) ?? sdJwt;
}

/** An SD-JWT+KB as presented. */
export function presented(draft: Draft = {}): string {
  const sdJwt = issued(draft);
  const { now, audience, nonce } = PARAMETERS;
  const base = { iat: now - 5, aud: audience, nonce, sd_hash: sha256(sdJwt) };
  const payload = draft.kbPayload?.(base) ?? base;
  const header = draft.kbHeader ?? { alg: 'ES256', typ: 'kb+jwt' };
  const signed = jws(header, payload, draft.kbSignWith ?? es256(KEYS.holder));
  return sdJwt + (draft.kbJwt?.(signed) ?? signed);
}

/** Payload without one member. */
export const without =
  (name: string) =>
  (payload: Members): Members => {
    const { [name]: _, ...rest } = payload;
    return rest;
  };

/** Payload with members set. */
export const withMembers =
  (members: Members) =>
  (payload: Members): Members => ({ ...payload, ...members });
