import { createMemoryStore, type Store, toHex, utf8 } from '@attestel/core';
import { hashLeaf, treeRoot, verifyCheckpoint } from '@attestel/proof';
import { describe, expect, it } from 'vitest';
import {
  type BlockNotice,
  buildOperation,
  type Ledger,
  MAX_VALIDITY_SECONDS,
  type Operation,
  type OperationResult,
  openLedger,
  proofCrypto,
  verifyLedger,
} from '../../../src/index.ts';
import {
  ANN,
  actors,
  addition,
  BOB,
  CYD,
  checkpointSigner,
  manualClock,
  NETWORK,
  ORIGIN,
  openTestLedger,
  recordingLogger,
  rules,
  START,
  testLedgerOptions,
} from '../../fixtures/open-test-ledger.ts';
import { ed25519Signer } from '../../fixtures/signers.ts';

const codesOf = (results: readonly OperationResult[]): string[] =>
  results.map((result) => (result.ok ? 'ok' : result.error.code));
const submitOne = async (ledger: Ledger, operation: Operation): Promise<OperationResult> =>
  (await ledger.submit([operation]))[0] as OperationResult;
const trust = { origin: ORIGIN, keys: [{ name: ORIGIN, publicKey: checkpointSigner.publicKey.slice(2) }] };
const logTrust = { origin: ORIGIN, checkpointKey: checkpointSigner.publicKey };
const treeOf = (ledger: Ledger): Uint8Array =>
  treeRoot(
    proofCrypto.sha256,
    [...ledger.entries(0, 10_000)].map(({ bytes }) => hashLeaf(proofCrypto.sha256, bytes)),
  );
const allOf = (ledger: Ledger): number => (ledger.state('counter').get('all') as number | undefined) ?? 0;

describe('a new ledger', () => {
  it('has a signed checkpoint of the empty log', async () => {
    const ledger = await openTestLedger();
    expect(ledger.head()).toMatchObject({ height: 0, time: 0, size: 0 });
    expect(verifyCheckpoint(ledger.head().checkpoint, trust, proofCrypto).size).toBe(0);
  });

  it('refuses two modules of one name, and a name kept for the host', async () => {
    const module = { name: 'host', ordering: 'actor', checkStateless() {}, apply: () => [] } as const;
    await expect(openTestLedger({ modules: [module] })).rejects.toThrow(TypeError);
    const twice = { ...module, name: 'twice' };
    await expect(openTestLedger({ modules: [twice, twice] })).rejects.toThrow(TypeError);
  });

  it('refuses a checkpoint key that is not Ed25519', async () => {
    await expect(openTestLedger({ signer: actors[BOB] as never })).rejects.toThrow(TypeError);
  });
});

