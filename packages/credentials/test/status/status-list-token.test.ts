import {
  createIssuerKeys,
  createStatusList,
  getStatus,
  setStatus,
  signStatusListToken,
  verifyStatusListToken,
} from '@attestel/credentials';
import { describe, expect, test } from 'vitest';
import { signCompactJws } from '../../src/jose/compact-jws.ts';
import {
  fakeRegistry,
  fakeResolver,
  NOW,
  newConsortium,
  newSigner,
  type Operator,
  refusalOf,
  testClock,
} from '../fixtures.ts';

const consortium = await newConsortium(2);
const [operator, other] = consortium.operators as [Operator, Operator];
const clock = testClock();
const findKey = createIssuerKeys({
  resolver: fakeResolver(consortium.operators).resolver,
  registry: fakeRegistry(consortium),
  clock,
});
const uri = `${operator.url}/status-lists/1`;
const list = createStatusList({ size: 64 });
setStatus(list, 7, 1);

const sign = (changes: object = {}) =>
  signStatusListToken({ ...operator, uri, list, iat: NOW - 5, ttl: 60, exp: NOW + 3600, ...changes });
const verify = (token: string) => verifyStatusListToken({ token, uri, clock, findKey });
const codeOf = async (token: Promise<string> | string) => {
  const text = await token;
  return refusalOf(() => verify(text));
};

/** A token with header and claims of the test's own making. */
async function handmade(header: object, claims: object, signer = operator.signer): Promise<string> {
  const good = await sign();
  const part = (at: number) => JSON.parse(Buffer.from(good.split('.')[at] as string, 'base64url').toString());
  return signCompactJws({ ...part(0), ...header }, { ...part(1), ...claims }, signer);
}

describe('status list token', () => {
  test('round trip', async () => {
    const verified = await verify(await sign());
    expect(verified).toMatchObject({ uri, issuerDid: operator.did, iat: NOW - 5 });
    expect(getStatus(verified.list, 7)).toBe(1);
    expect(getStatus(verified.list, 6)).toBe(0);
  });

  test.each([undefined, 'JWT', 'statuslist+cwt', 'dc+sd-jwt'])(
    'typ must be statuslist+jwt, not %s [§5.1]',
    async (typ) => {
      expect(await codeOf(handmade({ typ }, {}))).toBe('status_list_typ_wrong');
    },
  );

  test('crit is not understood', async () => {
    expect(await codeOf(handmade({ crit: ['x'], x: 1 }, {}))).toBe('crit_not_understood');
  });

  test('sub must be the URI it was fetched from [§8.3 step 4a]', async () => {
    expect(await codeOf(sign({ uri: `${uri}/` }))).toBe('status_list_subject_wrong');
    expect(await codeOf(handmade({}, { sub: undefined }))).toBe('status_list_subject_wrong');
  });

  test.each([
    { iat: undefined },
    { iat: '1' },
    { iat: 1.5 },
    { exp: 'never' },
    { ttl: 0 },
    { ttl: -1 },
    { ttl: undefined, exp: undefined },
  ])('needs its claims in the right form: %j', async (claims) => {
    expect(await codeOf(handmade({}, claims))).toBe('status_list_claim_missing');
  });

  test.each([
    ['exp', { exp: NOW - 60 }],
    ['ttl', { iat: NOW - 121 }],
    ['ttl without exp', { iat: NOW - 121, exp: undefined }],
  ])('is worth nothing after its %s', async (_, claims) => {
    expect(await codeOf(handmade({}, claims))).toBe('status_list_expired');
  });

  test('was not issued in the future', async () => {
    expect(await codeOf(sign({ iat: NOW + 61 }))).toBe('status_list_from_the_future');
  });

  test.each([
    ['of another key', async () => handmade({}, {}, await newSigner()), 'signature_invalid'],
    ['of another kind of key', async () => handmade({}, {}, await newSigner('EdDSA')), 'alg_not_allowed'],
    ['of a stranger', () => handmade({ kid: 'did:mno:test:zQmX#key-1' }, {}), 'issuer_not_accredited'],
    ['without certificate', () => handmade({ x5c: undefined }, {}), 'issuer_x5c_malformed'],
  ])('a signature %s does not count', async (_, make, code) => {
    expect(await codeOf(make())).toBe(code);
  });

  test('names the issuer that signed it, for the caller to compare', async () => {
    const token = await signStatusListToken({ ...other, uri, list, iat: NOW, ttl: 60, exp: NOW + 60 });
    expect((await verify(token)).issuerDid).toBe(other.did);
  });

  test('a list is not inflated for somebody who may not issue', async () => {
    const status_list = { bits: 1, lst: 'not a list' };
    expect(await codeOf(handmade({}, { status_list }, await newSigner()))).toBe('signature_invalid');
    expect(await codeOf(handmade({}, { status_list }))).toBe('base64url_invalid');
  });

  test('bounds its length', async () => {
    expect(await codeOf('a'.repeat(3_000_000))).toBe('jws_too_large');
  });
});
