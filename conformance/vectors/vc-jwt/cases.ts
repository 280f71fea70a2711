import { createHmac, createPublicKey, sign } from 'node:crypto';
import { b64, eddsa, es256, jsonText, jws, KEYS, publicJwk, type SignWith } from '../sd-jwt/build.ts';

type Members = Record<string, unknown>;

export const PARAMETERS = {
  at: 1_800_000_000,
  type: 'RoamingPartner',
  issuer: 'did:mno:issuer',
  kid: 'did:mno:issuer#key-1',
  issuerJwk: publicJwk(KEYS.issuer),
} as const;

const CONTEXT = [
  'https://www.w3.org/ns/credentials/v2',
  'https://www.w3.org/ns/credentials/undefined-terms/v2',
];
const HEADER = { alg: 'ES256', typ: 'vc+jwt', cty: 'vc', kid: PARAMETERS.kid };
const STATUS = { type: 'AttestelLine', channel: 'gd/sz', ref: 'ab'.repeat(32) };
const PAYLOAD = {
  '@context': CONTEXT,
  id: `urn:attestel:credential:gd/sz:${STATUS.ref}`,
  type: ['VerifiableCredential', PARAMETERS.type],
  issuer: PARAMETERS.issuer,
  validFrom: '2027-01-15T08:00:00Z',
  validUntil: '2027-01-15T08:00:01Z',
  credentialSubject: { id: 'did:mno:subject', tadig: ['JPNXX'] },
  credentialStatus: STATUS,
};

interface Draft {
  readonly header?: unknown;
  /** Members that replace those of the good payload, undefined removes one; or a JSON text. */
  readonly payload?: Members | string;
  readonly signWith?: SignWith;
  readonly text?: (text: string) => string;
}

function credential({ header = HEADER, payload = {}, signWith = es256(KEYS.issuer), text }: Draft): string {
  const signed = jws(header, typeof payload === 'string' ? payload : { ...PAYLOAD, ...payload }, signWith);
  return text?.(signed) ?? signed;
}

const claims = {
  type: PARAMETERS.type,
  issuer: PARAMETERS.issuer,
  subject: 'did:mno:subject',
  claims: { tadig: ['JPNXX'] },
};

export const ACCEPT_CASES = [
  { id: 'all-members', clause: 'VCDM 2.0 §4', draft: {} },
  { id: 'no-end', clause: 'VCDM 2.0 §4.9', draft: { payload: { validUntil: undefined } } },
  { id: 'no-id', clause: 'VCDM 2.0 §4.4', draft: { payload: { id: undefined } } },
  { id: 'no-status', clause: 'VCDM 2.0 §4.10', draft: { payload: { credentialStatus: undefined } } },
  {
    id: 'status-with-id',
    clause: 'VCDM 2.0 §4.10',
    draft: { payload: { credentialStatus: { ...STATUS, id: 'urn:attestel:line:1' } } },
  },
  { id: 'base-context-alone', clause: 'VCDM 2.0 §4.3', draft: { payload: { '@context': [CONTEXT[0]] } } },
  {
    id: 'jwt-claims-that-agree',
    clause: 'VC-JOSE-COSE §3.1.3',
    draft: { payload: { iss: PARAMETERS.issuer, sub: 'did:mno:subject', jti: PAYLOAD.id } },
  },
  { id: 'header-more', clause: 'VC-JOSE-COSE §3.1.3', draft: { header: { ...HEADER, foo: 1 } } },
].map(({ id, clause, draft }) => ({ id, clause, text: credential(draft), claims }));

const reject = (id: string, clause: string, error: string, draft: Draft) => ({
  id,
  clause,
  error,
  text: credential(draft),
});
const header = (members: Members): Draft => ({ header: { ...HEADER, ...members } });
const member = (members: Members): Draft => ({ payload: members });
const status = (members: Members): Draft => member({ credentialStatus: { ...STATUS, ...members } });
const secret: SignWith = (input) =>
  createHmac('sha256', createPublicKey(KEYS.issuer).export({ format: 'pem', type: 'spki' }))
    .update(input)
    .digest();