describe('submitting', () => {
  it('answers with id, index and height when the operation is in the log, in order', async () => {
    const ledger = await openTestLedger();
    const operations = await Promise.all([addition(ANN, 0), addition(ANN, 1), addition(BOB, 0)]);
    const results = await ledger.submit(operations);
    expect(results.map((r) => r.ok && [toHex(r.id), r.index, r.height])).toEqual(
      operations.map(({ id }, i) => [toHex(id), i, 1]),
    );
    expect(results[1]).toMatchObject({ events: [{ type: 'added', data: { actor: ANN, sum: 2 } }] });
    expect(ledger.sequence('counter', ANN)).toBe(2);
    expect(allOf(ledger)).toBe(3);
  });

  it('puts concurrent submissions into one block of one transaction', async () => {
    let commits = 0;
    const store = createMemoryStore({
      beforeCommit: () => {
        commits += 1;
      },
    });
    const ledger = await openTestLedger({ store, collectMilliseconds: 5 });
    const operations = await Promise.all([addition(ANN, 0), addition(BOB, 0), addition(CYD, 0)]);
    await Promise.all(operations.map((operation) => ledger.submit([operation])));
    expect(commits).toBe(1);
    expect(ledger.head()).toMatchObject({ height: 1, size: 4 });
  });

  it('takes no more than 1000 operations into a block', async () => {
    const ledger = await openTestLedger();
    const operations = await Promise.all(
      Array.from({ length: 1003 }, (_, i) => addition(ANN, i, { body: { amount: 0 } })),
    );
    const results = await ledger.submit(operations);
    expect(new Set(codesOf(results))).toEqual(new Set(['ok']));
    expect(ledger.head().height).toBeGreaterThan(1);
    expect(ledger.sequence('counter', ANN)).toBe(1003);
  }, 60_000);

  it('signs a checkpoint over all entries with each block', async () => {
    const ledger = await openTestLedger();
    for (let i = 0; i < 3; i++) {
      await ledger.submit([await addition(ANN, i)]);
      const checkpoint = verifyCheckpoint(ledger.head().checkpoint, trust, proofCrypto);
      expect(checkpoint.size).toBe(2 * (i + 1));
      expect(checkpoint.root).toEqual(treeOf(ledger));
      expect(ledger.head().root).toEqual(checkpoint.root);
    }
  });

  it('makes no block, entry or checkpoint when every operation is refused', async () => {
    const ledger = await openTestLedger();
    await ledger.submit([await addition(ANN, 0)]);
    const before = ledger.head();
    expect(codesOf(await ledger.submit([await addition(ANN, 5)]))).toEqual(['sequence_conflict']);
    expect(ledger.head()).toBe(before);
    expect([...ledger.entries(0, 10)]).toHaveLength(2);
  });

  it('undoes all writes of an operation that its module refuses, and goes on with the next', async () => {
    const ledger = await openTestLedger();
    const results = await ledger.submit([
      await addition(ANN, 0, { body: { amount: 900 } }),
      await addition(ANN, 1, { body: { amount: 200 } }),
      await addition(ANN, 1, { body: { amount: 50 } }),
    ]);
    expect(codesOf(results)).toEqual(['ok', 'counter_full', 'ok']);
    expect(allOf(ledger)).toBe(950);
    expect(ledger.sequence('counter', ANN)).toBe(2);
  });

  it('refuses an operation on which a module breaks, and tells the log but not the caller why', async () => {
    const logger = recordingLogger();
    const ledger = await openTestLedger({ logger });
    const result = await submitOne(ledger, await addition(ANN, 0, { kind: 'break' }));
    expect(result).toMatchObject({ ok: false, error: { code: 'module_failed', kind: 'internal' } });
    expect(result.ok || result.error.message).not.toContain('a bug');
    expect(logger.events).toContain('module_failed');
    expect(allOf(ledger)).toBe(0);
  });

  it('keeps the attachment beside the log, not in it', async () => {
    const ledger = await openTestLedger();
    const attachment = utf8('a note that may be erased one day');
    const payload = (await addition(ANN, 0, { kind: 'note' })).payload;
    const operation = await buildOperation(payload, [actors[ANN] as never], attachment);
    expect(await submitOne(ledger, operation)).toMatchObject({ ok: true });
    expect(ledger.attachment(operation.id)).toEqual(attachment);
    expect([...ledger.entries(0, 2)].some(({ bytes }) => toHex(bytes).includes(toHex(attachment)))).toBe(
      false,
    );
    expect(ledger.attachment(new Uint8Array(32))).toBeUndefined();
  });

  it('asks a module about a missing attachment', async () => {
    const ledger = await openTestLedger();
    expect(codesOf(await ledger.submit([await addition(ANN, 0, { kind: 'note' })]))).toEqual([
      'counter_note_missing',
    ]);
  });
});

