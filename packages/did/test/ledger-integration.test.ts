import { createMemoryStore, encodeCbor, silentLogger, toHex } from '@attestel/core';
import { createMemoryKeyStore } from '@attestel/keystore';
import { buildOperation, decodeOperation, encodeOperation, type Ledger, openLedger } from '@attestel/ledger';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  actorKeys,
  buildDeactivate,
  buildUpdate,
  createLedgerResolver,
  createOrganisation,
  didModule,
  type Organisation,
  parseVersionId,
  verificationKey,
} from '../src/index.ts';
import { signOperation } from './fakes/ledger.ts';
import { party } from './fakes/party.ts';
import { publicKeyOf, seededRandom, seededSigner } from './fakes/seeded.ts';

const NOW = 1_800_000_000;
const NOT_AFTER = NOW + 600;
const clock = { now: () => NOW * 1000 };
const random = seededRandom('integration');
const keyStore = createMemoryKeyStore();

const open = (
  store = createMemoryStore(),
  genesis: Organisation['operation'][] | 'none' = 'none',
): Promise<Ledger> =>
  openLedger({
    network: 'test',
    origin: 'ledger.example/test',
    store,
    modules: [didModule],
    actorKeys,
    signer: seededSigner('checkpoint'),
    clock,
    logger: silentLogger,
    genesis,
    collectMilliseconds: 0,
  });

let ledger: Ledger;

beforeEach(async () => {
  ledger = await open();
});

afterEach(() => ledger.close());

const submit = async (operation: Organisation['operation']) => {
  const [result] = await ledger.submit([operation]);
  if (result === undefined) throw new Error('no result');
  return result;
};

describe('module did on the solo ledger', () => {
  test('an organisation is anchored, updated and deactivated', async () => {
    const { did, document, operation, kid, refs } = await createOrganisation({
      keyStore,
      network: 'test',
      prefix: 'integration',
      random,
      notAfter: NOT_AFTER,
    });
    expect(await submit(operation)).toMatchObject({ ok: true });
    const resolver = createLedgerResolver(ledger, { clock });
    const first = await resolver.resolve(did);
    expect(first.didDocument).toEqual(document);

    const newKey = seededSigner('integration/key-2', 'ES256');
    const update = await buildUpdate({
      did,
      previous: parseVersionId(first.didDocumentMetadata.versionId ?? '')?.operationId ?? new Uint8Array(),
      controlKeys: [await keyStore.signer(refs.nextControl)],
      nextKeys: [publicKeyOf('integration/control-3')],
      ledgerKeys: [],
      document: {
        verificationMethods: [
          { fragment: 'key-2', key: newKey.publicKey, relationships: ['assertionMethod'] },
        ],
      },
      random,
      notAfter: NOT_AFTER,
    });
    expect(await submit(update.operation)).toMatchObject({ ok: true });
    const second = await resolver.resolve(did);
    expect(second.didDocument).toEqual(update.document);
    expect(verificationKey(second, `${did}#key-2`, 'assertionMethod')).toEqual(newKey.publicKey);
    expect(() => verificationKey(second, kid, 'assertionMethod')).toThrow();

    const end = await buildDeactivate({
      did,
      previous: update.operation.id,
      controlKeys: [seededSigner('integration/control-3')],
      notAfter: NOT_AFTER,
    });
    expect(await submit(end)).toMatchObject({ ok: true });
    expect(await resolver.resolve(did)).toMatchObject({
      didDocument: null,
      didDocumentMetadata: { deactivated: true },
    });
  });

  test('refusals name the rule and leave nothing', async () => {
    const alice = party('integration-alice');
    const create = await alice.create();
    const stranger = await buildOperation(create.payload, [seededSigner('stranger')], create.attachment);
    expect(await submit(stranger)).toMatchObject({ ok: false, error: { code: 'signature_foreign' } });
    expect(await submit({ ...create, attachment: null })).toMatchObject({
      ok: false,
      error: { code: 'document_missing' },
    });
    expect(await submit({ ...create, attachment: encodeCbor({}) })).toMatchObject({
      ok: false,
      error: { code: 'invalid_document' },
    });
    expect([...ledger.state('did').list('')]).toEqual([]);
    expect(await submit(create)).toMatchObject({ ok: true });
  });

  test('package ledger and the tests’ own encoder agree on every signed byte', async () => {
    const alice = party('integration-bytes');
    const ours = await alice.create();
    const built = await alice.toOperation(ours.payload.notAfter);
    expect(toHex(built.payloadBytes)).toBe(toHex(ours.payloadBytes));
    expect(toHex(built.id)).toBe(toHex(ours.id));
    expect(decodeOperation(encodeOperation(ours))).toEqual(built);
    const again = await signOperation(built.payload, [alice.control(1)], built.attachment);
    expect(again.signatures).toEqual(built.signatures);
  });

  test('founders anchored in block 1 are there after opening, and after opening again', async () => {
    const founders = [party('founder-a'), party('founder-b')];
    const genesis = await Promise.all(founders.map((founder) => founder.create()));
    const store = createMemoryStore();
    for (let i = 0; i < 2; i++) {
      const opened = await open(store, genesis);
      expect(opened.head().height).toBe(1);
      for (const { did, document } of founders) {
        expect((await createLedgerResolver(opened, { clock }).resolve(did)).didDocument).toEqual(document);
      }
      await opened.close();
    }
  });
});
