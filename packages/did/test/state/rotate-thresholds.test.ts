import { beforeEach, describe, expect, test } from 'vitest';
import { buildRotate, commitmentOf, createDid } from '../../src/index.ts';
import { readHead } from '../../src/state/records.ts';
import { FakeLedger, signOperation } from '../fakes/ledger.ts';
import { NOT_AFTER } from '../fakes/party.ts';
import { publicKeyOf, seededRandom, seededSigner } from '../fakes/seeded.ts';

const [x, y, z] = ['rt/x', 'rt/y', 'rt/z'] as const;
const keys = (...names: string[]) => names.map((name) => publicKeyOf(name));
const signers = (...names: string[]) => names.map((name) => seededSigner(name));
const refused = (code: string) => expect.objectContaining({ code });

const created = createDid({
  network: 'test',
  controlKey: seededSigner('rt/1'),
  nextKeys: keys(x, y, z),
  nextThreshold: 2,
  ledgerKeys: [],
  document: { verificationMethods: [] },
  random: seededRandom('rotate-thresholds'),
});
const creation = await created.toOperation(NOT_AFTER);

const rotate = (revealed: readonly string[], more: { nextKeys: string[]; nextThreshold?: number }) =>
  buildRotate({
    did: created.did,
    previous: creation.id,
    controlKeys: signers(...revealed),
    nextKeys: keys(...more.nextKeys),
    ...(more.nextThreshold === undefined ? {} : { nextThreshold: more.nextThreshold }),
    document: created.document,
    notAfter: NOT_AFTER,
  });

let ledger: FakeLedger;
const head = () => readHead(ledger.state('did'), created.did);

beforeEach(() => {
  ledger = new FakeLedger();
  ledger.submit(creation);
});

describe('two of three committed keys rotate (specs/did-mno.md §6.2)', () => {
  test.each([[[x, y]], [[z, x]], [[x, y, z]]])('%j do', async (names) => {
    const operation = await rotate(names, { nextKeys: ['rt/3'] });
    expect(() => ledger.submit(operation)).not.toThrow();
  });

  test('one does not', async () => {
    const operation = await rotate([x], { nextKeys: ['rt/3'] });
    expect(() => ledger.submit(operation)).toThrow(refused('threshold_not_met'));
  });

  test('one that signs twice does not', async () => {
    const { payload } = await rotate([x, y], { nextKeys: ['rt/3'] });
    const twice = await signOperation(payload, signers(x, x));
    expect(() => ledger.submit(twice)).toThrow(refused('threshold_not_met'));
  });

  test('two and one that is shown without signing do not', async () => {
    const { payload } = await rotate([x, y, z], { nextKeys: ['rt/3'] });
    const silent = await signOperation(payload, signers(x, y));
    expect(() => ledger.submit(silent)).toThrow(refused('signature_missing'));
  });

  test('the threshold and the number of keys change with the rotation', async () => {
    const first = await rotate([x, z], { nextKeys: ['rt/a', 'rt/b', 'rt/c', 'rt/d'], nextThreshold: 3 });
    ledger.submit(first);
    expect(head()).toMatchObject({ nextThreshold: 3 });
    const second = (...revealed: string[]) =>
      buildRotate({
        did: created.did,
        previous: first.id,
        controlKeys: signers(...revealed),
        nextKeys: keys('rt/last'),
        document: created.document,
        notAfter: NOT_AFTER,
      });
    const tooFew = await second('rt/a', 'rt/b');
    expect(() => ledger.submit(tooFew)).toThrow(refused('threshold_not_met'));
    ledger.submit(await second('rt/a', 'rt/b', 'rt/d'));
    expect(head()).toMatchObject({ nextThreshold: 1, version: 3 });
  });

  test('a key that was not shown may stay committed to', async () => {
    const kept = await rotate([x, y], { nextKeys: [z, 'rt/new'] });
    ledger.submit(kept);
    const next = await buildRotate({
      did: created.did,
      previous: kept.id,
      controlKeys: signers(z, 'rt/new'),
      nextKeys: [],
      nextCommitments: [commitmentOf(publicKeyOf('rt/hidden'))],
      document: created.document,
      notAfter: NOT_AFTER,
    });
    expect(() => ledger.submit(next)).not.toThrow();
    expect(head()?.next).toEqual([commitmentOf(publicKeyOf('rt/hidden'))]);
  });
});