describe('refusing', () => {
  const refused: readonly (readonly [string, string, () => Promise<Operation>])[] = [
    ['another network', 'wrong_network', () => addition(ANN, 0, { network: 'other' })],
    ['another namespace', 'wrong_namespace', () => addition(ANN, 0, { ns: 'cn-gd' })],
    ['an unknown module', 'unknown_module', () => addition(ANN, 0, { module: 'nothing' })],
    ['the host as module', 'unknown_module', () => addition(ANN, 0, { module: 'host' })],
    ['a body its module refuses', 'counter_amount', () => addition(ANN, 0, { body: {} })],
    [
      'an actor without a key',
      'not_signed_by_actor',
      () => addition('did:ex:nobody', 0, {}, [actors[ANN] as never]),
    ],
    ['the key of another actor', 'not_signed_by_actor', () => addition(ANN, 0, {}, [actors[BOB] as never])],
    ['notAfter before block time', 'operation_expired', () => addition(ANN, 0, { notAfter: START - 1 })],
    [
      'notAfter too far ahead',
      'operation_valid_too_long',
      () => addition(ANN, 0, { notAfter: START + MAX_VALIDITY_SECONDS + 1 }),
    ],
  ];
  it.each(refused)('refuses %s with %s', async (_, code, make) => {
    const ledger = await openTestLedger();
    await ledger.submit([await addition(CYD, 0)]); // block 1 is the genesis: notAfter does not count there
    expect(codesOf(await ledger.submit([await make()]))).toEqual([code]);
    expect(ledger.head().height).toBe(1);
  });

  it('takes notAfter at both ends of its span', async () => {
    const ledger = await openTestLedger();
    await ledger.submit([await addition(CYD, 0)]);
    const results = await ledger.submit([
      await addition(ANN, 0, { notAfter: START }),
      await addition(ANN, 1, { notAfter: START + MAX_VALIDITY_SECONDS }),
    ]);
    expect(codesOf(results)).toEqual(['ok', 'ok']);
  });

  it('refuses the ordering field of the other kind of module', async () => {
    const ledger = await openTestLedger();
    const base = (await addition(ANN, 0)).payload;
    const { sequence: _, ...unordered } = base;
    const signers = [actors[ANN] as never];
    const byObject = await buildOperation({ ...unordered, previous: null }, signers);
    const bySequence = await buildOperation({ ...base, module: 'register' }, signers);
    expect(codesOf(await ledger.submit([byObject, bySequence]))).toEqual([
      'wrong_ordering',
      'wrong_ordering',
    ]);
  });

  it('refuses a repeated operation as a conflict that names the expected sequence', async () => {
    const ledger = await openTestLedger();
    const operation = await addition(ANN, 0);
    const [first, second] = await ledger.submit([operation, operation]);
    expect(first).toMatchObject({ ok: true });
    const conflict = {
      ok: false,
      error: { kind: 'conflict', code: 'sequence_conflict', extra: { expected: 1 } },
    };
    expect(second).toMatchObject(conflict);
    expect(await submitOne(ledger, operation)).toMatchObject(conflict);
  });

  it('refuses a repeated operation of a module ordered by object', async () => {
    const ledger = await openTestLedger();
    const make = (previous: Uint8Array | null): Promise<Operation> =>
      buildOperation(
        {
          v: 1,
          network: NETWORK,
          ns: 'main',
          module: 'register',
          kind: 'set',
          actor: ANN,
          previous,
          notAfter: START + 60,
          body: {},
        },
        [actors[ANN] as never],
      );
    const first = await make(null);
    const second = await make(first.id);
    expect(codesOf(await ledger.submit([second, first, second, first]))).toEqual([
      'register_head',
      'ok',
      'ok',
      'operation_duplicate',
    ]);
  });

  it('refuses an operation when any of its signatures does not verify', async () => {
    const ledger = await openTestLedger();
    const good = await addition(ANN, 0, {}, [actors[ANN] as never, actors[BOB] as never]);
    const [first, second] = good.signatures as [Operation['signatures'][0], Operation['signatures'][0]];
    const flipped = second.signature.map((byte, i) => (i === 40 ? byte ^ 1 : byte));
    const bad = { ...good, signatures: [first, { ...second, signature: flipped }] };
    const result = await submitOne(ledger, bad);
    expect(result).toMatchObject({ error: { code: 'signature_invalid', field: '/signatures/1' } });
  });

  it('executes what the signed bytes say, whatever the object around them claims', async () => {
    const ledger = await openTestLedger();
    const honest = await addition(ANN, 0);
    const lie = { ...honest, payload: { ...honest.payload, body: { amount: 500 } }, id: new Uint8Array(32) };
    expect(await submitOne(ledger, lie)).toMatchObject({ ok: true, id: honest.id });
    expect(allOf(ledger)).toBe(1);
  });

  it('refuses everything once closed, and keeps what was submitted before', async () => {
    const ledger = await openTestLedger();
    const before = ledger.submit([await addition(ANN, 0)]);
    const closing = ledger.close();
    const after = ledger.submit([await addition(ANN, 1)]);
    await closing;
    expect(codesOf([...(await before), ...(await after)])).toEqual(['ok', 'ledger_closed']);
  });

  it('knows no state and no sequence of a module it does not have', async () => {
    const ledger = await openTestLedger();
    expect(() => ledger.state('nothing')).toThrow('no such module');
    expect(() => ledger.sequence('nothing', ANN)).toThrow('no such module');
    expect(() => ledger.sequence('register', ANN)).toThrow('no such module');
  });
});

