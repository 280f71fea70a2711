import { compareBytes, type Signer } from '@attestel/core';
import type { OperationPayload } from '@attestel/ledger';
import { beforeEach, describe, expect, test } from 'vitest';
import { createDid } from '../../src/index.ts';
import { prepareContent } from '../../src/operations/did-content.ts';
import { FakeLedger, signOperation } from '../fakes/ledger.ts';
import { NOT_AFTER } from '../fakes/party.ts';
import { publicKeyOf, seededRandom, seededSigner } from '../fakes/seeded.ts';

const signers = (...names: string[]) => names.map((name) => seededSigner(name));
const [a, b, c] = ['t/1a', 't/1b', 't/1c'] as const;
const [x, y, z] = ['t/2a', 't/2b', 't/2c'] as const;
const refused = (code: string) => expect.objectContaining({ code });

const created = createDid({
  network: 'test',
  controlKey: signers(a, b, c),
  threshold: 2,
  nextKeys: [x, y, z].map((name) => publicKeyOf(name)),
  nextThreshold: 2,
  ledgerKeys: [],
  document: { verificationMethods: [] },
  random: seededRandom('thresholds'),
});
const base = {
  v: 1,
  network: 'test',
  ns: 'main',
  module: 'did',
  actor: created.did,
  notAfter: NOT_AFTER,
} as const;

const createSignedBy = (...names: string[]) =>
  signOperation(
    { ...base, kind: 'create', previous: null, body: { genesis: created.genesis } },
    signers(...names),
    created.attachment,
  );

const creation = await createSignedBy(a, b);

function update(revealed: readonly string[], signing: readonly Signer[]) {
  const { control, attachmentBytes } = prepareContent(
    {
      nextKeys: [publicKeyOf('t/3')],
      ledgerKeys: [],
      document: { verificationMethods: [] },
      random: seededRandom('thresholds/update'),
    },
    'test',
  );
  const keys = revealed.map((name) => publicKeyOf(name)).sort(compareBytes);
  const body = { v: 1, keys, ...control } as unknown as OperationPayload['body'];
  return signOperation({ ...base, kind: 'update', previous: creation.id, body }, signing, attachmentBytes);
}

let ledger: FakeLedger;

beforeEach(() => {
  ledger = new FakeLedger();
});

describe('two of three keys create (specs/did-mno.md §6.2)', () => {
  test.each([[[a, b]], [[b, c]], [[a, b, c]]])('%j do', async (names) => {
    const operation = await createSignedBy(...names);
    expect(() => ledger.submit(operation)).not.toThrow();
  });

  test.each([[[a]], [[a, a]], [[a, a, a]]])('%j do not: a key counts once', async (names) => {
    const operation = await createSignedBy(...names);
    expect(() => ledger.submit(operation)).toThrow(refused('threshold_not_met'));
  });
});

describe('two of three committed keys update (specs/did-mno.md §6.2)', () => {
  beforeEach(() => ledger.submit(creation));

  test.each([[[x, y]], [[z, x]], [[x, y, z]]])('%j do', async (names) => {
    const operation = await update(names, signers(...names));
    expect(() => ledger.submit(operation)).not.toThrow();
  });

  test.each<[readonly string[], readonly string[], string]>([
    [[x], [x], 'threshold_not_met'],
    [[x, y], [x, x], 'threshold_not_met'],
    [[x, y, z], [x, y], 'signature_missing'],
    [[x, y], [x, y, z], 'signature_foreign'],
    [[x, y, 't/other'], [x, y, 't/other'], 'key_not_committed'],
    [[a, b], [a, b], 'key_not_committed'],
  ])('%j shown and %j signing are refused: %s', async (revealed, signing, code) => {
    const operation = await update(revealed, signers(...signing));
    expect(() => ledger.submit(operation)).toThrow(refused(code));
  });
});
