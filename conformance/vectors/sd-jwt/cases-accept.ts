import { b64, disclose, eddsa, KEYS, publicJwk, sha256 } from './build.ts';
import { DISCLOSURES, HEADER, PARAMETERS, PAYLOAD, presented, withMembers } from './draft.ts';

/** What a verifier must accept, and the claims it must see beyond those that are always there. */
export interface AcceptCase {
  readonly id: string;
  readonly clause: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly text: string;
}

const [first, , third] = DISCLOSURES;
const all = { phone_number: '+990123456789', phone_number_verified: true, country: 'ZZ' };
const element = (value: unknown): string => disclose(['c2FsdA', value]);
const inner = disclose(['c2FsdA', 'locality', 'Anytown']);
const outer = disclose(['c2FsdB', 'address', { _sd: [sha256(inner)], country: 'ZZ' }]);
const { now, audience } = PARAMETERS;

export const ACCEPT_CASES: readonly AcceptCase[] = [
  { id: 'all-disclosed', clause: 'RFC 9901 §7.3', claims: all, text: presented() },
  {
    id: 'one-disclosed',
    clause: 'RFC 9901 §7.3',
    claims: { country: 'ZZ' },
    text: presented({ sent: [third] }),
  },
  { id: 'none-disclosed', clause: 'RFC 9901 §4', claims: {}, text: presented({ sent: [] }) },
  {
    id: 'any-order',
    clause: 'RFC 9901 §4',
    claims: { country: 'ZZ', phone_number: '+990123456789' },
    text: presented({ sent: [third, first] }),
  },
  {
    id: 'decoys',
    clause: 'RFC 9901 §4.2.5',
    claims: all,
    text: presented({ payload: (p) => ({ ...p, _sd: [sha256('decoy'), ...(p._sd as string[])] }) }),
  },
  {
    id: 'no-sd-alg',
    clause: 'RFC 9901 §4.1.1',
    claims: all,
    text: presented({ payload: ({ _sd_alg: _, ...rest }) => rest }),
  },
  {
    id: 'nothing-hidden',
    clause: 'SD-JWT VC §2.2.2.4',
    claims: { country: 'ZZ' },
    text: presented({ disclosures: [], payload: () => ({ ...PAYLOAD, country: 'ZZ' }) }),
  },
  {
    id: 'recursive',
    clause: 'RFC 9901 §4.2.6',
    claims: { address: { country: 'ZZ', locality: 'Anytown' } },
    text: presented({ disclosures: [outer, inner], payload: withMembers({ _sd: [sha256(outer)] }) }),
  },
  {
    id: 'recursive-outer-only',
    clause: 'RFC 9901 §4.2.6',
    claims: { address: { country: 'ZZ' } },
    text: presented({ disclosures: [outer], payload: withMembers({ _sd: [sha256(outer)] }) }),
  },
  {
    id: 'array-elements',
    clause: 'RFC 9901 §4.2.4.2',
    claims: { list: ['a', 'c'] },
    text: presented({
      disclosures: [element('a')],
      payload: (p) => ({
        ...p,
        _sd: [],
        list: [{ '...': sha256(element('a')) }, { '...': sha256('b') }, 'c'],
      }),
    }),
  },
  {
    id: 'nested-name-of-registered-claim',
    clause: 'SD-JWT VC §2.2.2.2',
    claims: { box: { status: 'open' } },
    text: presented({
      disclosures: [disclose(['c2FsdA', 'status', 'open'])],
      payload: (p) => ({ ...p, _sd: [], box: { _sd: p._sd } }),
    }),
  },
  {
    id: 'disclosure-white-space',
    clause: 'RFC 9901 §4.2.1',
    claims: { country: 'ZZ' },
    text: presented({ disclosures: [b64('[ "c2FsdA",\n"country" , "ZZ"]')] }),
  },
  {
    id: 'holder-ed25519',
    clause: 'RFC 8037',
    claims: all,
    text: presented({
      payload: withMembers({ cnf: { jwk: publicJwk(KEYS.edHolder) } }),
      kbHeader: { alg: 'EdDSA', typ: 'kb+jwt' },
      kbSignWith: eddsa(KEYS.edHolder),
    }),
  },
  {
    id: 'key-binding-extra-claim',
    clause: 'SD-JWT VC §4.1',
    claims: all,
    text: presented({ kbPayload: withMembers({ state: 'x' }) }),
  },
  {
    id: 'header-extra-parameter',
    clause: 'RFC 7515 §4',
    claims: all,
    text: presented({ header: { ...HEADER, x: 1 } }),
  },
  {
    id: 'clock-skew',
    clause: 'RFC 9901 §9.7',
    claims: all,
    text: presented({
      payload: withMembers({ exp: now - 59, nbf: now + 60, iat: now + 60 }),
      kbPayload: withMembers({ iat: now + 60 }),
    }),
  },
  {
    id: 'key-binding-oldest',
    clause: 'RFC 9901 §7.3 step 5.5',
    claims: all,
    text: presented({ kbPayload: withMembers({ iat: now - 60 }) }),
  },
  {
    id: 'credential-for-us',
    clause: 'RFC 7519 §4.1.3',
    claims: { ...all, aud: ['https://other.example', audience] },
    text: presented({ payload: withMembers({ aud: ['https://other.example', audience] }) }),
  },
];
