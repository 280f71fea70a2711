import { createHmac, createPublicKey, sign } from 'node:crypto';
import { b64, disclose, es256, jsonText, KEYS, sha256 } from './build.ts';
import { DISCLOSURES, type Draft, HEADER, issued, PAYLOAD } from './draft.ts';
import { presentedCase, type RejectCase } from './reject-case.ts';

const [first = ''] = DISCLOSURES;
const payloadText = (change: (text: string) => string): Draft => ({
  payload: (payload) => change(jsonText(payload)),
});
const oneDisclosure = (json: string): Draft => ({ disclosures: [disclose(json)] });
const rawDisclosure = (encoded: string): Draft => ({ disclosures: [encoded] });

const derSigned = (input: string) => sign('sha256', Buffer.from(input), KEYS.issuer);
const publicKeyAsSecret = (input: string) =>
  createHmac('sha256', createPublicKey(KEYS.issuer).export({ format: 'pem', type: 'spki' }))
    .update(input)
    .digest();

const SEPARATORS: readonly RejectCase[] = [
  {
    id: 'no-tilde',
    clause: 'RFC 9901 §4',
    error: 'sd_jwt_no_separator',
    text: issued().split('~')[0] as string,
  },
  {
    id: 'no-final-tilde',
    clause: 'RFC 9901 §4',
    error: 'sd_jwt_not_terminated',
    text: issued().slice(0, -1),
  },
  presentedCase('empty-disclosure', 'RFC 9901 §4', 'sd_jwt_empty_part', {
    sdJwt: (t) => t.replace('~', '~~'),
  }),
  presentedCase('two-final-tildes', 'RFC 9901 §4', 'sd_jwt_empty_part', { sdJwt: (t) => `${t}~` }),
  presentedCase('leading-tilde', 'RFC 9901 §4', 'jws_malformed', { sdJwt: (t) => `~${t}` }),
  { id: 'no-key-binding', clause: 'RFC 9901 §7.3 step 2', error: 'key_binding_missing', text: issued() },
];

const COMPACT: readonly RejectCase[] = [
  presentedCase('two-parts', 'RFC 7515 §7.1', 'jws_malformed', {
    jwt: (t) => t.slice(0, t.lastIndexOf('.')),
  }),
  presentedCase('four-parts', 'RFC 7515 §7.1', 'jws_malformed', { jwt: (t) => `${t}.AA` }),
  presentedCase('empty-signature', 'RFC 7515 §7.1', 'jws_malformed', {
    jwt: (t) => t.slice(0, t.lastIndexOf('.') + 1),
  }),
  presentedCase('padded-disclosure', 'RFC 7515 §2', 'base64url_invalid', rawDisclosure(`${first}=`)),
  presentedCase(
    'standard-alphabet',
    'RFC 7515 §2',
    'base64url_invalid',
    rawDisclosure(`${first.slice(0, -4)}+/+/`),
  ),
  presentedCase(
    'white-space',
    'RFC 7515 §2',
    'base64url_invalid',
    rawDisclosure(`${first.slice(0, 8)} ${first.slice(8)}`),
  ),
  presentedCase(
    'impossible-length',
    'RFC 4648 §4',
    'base64url_invalid',
    rawDisclosure(`${b64('["s","n",1]x')}A`),
  ),
  presentedCase(
    'trailing-bits',
    'RFC 4648 §3.5',
    'base64url_invalid',
    rawDisclosure(b64('["s","n",123]').replace(/.$/, 'R')),
  ),
  presentedCase('signature-trailing-bits', 'RFC 4648 §3.5', 'base64url_invalid', {
    jwt: (t) => nextCharacter(t),
  }),
  presentedCase(
    'invalid-utf8',
    'RFC 9901 §4.2.1',
    'utf8_invalid',
    rawDisclosure(b64(Uint8Array.of(0x5b, 0xff, 0x5d))),
  ),
  presentedCase(
    'payload-not-json',
    'RFC 7519 §7.2',
    'json_invalid',
    payloadText((t) => t.slice(0, -1)),
  ),
  presentedCase(
    'payload-trailing-comma',
    'RFC 8259',
    'json_invalid',
    payloadText((t) => `${t.slice(0, -1)},}`),
  ),
  presentedCase(
    'payload-unterminated-string',
    'RFC 8259',
    'json_invalid',
    payloadText((t) => `${t}"`),
  ),
  presentedCase(
    'payload-array',
    'RFC 7519 §7.2',
    'json_not_object',
    payloadText((t) => `[${t}]`),
  ),
  presentedCase('header-array', 'RFC 7515 §4', 'json_not_object', { header: '["ES256"]' }),
  presentedCase('header-duplicate', 'RFC 7515 §4', 'json_duplicate_member', {
    header: `{"alg":"none",${jsonText(HEADER).slice(1)}`,
  }),
  presentedCase(
    'payload-duplicate',
    'RFC 7519 §4',
    'json_duplicate_member',
    payloadText((t) => `{"exp":1,${t.slice(1)}`),
  ),
  presentedCase(
    'payload-duplicate-escaped',
    'RFC 7519 §4',
    'json_duplicate_member',
    payloadText((t) => `{"e\\u0078p":1,${t.slice(1)}`),
  ),
  presentedCase(
    'disclosure-duplicate-member',
    'RFC 8259 §4',
    'json_duplicate_member',
    oneDisclosure('["s","n",{"a":1,"a":2}]'),
  ),
  presentedCase(
    'proto-member',
    'Attestel',
    'json_forbidden_member',
    oneDisclosure('["s","n",{"__proto__":{"a":1}}]'),
  ),
  presentedCase(
    'proto-claim',
    'Attestel',
    'json_forbidden_member',
    oneDisclosure('["s","__proto__",{"a":1}]'),
  ),
  presentedCase(
    'deep-nesting',
    'Attestel',
    'json_too_complex',
    oneDisclosure(`["s","n",${'['.repeat(40)}${']'.repeat(40)}]`),
  ),
];