describe('what strangers can make a node do', () => {
  const { modules } = rules;
  async function openCounting() {
    const calls = { stateless: 0, attachment: 0 };
    const counting = modules.map((module) => ({
      ...module,
      checkStateless(operation: Operation) {
        calls.stateless += 1;
        module.checkStateless(operation);
      },
      checkAttachment() {
        calls.attachment += 1;
      },
    }));
    return { calls, ledger: await openTestLedger({ modules: counting }) };
  }
  const none = { stateless: 0, attachment: 0 };

  it('looks into an operation only after its signatures verified', async () => {
    const { ledger, calls } = await openCounting();
    const good = await addition(ANN, 0);
    const [signature] = good.signatures as [Operation['signatures'][0]];
    const unsigned = { ...good, signatures: [{ ...signature, signature: new Uint8Array(64) }] };
    expect(codesOf(await ledger.submit([unsigned]))).toEqual(['signature_invalid']);
    expect(calls).toEqual(none);
    expect(codesOf(await ledger.submit([good]))).toEqual(['ok']);
    expect(calls).toEqual({ stateless: 1, attachment: 1 });
  });

  it('refuses what is in the log already, or past its time, without looking at it again', async () => {
    const { ledger, calls } = await openCounting();
    const operation = await addition(ANN, 0);
    await ledger.submit([operation]);
    Object.assign(calls, none);
    const unsigned = { ...operation, signatures: (await addition(ANN, 5)).signatures };
    const late = await addition(ANN, 1, { notAfter: START - 1 });
    expect(codesOf(await ledger.submit([operation, unsigned, late]))).toEqual([
      'sequence_conflict',
      'sequence_conflict',
      'operation_expired',
    ]);
    expect(calls).toEqual(none);
  });
});

describe('block time', () => {
  const timesOf = async (
    ledger: Ledger,
    clockMs: readonly number[],
    clock: { ms: number },
  ): Promise<number[]> => {
    const times: number[] = [];
    for (const [i, ms] of clockMs.entries()) {
      clock.ms = ms;
      await ledger.submit([await addition(ANN, i)]);
      times.push(ledger.head().time);
    }
    return times;
  };

  it('never goes back, whatever the clock does, and stays with the clock under load', async () => {
    const clock = manualClock();
    const ledger = await openTestLedger({ clock });
    const ms = START * 1000;
    expect(await timesOf(ledger, [ms, ms, ms - 5000, ms + 999, ms + 1999.5], clock)).toEqual([
      START,
      START,
      START,
      START,
      START + 1,
    ]);
  });
});

