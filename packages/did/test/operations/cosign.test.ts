import { compareBytes } from '@attestel/core';
import { createMemoryKeyStore } from '@attestel/keystore';
import { decodeOperation, encodeOperation, type Operation } from '@attestel/ledger';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  buildDeactivate,
  buildRotate,
  buildUpdate,
  commitmentOf,
  cosign,
  createDid,
  documentOfOperation,
  joinSignatures,
  missingSigners,
} from '../../src/index.ts';
import { FakeLedger } from '../fakes/ledger.ts';
import { NOT_AFTER } from '../fakes/party.ts';
import { seededRandom, seededSigner } from '../fakes/seeded.ts';

/** Three key stores that never meet; each holds one control key a version. */
const stores = [createMemoryKeyStore(), createMemoryKeyStore(), createMemoryKeyStore()] as const;
const keyOf = async (store: (typeof stores)[number], version: number) => {
  const ref = `control-${version}`;
  if (!(await store.find(ref))) {
    await store.generate({ ref, purpose: 'did-control', algorithm: version % 2 ? 'ES256' : 'EdDSA' });
  }
  return store.signer(ref);
};
const holders = async (version: number) =>
  [
    await keyOf(stores[0], version),
    await keyOf(stores[1], version),
    await keyOf(stores[2], version),
  ] as const;
const commitments = async (version: number) =>
  (await holders(version)).map(({ publicKey }) => commitmentOf(publicKey));
const travel = (operation: Operation): Operation => decodeOperation(encodeOperation(operation));
const refused = (code: string) => expect.objectContaining({ code });

const ledger = new FakeLedger();
const [first, second, third] = await holders(1);
const created = createDid({
  network: 'test',
  controlKey: first,
  cosigners: [second.publicKey, third.publicKey],
  threshold: 2,
  nextKeys: [],
  nextCommitments: await commitments(2),
  nextThreshold: 2,
  ledgerKeys: [],
  document: { verificationMethods: [] },
  random: seededRandom('cosign'),
});
const begunCreation = await created.toOperation(NOT_AFTER);
const [a, b, c] = await holders(2);
const begin = async (previous: Operation) =>
  buildRotate({
    did: created.did,
    previous: previous.id,
    controlKeys: [a],
    cosigners: [b.publicKey],
    nextKeys: [],
    nextCommitments: await commitments(3),
    nextThreshold: 3,
    document: created.document,
    notAfter: NOT_AFTER,
  });

describe('an operation that several key stores sign', () => {
  let begun: Operation;
  beforeAll(async () => {
    begun = await begin(begunCreation);
  });

  test('creation waits for as many as its threshold says', async () => {
    expect(() => ledger.submit(begunCreation)).toThrow(refused('threshold_not_met'));
    expect(missingSigners(begunCreation)).toEqual([second.publicKey, third.publicKey].sort(compareBytes));
    const whole = await cosign(travel(begunCreation), third);
    expect(missingSigners(whole)).toEqual([]);
    ledger.submit(whole);
  });

  test('rotation waits for every key that it reveals, and is refused before', async () => {
    expect(missingSigners(begun)).toEqual([b.publicKey]);
    expect(() => ledger.submit(begun)).toThrow(refused('threshold_not_met'));
    const whole = await cosign(travel(begun), b);
    expect(whole.id).toEqual(begun.id);
    expect(missingSigners(whole)).toEqual([]);
    ledger.submit(whole);
  });

  test('three of three follow, signing apart from each other, in any order', async () => {
    const [d, e, f] = await holders(3);
    const previous = begun.id;
    const draft = await buildUpdate({
      did: created.did,
      previous,
      controlKeys: [d],
      cosigners: [e.publicKey, f.publicKey],
      nextKeys: [],
      nextCommitments: await commitments(4),
      ledgerKeys: [],
      document: { verificationMethods: [] },
      random: seededRandom('cosign/update'),
      notAfter: NOT_AFTER,
    });
    const byE = await cosign(travel(draft.operation), e);
    const byF = await cosign(travel(draft.operation), f);
    const whole = joinSignatures([byF, byE]);
    expect(encodeOperation(joinSignatures([byE, byF]))).toEqual(encodeOperation(whole));
    ledger.submit(whole);
    const [g, h, i] = await holders(4);
    const end = await buildDeactivate({
      did: created.did,
      previous: whole.id,
      controlKeys: [g],
      cosigners: [h.publicKey, i.publicKey],
      notAfter: NOT_AFTER,
    });
    ledger.submit(await cosign(await cosign(end, h), i));
  });

  test('who has signed already changes nothing', async () => {
    expect(encodeOperation(await cosign(begun, a))).toEqual(encodeOperation(begun));
  });

  test('a key that the operation does not name never signs it', async () => {
    let used = false;
    const watched = {
      ...c,
      sign: (message: Uint8Array) => {
        used = true;
        return c.sign(message);
      },
    };
    await expect(cosign(begun, watched)).rejects.toThrow(refused('signature_foreign'));
    expect(used).toBe(false);
  });

  test('what is signed is what the bytes say, not what came beside them', async () => {
    const innocent = await begin(begunCreation);
    const other = await buildDeactivate({
      did: created.did,
      previous: begunCreation.id,
      controlKeys: [a],
      cosigners: [b.publicKey],
      notAfter: NOT_AFTER,
    });
    const disguised = { ...other, payload: innocent.payload };
    expect((await cosign(disguised, b)).payload.kind).toBe('deactivate');
  });

  test('who signs can read the document, and signs no other', async () => {
    expect(documentOfOperation(begunCreation)).toEqual(created.document);
    expect(documentOfOperation(begun)).toBeNull();
    const bare = { ...begunCreation, attachment: null };
    await expect(cosign(bare, second)).rejects.toThrow(refused('document_missing'));
    const burdened = { ...begun, attachment: begunCreation.attachment };
    await expect(cosign(burdened, b)).rejects.toThrow(refused('invalid_operation'));
  });

  test('a wrong signature among the parts is refused before the key is used', async () => {
    const [signature] = begun.signatures;
    const spoiled = (signature?.signature ?? new Uint8Array(64)).slice();
    spoiled[40] = (spoiled[40] ?? 0) ^ 1;
    const bad = { ...begun, signatures: [{ key: a.publicKey, signature: spoiled }] };
    await expect(cosign(bad, b)).rejects.toThrow(refused('signature_invalid'));
    expect(() => joinSignatures([begun, bad])).toThrow(refused('signature_invalid'));
  });

  test('a part signed by a stranger is refused', () => {
    const [signature] = begun.signatures;
    const foreign = {
      ...begun,
      signatures: [
        { key: seededSigner('stranger').publicKey, signature: signature?.signature as Uint8Array },
      ],
    };
    expect(() => joinSignatures([begun, foreign])).toThrow(refused('signature_foreign'));
  });

  test('parts of different operations, or with different documents, do not join', async () => {
    const other = await begin(begun);
    expect(() => joinSignatures([begun, other])).toThrow(refused('operation_differs'));
    const altered = { ...begunCreation, attachment: Uint8Array.of(1) };
    expect(() => joinSignatures([begunCreation, altered])).toThrow(refused('operation_differs'));
    const bare = { ...begunCreation, attachment: null };
    expect(() => joinSignatures([begunCreation, bare])).toThrow(refused('operation_differs'));
  });
});
