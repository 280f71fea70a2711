import { b64, disclose, sha256 } from './build.ts';
import { DISCLOSURES, type Draft, PAYLOAD, withMembers } from './draft.ts';
import { presentedCase, type RejectCase } from './reject-case.ts';

const [first = '', second = '', third = ''] = DISCLOSURES;
const unknownDigest = sha256('decoy');
const property = (name: unknown, value: unknown): string => disclose(['c2FsdA', name, value]);
const element = (value: unknown): string => disclose(['c2FsdA', value]);
const oneDisclosure = (json: string): Draft => ({ disclosures: [disclose(json)] });

/** Hides a claim's value in a disclosure of its own and removes it from the payload. */
const hidden = (name: keyof typeof PAYLOAD | 'nbf' | 'vct#integrity' | 'aka_vcts'): Draft => ({
  disclosures: [property(name, (PAYLOAD as Record<string, unknown>)[name] ?? 1_700_000_000)],
});

const DISCLOSURE_FORM: readonly RejectCase[] = [
  presentedCase('disclosure-object', 'RFC 9901 §4.2', 'disclosure_not_array', oneDisclosure('{"n":1}')),
  presentedCase('disclosure-string', 'RFC 9901 §4.2', 'disclosure_not_array', oneDisclosure('"abc"')),
  presentedCase('disclosure-not-json', 'RFC 9901 §4.2', 'json_invalid', oneDisclosure('["s","n",1')),
  presentedCase('one-element', 'RFC 9901 §7.1 step 3.3', 'disclosure_arity', oneDisclosure('["s"]')),
  presentedCase(
    'four-elements',
    'RFC 9901 §7.1 step 3.3',
    'disclosure_arity',
    oneDisclosure('["s","n",1,2]'),
  ),
  presentedCase('no-elements', 'RFC 9901 §7.1 step 3.3', 'disclosure_arity', oneDisclosure('[]')),
  presentedCase('salt-number', 'RFC 9901 §4.2.1', 'disclosure_salt_not_string', oneDisclosure('[1,"n",1]')),
  presentedCase('salt-empty', 'RFC 9901 §9.3', 'disclosure_salt_not_string', oneDisclosure('["","n",1]')),
  presentedCase('name-number', 'RFC 9901 §4.2.1', 'disclosure_name_not_string', oneDisclosure('["s",1,1]')),
  presentedCase('name-null', 'RFC 9901 §4.2.1', 'disclosure_name_not_string', oneDisclosure('["s",null,1]')),
];

const PROCESSING: readonly RejectCase[] = [
  ...['_sd', '...', '_sd_alg'].map((name) =>
    presentedCase(`claim-name-${name}`, 'RFC 9901 §7.1 step 3.3.2.2', 'disclosure_reserved_name', {
      disclosures: [property(name, [])],
    }),
  ),
  presentedCase('two-elements-in-sd', 'RFC 9901 §7.1 step 3.3.2.1', 'disclosure_not_property', {
    disclosures: [element('CN')],
  }),
  presentedCase('three-elements-in-array', 'RFC 9901 §7.1 step 3.3.3.1', 'disclosure_not_element', {
    disclosures: [property('x', 1)],
    payload: (p) => ({ ...p, _sd: [], list: [{ '...': sha256(property('x', 1)) }] }),
  }),
  presentedCase('claim-in-the-clear', 'RFC 9901 §7.1 step 3.3.2.3', 'disclosure_claim_exists', {
    payload: withMembers({ country: 'ZZ' }),
  }),
  presentedCase('claim-disclosed-twice', 'RFC 9901 §7.1 step 3.3.2.3', 'disclosure_claim_exists', {
    disclosures: [first, second, third, property('country', 'YY')],
  }),
  presentedCase('nested-claim-exists', 'RFC 9901 §7.1 step 3.3.2.3', 'disclosure_claim_exists', {
    disclosures: [property('a', 1)],
    payload: (p) => ({ ...p, _sd: [], box: { a: 2, _sd: [sha256(property('a', 1))] } }),
  }),
  presentedCase('disclosure-sent-twice', 'RFC 9901 §7.1 step 5', 'disclosure_duplicate', {
    sent: [first, second, third, first],
  }),
  presentedCase('disclosure-not-referenced', 'RFC 9901 §7.1 step 5', 'disclosure_not_referenced', {
    sent: [first, property('admin', true)],
  }),
  presentedCase('disclosure-without-its-parent', 'RFC 9901 §4.2.6', 'disclosure_not_referenced', {
    disclosures: [property('box', { _sd: [sha256(property('inner', 1))] })],
    sent: [property('inner', 1)],
  }),
  presentedCase('disclosure-respelled', 'RFC 9901 §4.2.3', 'disclosure_not_referenced', {
    sent: [b64(Buffer.from(first, 'base64url').toString().replaceAll(',', ', '))],
  }),
];

