import { encodeCbor, multikeyToText, toHex } from '@attestel/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { commitNextKeys } from '../../src/genesis/next-commitment.ts';
import { actorKeys, didModule } from '../../src/index.ts';
import { sha256 } from '../../src/sha256.ts';
import { readHead } from '../../src/state/records.ts';
import { standingOf } from '../../src/state/standing.ts';
import { FakeLedger, signOperation } from '../fakes/ledger.ts';
import { party } from '../fakes/party.ts';
import { publicKeyOf, seededSigner } from '../fakes/seeded.ts';

const alice = party('module-alice');
const bob = party('module-bob');
const create = await alice.create();
const refused = (code: string) => expect.objectContaining({ code });

let ledger: FakeLedger;
const head = () => readHead(ledger.state('did'), alice.did);

beforeEach(() => {
  ledger = new FakeLedger();
  ledger.submit(create);
});

describe('create (specs/did-mno.md §6.2)', () => {
  test('puts the DID on the ledger as version 1', () => {
    expect(head()).toMatchObject({
      version: 1,
      operation: create.id,
      created: ledger.time,
      deactivated: false,
    });
  });

  test('says so in an event', async () => {
    const events = ledger.submit(await bob.create());
    expect(events).toEqual([
      { module: 'did', type: 'created', data: expect.objectContaining({ did: bob.did, version: 1 }) },
    ]);
  });

  test('happens once', () => {
    expect(() => ledger.submit(create)).toThrow(refused('did_exists'));
  });

  test('is not repeated after deactivation', async () => {
    ledger.submit(await alice.deactivate(2, create.id));
    expect(() => ledger.submit(create)).toThrow(refused('did_deactivated'));
  });

  test.each([
    ['nobody', [], 'threshold_not_met'],
    ['a stranger', [seededSigner('stranger')], 'signature_foreign'],
    ['the next key', [alice.control(2)], 'signature_foreign'],
    ['the key and a stranger', [alice.control(1), seededSigner('stranger')], 'signature_foreign'],
  ] as const)('is refused when signed by %s', async (_, signers, code) => {
    const operation = await signOperation(create.payload, signers, create.attachment);
    expect(() => new FakeLedger().submit(operation)).toThrow(refused(code));
  });

  test('is refused for a DID that is not the hash of the genesis', async () => {
    const payload = { ...create.payload, actor: bob.did };
    const operation = await signOperation(payload, [alice.control(1)], create.attachment);
    expect(() => new FakeLedger().submit(operation)).toThrow(refused('genesis_mismatch'));
  });

  test('is refused on another network, whatever the envelope says', async () => {
    expect(() => new FakeLedger('other').submit(create)).toThrow(refused('wrong_network'));
    const relabelled = await signOperation(
      { ...create.payload, network: 'other' },
      [alice.control(1)],
      create.attachment,
    );
    expect(() => new FakeLedger('other').submit(relabelled)).toThrow(refused('wrong_network'));
  });

  test('is refused in another namespace', async () => {
    const operation = await signOperation(
      { ...create.payload, ns: 'channel' },
      [alice.control(1)],
      create.attachment,
    );
    expect(() => new FakeLedger().submit(operation)).toThrow(refused('wrong_network'));
  });

  test('is refused without its document', () => {
    expect(() => new FakeLedger().submit({ ...create, attachment: null })).toThrow(
      refused('document_missing'),
    );
  });

  test.each([
    ['with a predecessor', { previous: new Uint8Array(32) }],
    ['without saying that there is none', { previous: undefined }],
    ['with a sequence', { sequence: 0 }],
    ['of another module', { module: 'registry' }],
    ['with an unknown body field', { body: { genesis: alice.genesis, more: 1 } }],
    ['with a genesis that is text', { body: { genesis: 'zQm' } }],
  ])('is refused %s', async (_, changes) => {
    const payload = JSON.parse('{}');
    Object.assign(payload, create.payload, changes);
    for (const [name, value] of Object.entries(payload)) if (value === undefined) delete payload[name];
    const operation = await signOperation(payload, [alice.control(1)], create.attachment);
    expect(() => didModule.checkStateless(operation)).toThrow(refused('invalid_operation'));
  });

  test('an unknown kind is refused', async () => {
    for (const kind of ['move', 'recover-start', 'Create', '']) {
      const operation = await signOperation(
        { ...create.payload, kind },
        [alice.control(1)],
        create.attachment,
      );
      expect(() => didModule.checkStateless(operation)).toThrow(refused('unknown_kind'));
    }
  });
});

