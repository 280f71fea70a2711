import { PHONE_NUMBER_VCT, parseSdJwtVc, verifyPresentation } from '@attestel/credentials';
import {
  createPresentation,
  disclosedClaims,
  selectDisclosures,
  verifyReceived,
} from '@attestel/credentials/holder';
import { beforeAll, describe, expect, test } from 'vitest';
import { b64, disclose, jws, sha256 } from '../../../../conformance/vectors/sd-jwt/build.ts';
import {
  CLAIMS,
  DAY,
  issueTo,
  newConsortium,
  newSigner,
  type Operator,
  refusalOf,
  testClock,
} from '../fixtures.ts';

const clock = testClock();
let operator: Operator;
let holder: Awaited<ReturnType<typeof newSigner>>;
let sdJwt: string;

beforeAll(async () => {
  operator = (await newConsortium(1)).operators[0] as Operator;
  holder = await newSigner();
  sdJwt = await issueTo(operator, holder);
});

describe('selecting disclosures', () => {
  test('nothing leaves that was not named', async () => {
    const selection = await selectDisclosures(sdJwt, ['country']);
    expect(parseSdJwtVc(selection).disclosures.map(({ name }) => name)).toEqual(['country']);
    expect(await disclosedClaims(selection)).not.toHaveProperty('phone_number');
  });

  test('claims in the clear may be named and need no disclosure', async () => {
    expect(parseSdJwtVc(await selectDisclosures(sdJwt, ['iss', 'exp'])).disclosures).toEqual([]);
  });

  test('a claim the credential does not have is an error, not an omission', async () => {
    expect(await refusalOf(() => selectDisclosures(sdJwt, ['birthdate']))).toBe('claim_not_available');
  });

  test('takes an SD-JWT only', async () => {
    const presentation = await createPresentation({
      sdJwt,
      disclose: [],
      audience: 'a',
      nonce: 'n',
      signer: holder,
      clock,
    });
    expect(await refusalOf(() => selectDisclosures(presentation, []))).toBe('key_binding_unexpected');
  });

  // RFC 9901 §7.2: a selected disclosure comes with those inside it, and only those.
  test('a structured claim comes whole, with its recursive disclosures', async () => {
    const locality = disclose(['c2FsdA', 'locality', 'Anytown']);
    const nation = disclose(['c2FsdB', 'ZZ']);
    const address = disclose([
      'c2FsdC',
      'address',
      { _sd: [sha256(locality)], nations: [{ '...': sha256(nation) }] },
    ]);
    const other = disclose(['c2FsdD', 'other', 1]);
    const payload = { _sd: [sha256(address), sha256(other)] };
    const nested = `${jws({}, payload, () => Buffer.alloc(64))}~${[other, locality, nation, address].join('~')}~`;
    const selection = await selectDisclosures(nested, ['address']);
    expect(selection.split('~').slice(1, -1)).toEqual([locality, nation, address]);
    expect(await disclosedClaims(selection)).toEqual({ address: { locality: 'Anytown', nations: ['ZZ'] } });
  });
});

describe('presenting', () => {
  test('signs with the key in cnf only', async () => {
    const options = { sdJwt, disclose: [], audience: 'a', nonce: 'n', clock };
    expect(await refusalOf(async () => createPresentation({ ...options, signer: await newSigner() }))).toBe(
      'holder_key_mismatch',
    );
  });

  test('an Ed25519 holder key works as well', async () => {
    const signer = await newSigner('EdDSA');
    const presentation = await createPresentation({
      sdJwt: await issueTo(operator, signer),
      disclose: ['country'],
      audience: 'a',
      nonce: 'n',
      signer,
      clock,
    });
    const issuerKeys = async () => ({ key: operator.signer.publicKey, did: operator.did });
    const vcts = [PHONE_NUMBER_VCT];
    const verified = await verifyPresentation({
      presentation,
      audience: 'a',
      nonce: 'n',
      clock,
      vcts,
      issuerKeys,
    });
    expect(verified.claims.country).toBe('ZZ');
  });
});

describe('keeping a received credential', () => {
  const receive = (text: string, changes: object = {}) =>
    verifyReceived({
      sdJwt: text,
      issuerKey: async () => operator.signer.publicKey,
      vcts: [PHONE_NUMBER_VCT],
      clock,
      ...changes,
    });

  test('verifies signature, disclosures and claims with Web Crypto', async () => {
    const received = await receive(sdJwt);
    expect(received.claims).toMatchObject(CLAIMS);
    expect(received).toMatchObject({ issuer: operator.url, vct: PHONE_NUMBER_VCT });
  });

  test('verifies Ed25519 issuers with Web Crypto', async () => {
    const signer = await newSigner('EdDSA');
    const text = await issueTo({ ...operator, signer }, holder);
    expect((await receive(text, { issuerKey: async () => signer.publicKey })).claims).toMatchObject(CLAIMS);
  });

  test.each([
    ['another key', 'signature_invalid', async () => (await newSigner()).publicKey],
    ['a key of another kind', 'alg_not_allowed', async () => (await newSigner('EdDSA')).publicKey],
  ])('refuses a signature by %s', async (_, code, issuerKey) => {
    expect(await refusalOf(() => receive(sdJwt, { issuerKey }))).toBe(code);
  });

  test('refuses a short signature before asking Web Crypto', async () => {
    const [jwt = '', ...rest] = sdJwt.split('~');
    const short = [`${jwt.slice(0, jwt.lastIndexOf('.'))}.${b64(Buffer.alloc(63))}`, ...rest].join('~');
    expect(await refusalOf(() => receive(short))).toBe('signature_invalid');
  });

  test('refuses what an issuer may not hand out [RFC 9901 §7.2]', async () => {
    const presentation = await createPresentation({
      sdJwt,
      disclose: [],
      audience: 'a',
      nonce: 'n',
      signer: holder,
      clock,
    });
    expect(await refusalOf(() => receive(presentation))).toBe('key_binding_unexpected');
  });

  test('refuses an expired one and one of a type it did not ask for', async () => {
    expect(await refusalOf(() => receive(sdJwt, { clock: testClock(clock.now() / 1000 + 15 * DAY) }))).toBe(
      'credential_expired',
    );
    expect(await refusalOf(() => receive(sdJwt, { vcts: ['https://other.example'] }))).toBe(
      'vct_not_accepted',
    );
  });
});