const FORM_CASES = [
  reject('two-parts', 'RFC 7515 §7.1', 'jws_malformed', { text: (t) => t.slice(0, t.lastIndexOf('.')) }),
  reject('four-parts', 'RFC 7515 §7.1', 'jws_malformed', { text: (t) => `${t}.AA` }),
  reject('sd-jwt', 'VC-JOSE-COSE §3.1', 'base64url_invalid', { text: (t) => `${t}~` }),
  reject('padded', 'RFC 7515 §2', 'base64url_invalid', { text: (t) => `${t}==` }),
  reject('too-large', 'Attestel', 'jws_too_large', member({ id: `urn:x:${'a'.repeat(16_384)}` })),
  reject('payload-array', 'RFC 7519 §7.2', 'json_not_object', { payload: '[]' }),
  reject('payload-not-json', 'RFC 7519 §7.2', 'json_invalid', { payload: '{' }),
  reject('member-twice', 'RFC 7519 §4', 'json_duplicate_member', {
    payload: jsonText(JSON.stringify(PAYLOAD)).replace('"issuer"', '"issuer":"did:mno:a","issuer"'),
  }),
  reject('member-twice-deep', 'RFC 7519 §4', 'json_duplicate_member', {
    payload: JSON.stringify(PAYLOAD).replace('"tadig"', '"tadig":[],"tadig"'),
  }),
  reject('proto', 'Attestel', 'json_forbidden_member', {
    payload: JSON.stringify(PAYLOAD).replace('"tadig"', '"__proto__":{},"tadig"'),
  }),
  reject('too-deep', 'Attestel', 'json_too_complex', {
    payload: JSON.stringify(PAYLOAD).replace('["JPNXX"]', `${'['.repeat(20)}${']'.repeat(20)}`),
  }),
  reject('payload-not-utf8', 'RFC 7519 §7.2', 'utf8_invalid', {
    text: (t) => `${t.split('.')[0]}.${b64(Uint8Array.of(0xff))}.${t.split('.')[2]}`,
  }),
];

const HEADER_CASES = [
  reject('alg-none', 'VC-JOSE-COSE §1.1.2.1', 'alg_not_allowed', header({ alg: 'none' })),
  reject('alg-hs256', 'RFC 8725 §2.1', 'alg_not_allowed', { ...header({ alg: 'HS256' }), signWith: secret }),
  reject('alg-es384', 'Attestel', 'alg_not_allowed', header({ alg: 'ES384' })),
  reject('alg-of-another-key', 'RFC 8725 §3.1', 'alg_not_allowed', {
    ...header({ alg: 'EdDSA' }),
    signWith: eddsa(KEYS.edHolder),
  }),
  reject('typ-missing', 'VC-JOSE-COSE §3.1.1', 'vc_typ_wrong', header({ typ: undefined })),
  reject('typ-jwt', 'VC-JOSE-COSE §3.1.1', 'vc_typ_wrong', header({ typ: 'JWT' })),
  reject('typ-presentation', 'VC-JOSE-COSE §3.1.2', 'vc_typ_wrong', header({ typ: 'vp+jwt' })),
  reject('typ-draft', 'VC-JOSE-COSE §3.1.1', 'vc_typ_wrong', header({ typ: 'vc-ld+jwt' })),
  reject('cty-missing', 'VC-JOSE-COSE §3.1.1', 'vc_cty_wrong', header({ cty: undefined })),
  reject('cty-presentation', 'VC-JOSE-COSE §3.1.2', 'vc_cty_wrong', header({ cty: 'vp' })),
  reject('crit', 'RFC 7515 §4.1.11', 'crit_not_understood', header({ crit: ['b64'], b64: false })),
  reject('kid-missing', 'VC-JOSE-COSE §4.1.1', 'vc_kid_not_issuers', header({ kid: undefined })),
  reject('kid-of-another', 'VC-JOSE-COSE §4.1.1', 'vc_kid_not_issuers', header({ kid: 'did:mno:b#key-1' })),
  reject('kid-longer-did', 'Attestel', 'vc_kid_not_issuers', header({ kid: 'did:mno:issuer2#key-1' })),
  reject('kid-with-query', 'Attestel', 'vc_kid_not_issuers', header({ kid: `${PARAMETERS.issuer}#a?b` })),
  reject('kid-number', 'RFC 7515 §4.1.4', 'vc_kid_not_issuers', header({ kid: 1 })),
];