describe('a clock far ahead', () => {
  const DAY = 86_400_000;
  const later = (days: number, sequence: number): Promise<Operation> =>
    addition(ANN, sequence, { notAfter: START + days * 86_400 + 60 });

  it('makes no block, since time could never go back, and the ledger goes on when the clock is right', async () => {
    const clock = manualClock();
    const logger = recordingLogger();
    const ledger = await openTestLedger({ clock, logger });
    await ledger.submit([await addition(ANN, 0)]);
    clock.ms += 400 * DAY;
    const refused = await submitOne(ledger, await later(400, 1));
    expect(refused).toMatchObject({ error: { code: 'clock_leap', kind: 'unavailable' } });
    expect(logger.events).toContain('block_not_prepared');
    clock.ms -= 400 * DAY;
    expect(codesOf(await ledger.submit([await addition(ANN, 1)]))).toEqual(['ok']);
    expect(ledger.head()).toMatchObject({ height: 2, time: START });
  });

  it('is believed after weeks without blocks, and beyond that when who opens the ledger says so', async () => {
    const clock = manualClock();
    const store = createMemoryStore();
    const ledger = await openTestLedger({ clock, store });
    await ledger.submit([await addition(ANN, 0)]);
    clock.ms += 60 * DAY;
    expect(codesOf(await ledger.submit([await later(60, 1)]))).toEqual(['ok']);
    clock.ms += 400 * DAY;
    const told = await openTestLedger({ clock, store, maxClockLeapSeconds: 500 * 86_400 });
    expect(codesOf(await told.submit([await later(460, 2)]))).toEqual(['ok']);
  });

  it('says nothing about the first block', async () => {
    const clock = manualClock(START * 1000 + 4000 * DAY);
    expect((await openTestLedger({ clock, genesis: [await addition(ANN, 0)] })).head().height).toBe(1);
  });
});

describe('delivering blocks', () => {
  it('tells listeners after durability, in order, before the submitter, until they leave', async () => {
    const ledger = await openTestLedger();
    const seen: string[] = [];
    const leave = ledger.onBlock(({ head, operations }: BlockNotice) => {
      expect(ledger.head()).toBe(head);
      expect(allOf(ledger)).toBe(head.height);
      seen.push(`${head.height}:${operations.map(({ index, events }) => `${index}/${events.length}`)}`);
    });
    for (let i = 0; i < 2; i++) {
      await ledger.submit([await addition(ANN, i)]);
      seen.push('answered');
    }
    leave();
    await ledger.submit([await addition(ANN, 2)]);
    expect(seen).toEqual(['1:0/1', 'answered', '2:2/1', 'answered']);
  });

  it('does not let a broken listener disturb the block or the others', async () => {
    const logger = recordingLogger();
    const ledger = await openTestLedger({ logger });
    let heard = 0;
    ledger.onBlock(() => {
      throw new Error('listener');
    });
    ledger.onBlock(() => {
      heard += 1;
    });
    expect(codesOf(await ledger.submit([await addition(ANN, 0)]))).toEqual(['ok']);
    expect(heard).toBe(1);
    expect(logger.events).toContain('block_listener_failed');
  });
});