describe('update (specs/did-mno.md §6.2)', () => {
  test('is made by the committed key and replaces the state', async () => {
    const update = await alice.update(2, create.id);
    const events = ledger.submit(update);
    expect(events[0]).toMatchObject({ type: 'updated', data: { version: 2 } });
    expect(head()).toMatchObject({
      version: 2,
      operation: update.id,
      created: ledger.time - 1,
      updated: ledger.time,
    });
  });

  test('is refused for an unknown DID', async () => {
    expect(() => new FakeLedger().submit(create)).not.toThrow();
    const update = await bob.update(2, create.id);
    expect(() => ledger.submit(update)).toThrow(refused('did_not_found'));
  });

  test('is refused when it does not follow the last operation, and says which that is', async () => {
    const update = await alice.update(2, create.id);
    ledger.submit(update);
    expect(() => ledger.submit(update)).toThrow(refused('wrong_previous'));
    const fork = await alice.update(3, create.id);
    expect(() => ledger.submit(fork)).toThrow(expect.objectContaining({ extra: { head: toHex(update.id) } }));
  });

  test.each([
    ['the key that made the last change', 1],
    ['a key committed to later', 3],
  ])('is refused from %s', async (_, n) => {
    const update = await alice.update(n, create.id, { body: { next: [new Uint8Array(32)] } });
    expect(() => ledger.submit(update)).toThrow(refused('key_not_committed'));
  });

  test('a key of the document or of the ledger cannot change the DID', async () => {
    for (const signer of [alice.key, seededSigner('module-alice/ledger')]) {
      const body = { keys: [signer.publicKey], ledgerKeys: [] };
      const update = await alice.update(2, create.id, { body, signers: [signer], attachment: null });
      expect(() => ledger.module.apply(...applying(update, [signer.publicKey]))).toThrow(
        refused('key_not_committed'),
      );
    }
  });

  test('every revealed key signs', async () => {
    for (const [signers, code] of [
      [[], 'threshold_not_met'],
      [[seededSigner('stranger')], 'signature_foreign'],
    ] as const) {
      const update = await alice.update(2, create.id, { signers });
      expect(() => ledger.submit(update)).toThrow(refused(code));
    }
  });

  test('pre-rotation cannot be left out', async () => {
    for (const next of [[], null, undefined]) {
      const body = next === undefined ? {} : { next };
      const update = await alice.update(2, create.id, { body });
      const payload = { ...update.payload, body: { ...update.payload.body } };
      if (next === undefined) Reflect.deleteProperty(payload.body, 'next');
      const operation = await signOperation(payload, [alice.control(2)], update.attachment);
      expect(() => ledger.submit(operation)).toThrow(refused('invalid_operation'));
    }
  });

  test('the next threshold is at least one and reachable', async () => {
    for (const nextThreshold of [0, 2, -1]) {
      const update = await alice.update(2, create.id, { body: { nextThreshold } });
      expect(() => ledger.submit(update)).toThrow(refused('invalid_operation'));
    }
  });

  test('an unknown version of the body is refused', async () => {
    const update = await alice.update(2, create.id, { body: { v: 2 } });
    expect(() => ledger.submit(update)).toThrow(refused('invalid_operation'));
  });

  test('a key once shown is never committed to again', async () => {
    const update = await alice.update(2, create.id);
    ledger.submit(update);
    for (const name of ['module-alice/1', 'module-alice/2', 'module-alice/3', 'module-alice/ledger']) {
      const next = [...commitNextKeys([publicKeyOf(name)], sha256)];
      const again = await alice.update(3, update.id, { body: { next } });
      expect(() => ledger.submit(again), name).toThrow(refused('key_reused'));
    }
  });

  test('a spent control key never becomes a ledger key', async () => {
    const ledgerKeys = [['ledger-1', alice.control(1).publicKey]];
    const update = await alice.update(2, create.id, { body: { ledgerKeys } });
    expect(() => ledger.module.apply(...applying(update, [alice.control(2).publicKey]))).toThrow(
      refused('key_reused'),
    );
  });

  test("one DID's operation is nothing to another, on this network or elsewhere", async () => {
    const created = await bob.create();
    ledger.submit(created);
    const update = await alice.update(2, create.id);
    const replay = { ...update, payload: { ...update.payload, actor: bob.did, previous: created.id } };
    const resigned = await signOperation(replay.payload, [alice.control(2)], update.attachment);
    expect(() => ledger.submit(resigned)).toThrow(refused('key_not_committed'));
    const elsewhere = new FakeLedger('other');
    expect(() => elsewhere.submit(update)).toThrow(refused('wrong_network'));
  });

  test('the document must be the one committed to', async () => {
    const update = await alice.update(2, create.id, { attachment: create.attachment });
    expect(() => ledger.submit(update)).toThrow(refused('document_mismatch'));
    const none = await alice.update(2, create.id, { attachment: null });
    expect(() => ledger.submit(none)).toThrow(refused('document_missing'));
  });

  function applying(operation: Awaited<ReturnType<typeof alice.update>>, signers: readonly Uint8Array[]) {
    const context = {
      network: 'test',
      ns: 'main',
      height: 2,
      time: ledger.time + 1,
      read: () => ledger.state('did'),
      signedBy: () => false,
      signers,
    };
    return [ledger.state('did') as never, operation, context] as const;
  }
});

