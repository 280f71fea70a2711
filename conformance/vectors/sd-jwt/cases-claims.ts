import { b64, eddsa, es256, KEYS, publicJwk } from './build.ts';
import { type Draft, issued, PARAMETERS, PAYLOAD, withMembers, without } from './draft.ts';
import { presentedCase, type RejectCase } from './reject-case.ts';

const { now, audience } = PARAMETERS;
const jwk = PAYLOAD.cnf.jwk;
const set = (members: Record<string, unknown>): Draft => ({ payload: withMembers(members) });
const statusList = (status_list: unknown): Draft => set({ status: { status_list } });
const cnfJwk = (members: Record<string, unknown>): Draft => set({ cnf: { jwk: { ...jwk, ...members } } });
const privateD = KEYS.holder.export({ format: 'jwk' }).d as string;

/** `iss`, `iat`, `cnf` and `status` are optional in the specification; Attestel's profile needs them. */
const clauseOf = (name: string): string => {
  if (name === 'vct') return 'SD-JWT VC §2.2.2.2';
  return name === 'exp' ? 'RFC 9901 §9.7' : 'Attestel';
};

const REGISTERED: readonly RejectCase[] = [
  ...(['vct', 'iss', 'iat', 'exp', 'cnf', 'status'] as const).map((name) =>
    presentedCase(`no-${name}`, clauseOf(name), 'claim_missing', {
      payload: without(name),
    }),
  ),
  presentedCase(
    'vct-other',
    'SD-JWT VC §2.2.2.1',
    'vct_not_accepted',
    set({ vct: 'https://other.example/1' }),
  ),
  presentedCase(
    'vct-case',
    'SD-JWT VC §2.2.2.1',
    'vct_not_accepted',
    set({ vct: PAYLOAD.vct.toUpperCase() }),
  ),
  presentedCase('vct-array', 'SD-JWT VC §2.2.2.1', 'claim_malformed', set({ vct: [PAYLOAD.vct] })),
  presentedCase('iss-number', 'RFC 7519 §4.1.1', 'claim_malformed', set({ iss: 1 })),
  presentedCase('exp-string', 'RFC 7519 §4.1.4', 'claim_malformed', set({ exp: '1900000000' })),
  presentedCase('exp-negative', 'RFC 7519 §2', 'claim_malformed', set({ exp: -1 })),
  presentedCase('exp-beyond-numbers', 'RFC 7519 §2', 'claim_malformed', {
    payload: (p) => JSON.stringify(p).replace(`"exp":${PAYLOAD.exp}`, '"exp":1e400'),
  }),
  presentedCase('nbf-null', 'RFC 7519 §4.1.5', 'claim_malformed', set({ nbf: null })),
  presentedCase('expired', 'RFC 9901 §7.1 step 6', 'credential_expired', set({ exp: now - 60 })),
  presentedCase('not-yet-valid', 'RFC 9901 §7.1 step 6', 'credential_not_yet_valid', set({ nbf: now + 61 })),
  presentedCase('issued-in-the-future', 'Attestel', 'credential_from_the_future', set({ iat: now + 61 })),
  presentedCase(
    'aud-other',
    'RFC 9901 §7.1 step 6',
    'credential_audience_wrong',
    set({ aud: 'https://other.example' }),
  ),
  presentedCase(
    'aud-list-without-us',
    'RFC 7519 §4.1.3',
    'credential_audience_wrong',
    set({ aud: ['https://other.example'] }),
  ),
];

const HOLDER_KEY: readonly RejectCase[] = [
  presentedCase('cnf-private', 'RFC 7800 §3.2', 'cnf_private_key', cnfJwk({ d: privateD })),
  presentedCase(
    'cnf-symmetric',
    'RFC 7800 §3.2',
    'cnf_private_key',
    set({ cnf: { jwk: { kty: 'oct', k: 'AA' } } }),
  ),
  presentedCase('cnf-kid-member', 'Attestel', 'cnf_extra_member', cnfJwk({ kid: 'phone-7' })),
  presentedCase('cnf-kid-only', 'RFC 7800 §3.4', 'cnf_malformed', set({ cnf: { kid: 'phone-7' } })),
  presentedCase('cnf-two-keys', 'RFC 7800 §3.1', 'cnf_malformed', set({ cnf: { jwk, kid: 'phone-7' } })),
  presentedCase('cnf-empty', 'RFC 7800 §3.1', 'cnf_malformed', set({ cnf: {} })),
  presentedCase('cnf-other-curve', 'RFC 8725 §3.1', 'cnf_malformed', cnfJwk({ crv: 'P-384' })),
  presentedCase('cnf-short-coordinate', 'RFC 7518 §6.2.1.2', 'cnf_malformed', cnfJwk({ x: jwk.x?.slice(1) })),
  presentedCase('cnf-off-curve', 'RFC 8725 §3.4', 'key_not_supported', cnfJwk({ y: jwk.x })),
  presentedCase('cnf-small-order', 'RFC 8725 §3.4', 'key_not_supported', {
    payload: withMembers({ cnf: { jwk: { kty: 'OKP', crv: 'Ed25519', x: b64(Buffer.alloc(32)) } } }),
    kbHeader: { alg: 'EdDSA', typ: 'kb+jwt' },
  }),
];