const DIGESTS: readonly RejectCase[] = [
  presentedCase('digest-twice', 'RFC 9901 §7.1 step 4', 'digest_duplicate', {
    payload: (p) => ({ ...p, _sd: [...(p._sd as string[]), sha256(first)] }),
  }),
  presentedCase('decoy-twice', 'RFC 9901 §7.1 step 4', 'digest_duplicate', {
    payload: (p) => ({ ...p, _sd: [...(p._sd as string[]), unknownDigest, unknownDigest] }),
  }),
  presentedCase('digest-at-two-levels', 'RFC 9901 §7.1 step 4', 'digest_duplicate', {
    payload: withMembers({ box: { _sd: [sha256(first)] } }),
  }),
  presentedCase('digest-again-in-disclosure', 'RFC 9901 §7.1 step 4', 'digest_duplicate', {
    disclosures: [first, property('box', { _sd: [sha256(first)] })],
  }),
  presentedCase('digest-in-sd-and-array', 'RFC 9901 §7.1 step 4', 'digest_duplicate', {
    payload: withMembers({ list: [{ '...': unknownDigest }, { '...': unknownDigest }] }),
  }),
  presentedCase('digest-too-short', 'RFC 9901 §4.2.3', 'digest_malformed', {
    payload: (p) => ({ ...p, _sd: [...(p._sd as string[]), unknownDigest.slice(1)] }),
  }),
  presentedCase('sd-not-array', 'RFC 9901 §4.2.4.1', 'sd_not_array', {
    sent: [],
    payload: withMembers({ _sd: unknownDigest }),
  }),
  presentedCase('sd-with-number', 'RFC 9901 §4.2.4.1', 'sd_not_array', {
    sent: [],
    payload: withMembers({ _sd: [1] }),
  }),
  presentedCase('nested-sd-null', 'RFC 9901 §4.2.4.1', 'sd_not_array', {
    payload: withMembers({ box: { _sd: null } }),
  }),
  presentedCase('ellipsis-with-company', 'RFC 9901 §4.2.4.2', 'ellipsis_malformed', {
    payload: withMembers({ list: [{ '...': unknownDigest, x: 1 }] }),
  }),
  presentedCase('ellipsis-number', 'RFC 9901 §4.2.4.2', 'ellipsis_malformed', {
    payload: withMembers({ list: [{ '...': 1 }] }),
  }),
  presentedCase('ellipsis-outside-array', 'RFC 9901 §4.1', 'ellipsis_malformed', {
    payload: withMembers({ box: { '...': unknownDigest } }),
  }),
  ...['sha-512', 'SHA-256', 'md5', null].map((value) =>
    presentedCase(`sd-alg-${value}`, 'RFC 9901 §7.1 step 2.4', 'sd_alg_unsupported', {
      payload: withMembers({ _sd_alg: value }),
    }),
  ),
  presentedCase('sd-alg-nested', 'RFC 9901 §4.1.1', 'sd_alg_misplaced', {
    payload: withMembers({ box: { _sd_alg: 'sha-256' } }),
  }),
];

const NOT_DISCLOSABLE: readonly RejectCase[] = [
  ...(['nbf', 'vct#integrity', 'aka_vcts'] as const).map((name) =>
    presentedCase(`hidden-${name}`, 'SD-JWT VC §2.2.2.2', 'claim_not_disclosable', hidden(name)),
  ),
  // Beside the claim in the clear: the rule holds before the one about existing claims.
  ...(['iss', 'exp', 'cnf', 'vct', 'status'] as const).map((name) =>
    presentedCase(`hidden-too-${name}`, 'SD-JWT VC §2.2.2.2', 'claim_not_disclosable', hidden(name)),
  ),
  ...(['iss', 'exp', 'cnf', 'vct', 'status', 'iat'] as const).map((name) =>
    presentedCase(
      `hidden-only-${name}`,
      name === 'iat' ? 'Attestel' : 'SD-JWT VC §2.2.2.2',
      'claim_missing',
      {
        ...hidden(name),
        payload: ({ [name]: _, ...rest }) => rest,
      },
    ),
  ),
  presentedCase('hidden-inside-status', 'SD-JWT VC §2.2.2.2', 'claim_not_disclosable', {
    payload: withMembers({ status: { ...PAYLOAD.status, _sd: [unknownDigest] } }),
  }),
  presentedCase('hidden-inside-nested-status', 'SD-JWT VC §2.2.2.2', 'claim_not_disclosable', {
    payload: withMembers({ status: { ...PAYLOAD.status, list: [{ '...': unknownDigest }] } }),
  }),
];

export const DISCLOSURE_CASES: readonly RejectCase[] = [
  ...DISCLOSURE_FORM,
  ...PROCESSING,
  ...DIGESTS,
  ...NOT_DISCLOSABLE,
];
