import { createPortingRecord, verifyPortingRecord, verifyPortingRecords } from '@attestel/credentials';
import { describe, expect, test } from 'vitest';
import { signCompactJws } from '../../src/jose/compact-jws.ts';
import {
  DAY,
  fakeResolver,
  NOW,
  newConsortium,
  newSigner,
  type Operator,
  refusalOf,
  testClock,
} from '../fixtures.ts';

const consortium = await newConsortium(3);
const [a, b, c] = consortium.operators as [Operator, Operator, Operator];
const handle = 'A'.repeat(43);
const world = () => ({
  clock: testClock(),
  ...fakeResolver(consortium.operators),
  isOperator: (did: string) => consortium.operators.some((operator) => operator.did === did),
});

const record = (from: Operator, to: Operator, at = NOW - DAY, of = handle) =>
  createPortingRecord({ handle: of, from: from.did, to: to.did, at, kid: from.kid, signer: from.signer });
const handmade = (claims: object, header: object = {}, signer = a.signer) =>
  signCompactJws(
    { typ: 'attestel-porting+jwt', kid: a.kid, ...header },
    { handle, from: a.did, to: b.did, at: NOW - DAY, ...claims },
    signer,
  );
const codeOf = async (made: Promise<string>, changes: object = {}) => {
  const text = await made;
  return refusalOf(() => verifyPortingRecord({ ...world(), record: text, ...changes }));
};

describe('porting record', () => {
  test('says which operator handed which handle to whom, and when', async () => {
    expect(await verifyPortingRecord({ ...world(), record: await record(a, b) })).toEqual({
      handle,
      from: a.did,
      to: b.did,
      at: NOW - DAY,
    });
  });

  test('is signed by the operator that hands over, nobody else', async () => {
    const { signer } = b;
    expect(() =>
      createPortingRecord({ handle, from: a.did, to: b.did, at: NOW, kid: b.kid, signer }),
    ).toThrow(TypeError);
    expect(await codeOf(handmade({}, { kid: b.kid }, b.signer))).toBe('porting_signer_wrong');
    expect(await codeOf(handmade({}, { kid: undefined }))).toBe('porting_signer_wrong');
    expect(await codeOf(handmade({}, { kid: `${a.did}#key-9` }))).toBe('porting_signer_wrong');
    expect(await codeOf(handmade({}, {}, await newSigner()))).toBe('signature_invalid');
    expect(await codeOf(handmade({}, {}, await newSigner('EdDSA')))).toBe('alg_not_allowed');
  });

  test('counts between operators of the consortium only', async () => {
    expect(await codeOf(record(a, b), { isOperator: (did: string) => did === a.did })).toBe(
      'porting_signer_wrong',
    );
    expect(await codeOf(record(a, b), { isOperator: (did: string) => did === b.did })).toBe(
      'porting_signer_wrong',
    );
  });

  test('needs a DID document that stands', async () => {
    const { documents, state, ...others } = world();
    state.deactivated.add(a.did);
    expect(await codeOf(record(a, b), others)).toBe('porting_signer_wrong');
    documents.delete(a.did);
    expect(await codeOf(record(a, b), others)).toBe('porting_signer_wrong');
  });

  test.each([
    { handle: 'short' },
    { handle: 7 },
    { from: 'a' },
    { to: undefined },
    { to: a.did },
    { at: -1 },
    { at: '1' },
    { phone_number: '+990123456789' },
  ])('has exactly its four members in the right form: %j', async (claims) => {
    expect(await codeOf(handmade(claims))).toBe('porting_malformed');
  });

  test('has its own typ, understands no crit, and lies in the past', async () => {
    expect(await codeOf(handmade({}, { typ: 'JWT' }))).toBe('porting_typ_wrong');
    expect(await codeOf(handmade({}, { crit: ['x'] }))).toBe('crit_not_understood');
    expect(await codeOf(handmade({ at: NOW + 61 }))).toBe('porting_from_the_future');
  });
});

describe('a chain of porting records', () => {
  const chainOf = async (made: Promise<string>[], issuerDid: string, of = handle) => {
    const records = await Promise.all(made);
    return verifyPortingRecords({ ...world(), records, handle: of, issuerDid });
  };

  test('names the earlier operators, oldest first', async () => {
    expect(await chainOf([record(a, b, NOW - 2 * DAY), record(b, c)], c.did)).toEqual([a.did, b.did]);
    expect(await chainOf([record(a, b, NOW - 2 * DAY), record(b, a)], a.did)).toEqual([a.did, b.did]);
    expect(await chainOf([], a.did)).toEqual([]);
  });

  test.each([
    ['ends elsewhere', () => [record(a, b)], c],
    ['has a gap', () => [record(a, b, NOW - 2 * DAY), record(c, b)], b],
    ['is out of order', () => [record(b, c), record(a, b, NOW - 2 * DAY)], c],
    ['goes back in time', () => [record(a, b, NOW - DAY), record(b, c, NOW - 2 * DAY)], c],
    ['is about another handle', () => [record(a, b, NOW - DAY, `${'B'.repeat(42)}A`)], b],
    ['changes the handle', () => [record(a, b, NOW - 2 * DAY), record(b, c, NOW, `${'B'.repeat(42)}A`)], c],
  ] as const)('that %s is refused', async (_, make, issuer) => {
    expect(await refusalOf(() => chainOf([...make()], issuer.did))).toBe('porting_broken_chain');
  });

  test('is bounded', async () => {
    const records = Array.from({ length: 9 }, () => record(a, b));
    expect(await refusalOf(() => chainOf(records, b.did))).toBe('porting_malformed');
  });
});