describe('opening again', () => {
  const genesis = async (): Promise<Operation[]> => [await addition(ANN, 0), await addition(BOB, 0)];

  it('goes on where it stopped', async () => {
    const store = createMemoryStore();
    const first = await openTestLedger({ store });
    await first.submit([await addition(ANN, 0)]);
    const head = first.head();
    await first.close();
    const second = await openTestLedger({ store });
    expect(second.head()).toEqual(head);
    await second.submit([await addition(ANN, 1)]);
    expect(second.head()).toMatchObject({ height: 2, size: 4 });
    expect(second.head().root).toEqual(treeOf(second));
  });

  it('executes the genesis once, as block 1', async () => {
    const store = createMemoryStore();
    const first = await openTestLedger({ store, genesis: await genesis() });
    expect(first.head()).toMatchObject({ height: 1, size: 3 });
    const second = await openTestLedger({ store, genesis: await genesis() });
    expect(second.head()).toEqual(first.head());
    expect(second.sequence('counter', ANN)).toBe(1);
  });

  it('opens a ledger without being told its genesis, but begins none', async () => {
    const { genesis: _, ...untold } = testLedgerOptions();
    const empty = openLedger({ ...untold, store: createMemoryStore() });
    await expect(empty).rejects.toMatchObject({ code: 'genesis_missing' });
    await expect(openTestLedger({ genesis: [] })).rejects.toMatchObject({ code: 'genesis_missing' });
    const store = createMemoryStore();
    await openTestLedger({ store, genesis: await genesis() });
    expect((await openLedger({ ...untold, store })).head().height).toBe(1);
  });

  it('begins with a genesis however long ago it was signed', async () => {
    const clock = manualClock(START * 1000 + 90 * 86_400_000);
    const store = createMemoryStore();
    const ledger = await openTestLedger({ store, clock, genesis: await genesis() });
    expect(ledger.head()).toMatchObject({ height: 1, size: 3 });
    expect(await verifyLedger({ ...rules, ...logTrust, store })).toMatchObject({ ok: true, height: 1 });
    // From the second block on, notAfter counts again.
    expect(codesOf(await ledger.submit([await addition(ANN, 1)]))).toEqual(['operation_expired']);
  });

  it.each([
    ['fewer operations', (operations: Operation[]) => operations.slice(1)],
    ['another order', (operations: Operation[]) => [...operations].reverse()],
  ])('refuses to open with a genesis of %s', async (_, change) => {
    const store = createMemoryStore();
    await openTestLedger({ store, genesis: await genesis() });
    const other = openTestLedger({ store, genesis: change(await genesis()) });
    await expect(other).rejects.toMatchObject({ code: 'genesis_mismatch', kind: 'conflict' });
  });

  it('refuses a genesis that cannot be executed and names the operation; nothing is written', async () => {
    const store = createMemoryStore();
    const opening = openTestLedger({ store, genesis: [await addition(ANN, 0), await addition(BOB, 7)] });
    await expect(opening).rejects.toMatchObject({
      code: 'genesis_refused',
      field: 'genesis/1',
      extra: { reason: 'sequence_conflict' },
    });
    expect((await openTestLedger({ store })).head().height).toBe(0);
    const unsigned = { ...(await addition(ANN, 0)), payload: (await addition(ANN, 1)).payload };
    const lying = openTestLedger({ genesis: [await addition(ANN, 0, { network: 'other' }), unsigned] });
    await expect(lying).rejects.toMatchObject({ code: 'genesis_refused', field: 'genesis/0' });
  });

  it.each([
    ['another network', { network: 'other' }],
    ['another origin', { origin: 'elsewhere.example/v0' }],
    ['another checkpoint key', { signer: ed25519Signer('stranger') }],
  ])('refuses a store of %s', async (_, change) => {
    const store = createMemoryStore();
    const ledger = await openTestLedger({ store });
    await ledger.submit([await addition(ANN, 0)]);
    await expect(openTestLedger({ store, ...change })).rejects.toMatchObject({ code: 'store_mismatch' });
  });

  it('refuses a store whose head is damaged', async () => {
    const damage = async (change: (head: Uint8Array) => Uint8Array): Promise<Store> => {
      const store = createMemoryStore();
      await (await openTestLedger({ store })).submit([await addition(ANN, 0)]);
      const key = utf8('head');
      const head = store.get('ledger/meta', key) as Uint8Array;
      await store.transact((writer) => writer.put('ledger/meta', key, change(head)));
      return store;
    };
    const cut = await damage((head) => head.slice(0, -1));
    await expect(openTestLedger({ store: cut })).rejects.toMatchObject({ code: 'store_damaged' });
    const text = (head: Uint8Array): string => Buffer.from(head).toString('latin1');
    const otherRoot = await damage((head) => {
      const at = text(head).indexOf('hashes') + 12; // inside the first hash
      return head.map((byte, i) => (i === at ? byte ^ 1 : byte));
    });
    await expect(openTestLedger({ store: otherRoot })).rejects.toMatchObject({ code: 'store_damaged' });
  });
});