const STATUS: readonly RejectCase[] = [
  presentedCase('status-empty', 'Token Status List §6.2', 'status_malformed', set({ status: {} })),
  presentedCase('status-string', 'Token Status List §6.2', 'status_malformed', set({ status: 'ok' })),
  ...[-1, 1.5, '7', null].map((idx) =>
    presentedCase(
      `status-idx-${idx === '7' ? 'string' : idx}`,
      'Token Status List §6.2',
      'status_malformed',
      statusList({ idx, uri: PAYLOAD.status.status_list.uri }),
    ),
  ),
  presentedCase(
    'status-uri-relative',
    'Token Status List §6.2',
    'status_malformed',
    statusList({ idx: 7, uri: '/1' }),
  ),
];

const kb = (members: Record<string, unknown>): Draft => ({ kbPayload: withMembers(members) });
const kbHeader = (members: Record<string, unknown>): Draft => ({
  kbHeader: { alg: 'ES256', typ: 'kb+jwt', ...members },
});

const KEY_BINDING: readonly RejectCase[] = [
  ...['none', 'HS256', 'EdDSA', undefined].map((alg) =>
    presentedCase(
      `kb-alg-${alg ?? 'missing'}`,
      'RFC 9901 §7.3 step 5.2',
      'key_binding_alg_wrong',
      kbHeader({ alg }),
    ),
  ),
  presentedCase('kb-ed25519-key-es256', 'RFC 8725 §3.1', 'key_binding_alg_wrong', {
    payload: withMembers({ cnf: { jwk: publicJwk(KEYS.edHolder) } }),
    kbSignWith: eddsa(KEYS.edHolder),
  }),
  ...[undefined, 'JWT', 'dc+sd-jwt', 'KB+JWT'].map((typ) =>
    presentedCase(
      `kb-typ-${typ ?? 'missing'}`,
      'RFC 9901 §7.3 step 5.4',
      'key_binding_typ_wrong',
      kbHeader({ typ }),
    ),
  ),
  presentedCase('kb-crit', 'RFC 7515 §4.1.11', 'key_binding_crit', kbHeader({ crit: ['x'], x: 1 })),
  ...(['aud', 'nonce', 'iat', 'sd_hash'] as const).map((name) =>
    presentedCase(`kb-no-${name}`, 'RFC 9901 §4.3', 'key_binding_claim_missing', {
      kbPayload: without(name),
    }),
  ),
  presentedCase('kb-aud-array', 'RFC 9901 §4.3', 'key_binding_claim_missing', kb({ aud: [audience] })),
  presentedCase('kb-nonce-number', 'RFC 9901 §4.3', 'key_binding_claim_missing', kb({ nonce: 1 })),
  presentedCase('kb-iat-string', 'RFC 9901 §4.3', 'key_binding_claim_missing', kb({ iat: `${now}` })),
  presentedCase(
    'kb-aud-other',
    'RFC 9901 §7.3 step 5.6',
    'key_binding_audience_wrong',
    kb({ aud: 'https://other.example' }),
  ),
  presentedCase(
    'kb-aud-longer',
    'RFC 9901 §7.3 step 5.6',
    'key_binding_audience_wrong',
    kb({ aud: `${audience}/` }),
  ),
  presentedCase(
    'kb-nonce-other',
    'RFC 9901 §7.3 step 5.6',
    'key_binding_nonce_wrong',
    kb({ nonce: 'n-0S6_WzA2MJ' }),
  ),
  presentedCase('kb-too-old', 'RFC 9901 §7.3 step 5.5', 'key_binding_too_old', kb({ iat: now - 61 })),
  presentedCase(
    'kb-from-the-future',
    'RFC 9901 §7.3 step 5.5',
    'key_binding_from_the_future',
    kb({ iat: now + 61 }),
  ),
  presentedCase('kb-expired', 'RFC 9901 §7.3 step 5.8', 'key_binding_expired', kb({ exp: now - 60 })),
  presentedCase('kb-not-before', 'RFC 9901 §7.3 step 5.8', 'key_binding_expired', kb({ nbf: now + 61 })),
  presentedCase(
    'kb-hash-other',
    'RFC 9901 §7.3 step 5.7',
    'key_binding_hash_wrong',
    kb({ sd_hash: b64(Buffer.alloc(32)) }),
  ),
  moved('kb-over-other-disclosures', (sdJwt) => sdJwt.replace(/~[^~]+~$/, '~')),
  moved('kb-of-other-credential', () => issued()),
  presentedCase('kb-other-key', 'RFC 9901 §7.3 step 5.3', 'key_binding_signature_invalid', {
    kbSignWith: es256(KEYS.stranger),
  }),
  presentedCase('kb-issuer-key', 'RFC 9901 §4.3.2', 'key_binding_signature_invalid', {
    kbSignWith: es256(KEYS.issuer),
  }),
  presentedCase('kb-two-parts', 'RFC 7515 §7.1', 'jws_malformed', {
    kbJwt: (t) => t.slice(0, t.lastIndexOf('.')),
  }),
  presentedCase('kb-duplicate-member', 'RFC 7519 §4', 'json_duplicate_member', {
    kbPayload: (p) => `{"aud":"https://other.example",${JSON.stringify(p).slice(1)}`,
  }),
];

export const CLAIM_CASES: readonly RejectCase[] = [...REGISTERED, ...HOLDER_KEY, ...STATUS, ...KEY_BINDING];

/** A good key binding JWT behind another SD-JWT than the one it was made for. */
function moved(id: string, change: (sdJwt: string) => string): RejectCase {
  const good = presentedCase(id, 'RFC 9901 §7.3 step 5.7', 'key_binding_hash_wrong', {});
  const cut = good.text.lastIndexOf('~') + 1;
  return { ...good, text: change(good.text.slice(0, cut)) + good.text.slice(cut) };
}