describe('deactivate (specs/did-mno.md §6.2)', () => {
  test('is final and leaves no keys', async () => {
    const end = await alice.deactivate(2, create.id);
    expect(ledger.submit(end)[0]).toMatchObject({ type: 'deactivated', data: { version: 2 } });
    expect(head()).toMatchObject({ deactivated: true, next: [], ledgerKeys: [] });
    const after = await alice.update(2, end.id);
    expect(() => ledger.submit(after)).toThrow(refused('did_deactivated'));
    const again = await alice.deactivate(2, end.id);
    expect(() => ledger.submit(again)).toThrow(refused('did_deactivated'));
  });

  test('needs the committed key', async () => {
    const end = await alice.deactivate(1, create.id);
    expect(() => ledger.submit(end)).toThrow(refused('key_not_committed'));
  });

  test('carries no document', async () => {
    const end = await alice.deactivate(2, create.id);
    const attachment = encodeCbor(multikeyToText(publicKeyOf('x')));
    expect(() => ledger.submit({ ...end, attachment })).toThrow(refused('invalid_operation'));
  });
});

describe('ledger keys', () => {
  const keysNow = () => actorKeys((module) => ledger.state(module), alice.did);

  test('act for the DID while it is active', async () => {
    expect(keysNow()).toEqual([seededSigner('module-alice/ledger').publicKey]);
    ledger.submit(await alice.deactivate(2, create.id));
    expect(keysNow()).toEqual([]);
  });

  test('an unknown DID has none', () => {
    expect(actorKeys((module) => ledger.state(module), bob.did)).toEqual([]);
    expect(standingOf((module) => ledger.state(module), bob.did)).toEqual({ canAct: false, since: 0 });
  });

  test('tell other modules since when a DID can act no more', async () => {
    const standing = () => standingOf((module) => ledger.state(module), alice.did);
    const before = standing();
    expect(before.canAct).toBe(true);
    ledger.submit(await alice.deactivate(2, create.id));
    expect(standing()).toEqual({ canAct: false, since: expect.any(Number) });
    expect(standing().since).toBeGreaterThan(before.since);
  });
});

describe('erasure (specs/did-mno.md §5.3)', () => {
  test('a replay without any document gives the same state', async () => {
    const update = await alice.update(2, create.id);
    ledger.submit(update);
    ledger.submit(await bob.create());
    ledger.submit(await alice.deactivate(3, update.id));
    expect(ledger.replayed()).toEqual(ledger.snapshot());
  });
});