const SIGNATURE_CASES = [
  reject('stranger', 'RFC 7515 §5.2', 'signature_invalid', { signWith: es256(KEYS.stranger) }),
  reject('der', 'RFC 7518 §3.4', 'signature_invalid', {
    signWith: (input) => sign('sha256', Buffer.from(input), KEYS.issuer),
  }),
  reject('all-zero', 'RFC 7518 §3.4', 'signature_invalid', { signWith: () => new Uint8Array(64) }),
];

const MODEL_CASES = [
  reject('vc-claim', 'VC-JOSE-COSE §1.1.2.1', 'vc_claim_forbidden', member({ vc: {} })),
  reject('vp-claim', 'VC-JOSE-COSE §1.1.2.1', 'vc_claim_forbidden', member({ vp: {} })),
  reject('proof', 'Attestel', 'vc_member_unknown', member({ proof: {} })),
  reject('exp', 'Attestel', 'vc_member_unknown', member({ exp: 4_000_000_000 })),
  reject('issuance-date', 'Attestel', 'vc_member_unknown', member({ issuanceDate: PAYLOAD.validFrom })),
  reject('terms-of-use', 'Attestel', 'vc_member_unknown', member({ termsOfUse: [] })),
  reject('context-missing', 'VCDM 2.0 §4.3', 'vc_context_unknown', member({ '@context': undefined })),
  reject('context-text', 'VCDM 2.0 §4.3', 'vc_context_unknown', member({ '@context': CONTEXT[0] })),
  reject('context-empty', 'VCDM 2.0 §4.3', 'vc_context_unknown', member({ '@context': [] })),
  reject(
    'context-1.1',
    'VCDM 2.0 §4.3',
    'vc_context_unknown',
    member({ '@context': ['https://www.w3.org/2018/credentials/v1'] }),
  ),
  reject('context-order', 'VCDM 2.0 §4.3', 'vc_context_unknown', member({ '@context': CONTEXT.toReversed() })),
  reject('context-more', 'VCDM 2.0 §5.2.1', 'vc_context_unknown', member({ '@context': [...CONTEXT, {}] })),
  reject('id-no-url', 'VCDM 2.0 §4.4', 'vc_id_malformed', member({ id: 'one' })),
  reject('id-list', 'VCDM 2.0 §4.4', 'vc_id_malformed', member({ id: ['urn:x:1', 'urn:x:2'] })),
  reject('id-null', 'VCDM 2.0 §4.4', 'vc_id_malformed', member({ id: null })),
  reject('type-missing', 'VCDM 2.0 §4.5', 'vc_type_malformed', member({ type: undefined })),
  reject('type-text', 'VCDM 2.0 §4.5', 'vc_type_malformed', member({ type: 'VerifiableCredential' })),
  reject('type-alone', 'VCDM 2.0 §4.5', 'vc_type_malformed', member({ type: ['VerifiableCredential'] })),
  reject('type-base-missing', 'VCDM 2.0 §4.5', 'vc_type_malformed', member({ type: [PARAMETERS.type] })),
  reject('type-two', 'Attestel', 'vc_type_malformed', member({ type: [...PAYLOAD.type, 'Auditor'] })),
  reject('type-presentation', 'VCDM 2.0 §4.5', 'vc_type_malformed', member({ type: ['VerifiablePresentation', 'X'] })),
  reject('type-other', 'Attestel', 'vc_type_not_accepted', member({ type: ['VerifiableCredential', 'Auditor'] })),
  reject('issuer-missing', 'VCDM 2.0 §4.7', 'vc_issuer_malformed', member({ issuer: undefined })),
  reject('issuer-object', 'Attestel', 'vc_issuer_malformed', member({ issuer: { id: PARAMETERS.issuer } })),
  reject('issuer-no-did', 'Attestel', 'vc_issuer_malformed', member({ issuer: 'https://issuer.example' })),
  reject('iss-other', 'VC-JOSE-COSE §4.1.2', 'vc_claim_conflict', member({ iss: 'did:mno:b' })),
  reject('sub-other', 'VC-JOSE-COSE §3.1.3', 'vc_claim_conflict', member({ sub: 'did:mno:b' })),
  reject('jti-other', 'VC-JOSE-COSE §3.1.3', 'vc_claim_conflict', member({ jti: 'urn:x:1' })),
  reject('jti-without-id', 'VC-JOSE-COSE §3.1.3', 'vc_claim_conflict', member({ id: undefined, jti: 'urn:x:1' })),
];

