import { type CborValue, encodeCbor, toHex } from '@attestel/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { commitNextKeys } from '../../src/genesis/next-commitment.ts';
import { actorKeys, createLedgerResolver, formatVersionId } from '../../src/index.ts';
import { sha256 } from '../../src/sha256.ts';
import { readHead } from '../../src/state/records.ts';
import { FakeLedger, signOperation } from '../fakes/ledger.ts';
import { party } from '../fakes/party.ts';
import { publicKeyOf, seededSigner } from '../fakes/seeded.ts';

const alice = party('rotate-alice');
const bob = party('rotate-bob');
const create = await alice.create();
const rotate = await alice.rotate(2, create.id);
const refused = (code: string) => expect.objectContaining({ code });
const next = (...names: string[]) =>
  commitNextKeys(
    names.map((name) => publicKeyOf(name)),
    sha256,
  );

let ledger: FakeLedger;
const head = () => readHead(ledger.state('did'), alice.did);

beforeEach(() => {
  ledger = new FakeLedger();
  ledger.submit(create);
});

describe('rotate (specs/did-mno.md §6.2)', () => {
  test('replaces commitments and threshold, and leaves everything else', () => {
    const before = head();
    const events = ledger.submit(rotate);
    expect(events).toEqual([
      { module: 'did', type: 'rotated', data: { did: alice.did, version: 2, operation: rotate.id } },
    ]);
    expect(head()).toEqual({
      ...before,
      version: 2,
      operation: rotate.id,
      updated: ledger.time,
      next: next('rotate-alice/3'),
    });
  });

  test('is a version with the document of the one before, which stays resolvable', async () => {
    ledger.submit(rotate);
    const update = await alice.update(3, rotate.id);
    ledger.submit(update);
    const resolver = createLedgerResolver(ledger, { clock: { now: () => ledger.time * 1000 } });
    const [first, second, third] = [create, rotate, update].map(({ id }, i) => formatVersionId(i + 1, id));
    const rotated = await resolver.resolve(alice.did, { versionId: second as string });
    expect(rotated.didDocument).toEqual(alice.document);
    expect(rotated.didDocumentMetadata).toMatchObject({ versionId: second, nextVersionId: third });
    const created = await resolver.resolve(alice.did, { versionId: first as string });
    expect(created.didDocumentMetadata).toMatchObject({ versionId: first, nextVersionId: second });
  });

  test('keeps the keys that act on the ledger', () => {
    ledger.submit(rotate);
    expect(actorKeys((module) => ledger.state(module), alice.did)).toEqual([alice.ledgerKey.publicKey]);
  });

  test('hands control to the new key alone', async () => {
    ledger.submit(rotate);
    for (const n of [1, 2, 4]) {
      const wrongful = await alice.rotate(n, rotate.id, { body: { next: next('rotate-alice/9') } });
      expect(() => ledger.submit(wrongful)).toThrow(refused('key_not_committed'));
    }
    const rightful = await alice.deactivate(3, rotate.id);
    expect(() => ledger.submit(rightful)).not.toThrow();
  });

  test('is refused for a DID that is not on the ledger', () => {
    expect(() => new FakeLedger().submit(rotate)).toThrow(refused('did_not_found'));
  });

  test('an old rotation is refused when it comes again, whatever has happened since', async () => {
    ledger.submit(rotate);
    expect(() => ledger.submit(rotate)).toThrow(refused('wrong_previous'));
    ledger.submit(await alice.rotate(3, rotate.id));
    expect(() => ledger.submit(rotate)).toThrow(refused('wrong_previous'));
  });

  test('a deactivated DID cannot be rotated', async () => {
    const end = await alice.deactivate(2, create.id);
    ledger.submit(end);
    for (const previous of [create.id, end.id]) {
      const late = await alice.rotate(3, previous);
      expect(() => ledger.submit(late)).toThrow(refused('did_deactivated'));
    }
  });

  test('a key once shown, as control or ledger key, is never committed to again', async () => {
    ledger.submit(rotate);
    for (const name of ['1', '2', 'ledger'].map((key) => `rotate-alice/${key}`)) {
      const again = await alice.rotate(3, rotate.id, { body: { next: next(name) } });
      expect(() => ledger.submit(again), name).toThrow(refused('key_reused'));
    }
  });

  test('the key that signs is not committed to', async () => {
    const again = await alice.rotate(2, create.id, { body: { next: next('rotate-alice/2') } });
    expect(() => ledger.module.checkStateless(again)).toThrow(refused('key_reused'));
  });

  test.each([
    ['nobody', [], 'threshold_not_met'],
    ['a stranger', [seededSigner('stranger')], 'signature_foreign'],
    ['the key and a stranger', [alice.control(2), seededSigner('stranger')], 'signature_foreign'],
    ['the key that is spent', [alice.control(1)], 'signature_foreign'],
  ] as const)('is refused when signed by %s', async (_, signers, code) => {
    const wrongful = await alice.rotate(2, create.id, { signers });
    expect(() => ledger.submit(wrongful)).toThrow(refused(code));
  });

  test("one DID's rotation is nothing to another, in another namespace or on another network", async () => {
    const created = await bob.create();
    ledger.submit(created);
    const moved = { ...rotate.payload, actor: bob.did, previous: created.id };
    const replay = await signOperation(moved, [alice.control(2)]);
    expect(() => ledger.submit(replay)).toThrow(refused('key_not_committed'));
    const elsewhere = await alice.rotate(2, create.id, { payload: { ns: 'other' } });
    expect(() => ledger.submit(elsewhere)).toThrow(refused('wrong_network'));
    expect(() => new FakeLedger('other').submit(rotate)).toThrow(refused('wrong_network'));
  });

  test.each<[string, Readonly<Record<string, CborValue>>]>([
    ['no commitment', { next: [] }],
    ['null instead of commitments', { next: null }],
    ['a commitment twice', { next: [...next('a'), ...next('a')] }],
    ['commitments out of order', { next: [...next('a', 'b')].reverse() }],
    ['nine commitments', { next: next(...'abcdefghi') }],
    ['a threshold of zero', { nextThreshold: 0 }],
    ['a threshold out of reach', { nextThreshold: 2 }],
    ['a key twice', { keys: [publicKeyOf('rotate-alice/2'), publicKeyOf('rotate-alice/2')] }],
    ['no key', { keys: [] }],
    ['a document', { document: new Uint8Array(32) }],
    ['ledger keys', { ledgerKeys: [] }],
    ['a recovery policy', { recovery: null }],
    ['an unknown version', { v: 2 }],
  ])('is refused with %s in its body', async (_, body) => {
    const malformed = await alice.rotate(2, create.id, { body });
    expect(() => ledger.module.checkStateless(malformed)).toThrow(refused('invalid_operation'));
  });

  test('is refused with a field missing', async () => {
    for (const field of ['v', 'keys', 'next', 'nextThreshold']) {
      const body = { ...rotate.payload.body };
      Reflect.deleteProperty(body, field);
      const malformed = await signOperation({ ...rotate.payload, body }, [alice.control(2)]);
      expect(() => ledger.module.checkStateless(malformed), field).toThrow(refused('invalid_operation'));
    }
  });

  test('carries no attachment', () => {
    expect(() => ledger.submit({ ...rotate, attachment: encodeCbor('x') })).toThrow(
      refused('invalid_operation'),
    );
  });

  test('says which operation is the last one when it follows another', async () => {
    ledger.submit(rotate);
    const fork = await alice.rotate(3, create.id);
    expect(() => ledger.submit(fork)).toThrow(expect.objectContaining({ extra: { head: toHex(rotate.id) } }));
  });

  test('a replay without any document gives the same state', async () => {
    ledger.submit(rotate);
    ledger.submit(await alice.update(3, rotate.id));
    expect(ledger.replayed()).toEqual(ledger.snapshot());
  });
});
