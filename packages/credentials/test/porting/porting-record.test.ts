import { createPortingRecord, verifyPortingRecord, verifyPortingRecords } from '@attestel/credentials';
import type { DidDocument } from '@attestel/did';
import type { Member } from '@attestel/registry';
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
const name = { 'zh-CN': '甲', en: 'A' };
const memberOf = (did: string, changes: object = {}) =>
  ({ did, name, roles: ['operator'], status: 'active', statusSince: 0, ...changes }) as Member;
const registryOf = (...members: readonly Member[]) => ({
  member: (did: string) => members.find((member) => member.did === did),
});
const everybody = consortium.operators.map(({ did }) => memberOf(did));
const world = () => ({
  clock: testClock(),
  ...fakeResolver(consortium.operators),
  registry: registryOf(...everybody),
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
    for (const { did } of [a, b]) {
      const registry = registryOf(memberOf(did));
      expect(await codeOf(record(a, b), { registry })).toBe('porting_signer_wrong');
    }
    const vendor = registryOf(memberOf(a.did, { roles: ['vendor'] }), memberOf(b.did));
    expect(await codeOf(record(a, b), { registry: vendor })).toBe('porting_signer_wrong');
  });

  test.each(['suspended', 'left'])('of an operator %s holds when it was made before', async (status) => {
    const gone = memberOf(a.did, { status, statusSince: NOW - DAY });
    const registry = registryOf(gone, memberOf(b.did));
    expect(await codeOf(record(a, b, NOW - DAY - 1), { registry })).toBe('accepted');
    expect(await codeOf(record(a, b, NOW - DAY), { registry })).toBe('porting_signer_wrong');
  });

  test('needs a DID document', async () => {
    const { documents, ...others } = world();
    documents.delete(a.did);
    expect(await codeOf(record(a, b), others)).toBe('porting_signer_wrong');
  });

  test('is checked with the key of its time: rotation and deactivation take nothing back', async () => {
    const { documents, state, resolver, ...others } = world();
    const old = documents.get(a.did) as DidDocument;
    const rotatedAt = NOW - DAY / 2;
    const asked: unknown[] = [];
    const history = {
      resolve: async (did: string, options?: { readonly versionTime?: string }) => {
        asked.push(options?.versionTime);
        const past = Date.parse(options?.versionTime ?? '9999-01-01T00:00:00Z') / 1000 < rotatedAt;
        const resolution = await resolver.resolve(did);
        return past && did === a.did ? { ...resolution, didDocument: old } : resolution;
      },
    };
    const key = consortium.operators[2] as Operator;
    const [method] = key.document.verificationMethod;
    const publicKeyMultibase = method?.publicKeyMultibase as string;
    documents.set(a.did, {
      ...old,
      verificationMethod: old.verificationMethod.map((m) => ({ ...m, publicKeyMultibase })),
    });
    state.deactivated.add(a.did);
    const changes = { ...others, resolver: history };
    expect(await codeOf(record(a, b, NOW - DAY), changes)).toBe('accepted');
    expect(await codeOf(record(a, b, NOW), changes)).toBe('signature_invalid');
    // A clock ahead by less than the tolerance: the resolver is not asked about the future.
    expect(await codeOf(record(a, b, NOW + 30), changes)).toBe('signature_invalid');
    const at = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
    expect(asked).toEqual([at(NOW - DAY), at(NOW), at(NOW)]);
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

  const fromOf = async (...given: Parameters<typeof chainOf>) =>
    (await chainOf(...given)).map(({ from }) => from);

  test('says what the earlier operators said, oldest first', async () => {
    expect(await fromOf([record(a, b, NOW - 2 * DAY), record(b, c)], c.did)).toEqual([a.did, b.did]);
    expect(await fromOf([record(a, b, NOW - 2 * DAY), record(b, a)], a.did)).toEqual([a.did, b.did]);
    expect(await fromOf([], a.did)).toEqual([]);
  });

  test('may begin anywhere, so that eight are enough for any number of moves', async () => {
    const moves = Array.from({ length: 10 }, (_, i) => record(i % 2 ? b : a, i % 2 ? a : b, NOW - 20 + i));
    expect(await fromOf(moves.slice(-8), a.did)).toHaveLength(8);
  });

  test.each([
    ['ends elsewhere', () => [record(a, b)], c],
    ['has a gap', () => [record(a, b, NOW - 2 * DAY), record(c, b)], b],
    ['is out of order', () => [record(b, c), record(a, b, NOW - 2 * DAY)], c],
    ['stands still', () => [record(a, b), record(b, c)], c],
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