const subject = (value: unknown): Draft => member({ credentialSubject: value });

const CONTENT_CASES = [
  reject('subject-missing', 'VCDM 2.0 §4.8', 'vc_subject_malformed', subject(undefined)),
  reject('subject-list', 'Attestel', 'vc_subject_malformed', subject([PAYLOAD.credentialSubject])),
  reject('subject-without-id', 'Attestel', 'vc_subject_malformed', subject({ tadig: [] })),
  reject('subject-id-no-did', 'Attestel', 'vc_subject_malformed', subject({ id: 'urn:x:1' })),
  reject('subject-keyword', 'Attestel', 'vc_subject_malformed', subject({ id: 'did:mno:b', '@type': 'X' })),
  reject('from-missing', 'Attestel', 'vc_valid_from_malformed', member({ validFrom: undefined })),
  reject('from-date', 'VCDM 2.0 §4.9', 'vc_valid_from_malformed', member({ validFrom: '2027-01-15' })),
  reject('from-no-zone', 'VCDM 2.0 §4.9', 'vc_valid_from_malformed', member({ validFrom: '2027-01-15T08:00:00' })),
  reject('from-offset', 'Attestel', 'vc_valid_from_malformed', member({ validFrom: '2027-01-15T16:00:00+08:00' })),
  reject('from-no-day', 'VCDM 2.0 §4.9', 'vc_valid_from_malformed', member({ validFrom: '2027-02-30T08:00:00Z' })),
  reject('from-number', 'VCDM 2.0 §4.9', 'vc_valid_from_malformed', member({ validFrom: 1_800_000_000 })),
  reject('from-later', 'VCDM 2.0 §4.9', 'vc_not_yet_valid', member({ validFrom: '2027-01-15T08:00:01Z' })),
  reject('until-before-from', 'VCDM 2.0 §4.9', 'vc_valid_until_malformed', member({ validUntil: '2027-01-15T07:59:59Z' })),
  reject('until-null', 'VCDM 2.0 §4.9', 'vc_valid_until_malformed', member({ validUntil: null })),
  reject('until-now', 'VCDM 2.0 §4.9', 'vc_expired', member({ validUntil: '2027-01-15T08:00:00Z' })),
  reject('status-other-type', 'VCDM 2.0 §4.10', 'vc_status_malformed', status({ type: 'BitstringStatusListEntry' })),
  reject('status-list', 'Attestel', 'vc_status_malformed', member({ credentialStatus: [STATUS] })),
  reject('status-more', 'Attestel', 'vc_status_malformed', status({ statusPurpose: 'revocation' })),
  reject('status-ref-short', 'Attestel', 'vc_status_malformed', status({ ref: 'ab' })),
  reject('status-ref-upper', 'Attestel', 'vc_status_malformed', status({ ref: 'AB'.repeat(32) })),
  reject('status-no-channel', 'Attestel', 'vc_status_malformed', status({ channel: undefined })),
  reject('status-id-no-url', 'VCDM 2.0 §4.10', 'vc_status_malformed', status({ id: 'one' })),
];

export const REJECT_CASES = [
  ...FORM_CASES,
  ...HEADER_CASES,
  ...SIGNATURE_CASES,
  ...MODEL_CASES,
  ...CONTENT_CASES,
];