const alg = (value: unknown): Draft => ({ header: { ...HEADER, alg: value } });

const ALGORITHM: readonly RejectCase[] = [
  presentedCase('alg-none', 'RFC 9901 §7.1 step 2.1', 'alg_not_allowed', alg('none')),
  presentedCase('alg-none-mixed-case', 'RFC 9901 §7.1 step 2.1', 'alg_not_allowed', alg('nOnE')),
  presentedCase('alg-hs256-public-key', 'RFC 8725 §2.1', 'alg_not_allowed', {
    ...alg('HS256'),
    signWith: publicKeyAsSecret,
  }),
  presentedCase('alg-rs256', 'RFC 8725 §3.1', 'alg_not_allowed', alg('RS256')),
  presentedCase('alg-es384', 'RFC 8725 §3.1', 'alg_not_allowed', alg('ES384')),
  presentedCase('alg-lower-case', 'RFC 7515 §4.1.1', 'alg_not_allowed', alg('es256')),
  presentedCase('alg-missing', 'RFC 7515 §4.1.1', 'alg_not_allowed', alg(undefined)),
  presentedCase('alg-not-of-key', 'RFC 8725 §3.1', 'alg_not_allowed', alg('EdDSA')),
  ...[undefined, 'vc+sd-jwt', 'JWT', 'kb+jwt', 'DC+SD-JWT', 'application/dc+sd-jwt'].map((typ) =>
    presentedCase(`typ-${typ ?? 'missing'}`, 'SD-JWT VC §2.2.1', 'typ_wrong', { header: { ...HEADER, typ } }),
  ),
  presentedCase('crit', 'RFC 7515 §4.1.11', 'crit_not_understood', {
    header: { ...HEADER, crit: ['exp'], exp: 1 },
  }),
  presentedCase('signature-of-other-key', 'RFC 9901 §7.1 step 2.2', 'signature_invalid', {
    signWith: es256(KEYS.stranger),
  }),
  presentedCase('signature-der', 'RFC 7518 §3.4', 'signature_invalid', { signWith: derSigned }),
  presentedCase('signature-zero', 'RFC 7518 §3.4', 'signature_invalid', { signWith: () => Buffer.alloc(64) }),
  presentedCase('signature-short', 'RFC 7518 §3.4', 'signature_invalid', {
    signWith: (input) => es256(KEYS.issuer)(input).subarray(0, 63),
  }),
  presentedCase('payload-swapped', 'RFC 9901 §7.1 step 2.2', 'signature_invalid', {
    jwt: (t) => {
      const [header, , signature] = t.split('.');
      const longer = { _sd: DISCLOSURES.map(sha256), ...PAYLOAD, exp: PAYLOAD.exp + 1 };
      return `${header}.${b64(jsonText(longer))}.${signature}`;
    },
  }),
];

export const FORM_CASES: readonly RejectCase[] = [...SEPARATORS, ...COMPACT, ...ALGORITHM];
/** Last character with its lowest, unused bit set: the same bytes to a lax decoder. */
function nextCharacter(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1) as string) + 1];
}
