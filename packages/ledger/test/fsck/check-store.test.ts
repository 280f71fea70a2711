import {
  createMemoryStore,
  decodeCbor,
  encodeCbor,
  equalBytes,
  fromHex,
  type Signer,
  type Store,
  utf8,
} from '@attestel/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openExecutor } from '../../src/executor/open-executor.ts';
import { encodeAlarm } from '../../src/follow/evidence.ts';
import {
  buildOperation,
  checkStore,
  type LedgerModule,
  type StoreCheck,
  storedHead,
} from '../../src/index.ts';
import { Restore } from '../../src/snapshots/restore.ts';
import { snapshotChunks } from '../../src/snapshots/take-snapshot.ts';
import { TABLES, u64 } from '../../src/tables.ts';
import { counterModule, registerModule } from '../fixtures/counter-module.ts';
import {
  ANN,
  actors,
  addition,
  BOB,
  CYD,
  manualClock,
  ORIGIN,
  openTestLedger,
  rules,
} from '../fixtures/open-test-ledger.ts';
import { ed25519Signer } from '../fixtures/signers.ts';

const NOTE = Uint8Array.of(1, 2, 3);
/** The test's modules, one of which commits to its only attachment. */
const modules: LedgerModule[] = [
  {
    ...counterModule,
    checkAttachment(operation) {
      counterModule.checkAttachment?.(operation);
      if (operation.attachment && !equalBytes(operation.attachment, NOTE))
        throw new TypeError('another note');
    },
  },
  registerModule,
];
const check = (store: Store, overrides: object = {}): StoreCheck =>
  checkStore({ ...rules, modules, origin: ORIGIN, store, ...overrides });
const fault = (table: string, at: unknown = expect.any(String)) => ({
  ok: false,
  table,
  at,
  rule: expect.any(String),
});
const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, (bytes[at] as number) ^ 1);

/** Blocks of several sizes, a note with its attachment, a witness: something in every table. */
async function fullStore(): Promise<Store> {
  const store = createMemoryStore();
  const clock = manualClock();
  const witness = { name: 'ann.example', signer: ed25519Signer('witness'), clock };
  const ledger = await openTestLedger({ store, clock, witness });
  for (let i = 0; i < 40; i++) {
    clock.ms += 1000;
    await ledger.submit([await addition(ANN, i), await addition(BOB, i)]);
  }
  const { payload } = await addition(CYD, 0, { kind: 'note' });
  await ledger.submit([await buildOperation(payload, [actors[CYD] as Signer], NOTE)]);
  await ledger.close();
  return store;
}

type Change = readonly [table: string, key: Uint8Array, value: Uint8Array | undefined];

async function checkChanged(store: Store, changes: readonly Change[]): Promise<StoreCheck> {
  const before = changes.map(([table, key]): Change => [table, key, store.get(table, key)]);
  const write = (all: readonly Change[]) =>
    store.transact((writer) => {
      for (const [table, key, value] of all) {
        if (value) writer.put(table, key, value);
        else writer.delete(table, key);
      }
    });
  await write(changes);
  const result = check(store);
  await write(before);
  return result;
}

describe('checking the store of a ledger', () => {
  let store: Store;
  beforeAll(async () => {
    store = await fullStore();
  });

  it('counts what a sound one holds and says what it does', () => {
    const lines: string[] = [];
    expect(check(store, { progress: (line: string) => lines.push(line) })).toMatchObject({
      ok: true,
      head: { height: 41, size: 122 },
      entries: 122,
      entriesLeftOut: 0,
      attachments: 1,
      attachmentsMissing: 0,
    });
    expect(lines.length).toBeGreaterThan(3);
  });

  it('takes an empty store for one', () => {
    expect(check(createMemoryStore())).toMatchObject({ ok: true, head: undefined, entries: 0 });
  });

  it.each(['entries', 'operations', 'state', 'lookups', 'trie', 'nodes', 'checkpoints', 'blocks'] as const)(
    'finds any record of the table %s that is missing, changed in its last byte or cut short',
    async (name) => {
      const table = TABLES[name];
      for (const [key, value] of [...store.range(table)].filter((_, i) => i % 9 === 0)) {
        for (const changed of [undefined, flip(value, value.length - 1), value.slice(0, -1)]) {
          expect(await checkChanged(store, [[table, key, changed]])).toMatchObject({ ok: false });
        }
      }
    },
    120_000,
  );

  it.each([
    'entries',
    'operations',
    'state',
    'trie',
    'nodes',
    'checkpoints',
    'blocks',
    'attachments',
    'lookups',
  ] as const)('finds a record too many in the table %s', async (name) => {
    const table = TABLES[name];
    const [[key, value]] = [...store.range(table)] as unknown as [[Uint8Array, Uint8Array]];
    const last = [...store.range(table)].at(-1)?.[0] as Uint8Array;
    const other = name === 'state' ? utf8('counter\0zz') : last.with(-1 + last.length, 255);
    const found = await checkChanged(store, [[table, other, value]]);
    // A bucket too many holds keys too many: those are named.
    expect(found).toMatchObject(fault(name === 'trie' ? TABLES.state : table));
    expect(key).not.toEqual(other);
  });

  it('names the entry, the key of the state and the block', async () => {
    const entry = store.get(TABLES.entries, u64(7)) as Uint8Array;
    expect(await checkChanged(store, [[TABLES.entries, u64(7), flip(entry, 30)]])).toMatchObject(
      fault(TABLES.entries, 'entry 7'),
    );
    expect(await checkChanged(store, [[TABLES.entries, u64(7), undefined]])).toMatchObject(
      fault(TABLES.entries, 'entry 7'),
    );
    expect(await checkChanged(store, [[TABLES.state, utf8('counter\0all'), encodeCbor(7)]])).toEqual({
      ok: false,
      table: TABLES.state,
      at: 'counter all',
      rule: 'has not the value of the trie',
    });
    const block = store.get(TABLES.blocks, u64(3)) as Uint8Array;
    expect(await checkChanged(store, [[TABLES.blocks, u64(4), block]])).toMatchObject(
      fault(TABLES.blocks, 'block 4'),
    );
  });

  it('finds an attachment of no operation, and counts those that are erased', async () => {
    const [id] = [...store.range(TABLES.attachments)][0] as readonly [Uint8Array, Uint8Array];
    expect(await checkChanged(store, [[TABLES.attachments, id, undefined]])).toMatchObject({
      ok: true,
      attachments: 0,
      attachmentsMissing: 1,
    });
    const adds = [...store.range(TABLES.operations)].find(([key]) => key[0] !== id[0])?.[0] as Uint8Array;
    expect(await checkChanged(store, [[TABLES.attachments, adds, Uint8Array.of(1)]])).toMatchObject(
      fault(TABLES.attachments),
    );
  });

  const changedHead = (change: object): Change => {
    const head = decodeCbor(store.get(TABLES.meta, utf8('head')) as Uint8Array) as object;
    return [TABLES.meta, utf8('head'), encodeCbor({ ...head, ...change } as never)];
  };
  it.each([
    ['height', { height: 40 }],
    ['time', { timeMs: 1 }],
    ['size', { size: 121 }],
    ['frontier', { hashes: [] }],
    ['state root', { state: new Uint8Array(32) }],
    ['checkpoint', { checkpoint: 'no note' }],
    ['network', { network: 'other' }],
    ['origin', { origin: 'other.example' }],
    ['format', { format: 2 }],
  ])('finds a head of another %s', async (_, change) => {
    expect(await checkChanged(store, [changedHead(change)])).toMatchObject({ ok: false });
  });

  it('counts alarms, and finds one that is missing, misnumbered or no evidence', async () => {
    const note = storedHead(store)?.checkpoint ?? '';
    const evidence = { kind: 'two-checkpoints', first: note, second: note } as const;
    const alarm = (id: number, change: object = {}) =>
      encodeAlarm({ id, time: 1, shownBy: 'https://a.example', evidence, ...change });
    const at = (id: number) => u64(id);
    const table = 'ledger/alarms';
    const [one, two] = [alarm(1), alarm(2)];
    expect(
      await checkChanged(store, [
        [table, at(1), one],
        [table, at(2), two],
      ]),
    ).toMatchObject({ ok: true, alarms: 2 });
    const bad: readonly Change[] = [
      [table, at(2), two],
      [table, at(1), two],
      [table, at(1), Uint8Array.of(1)],
      [table, at(1), alarm(1, { evidence: { kind: 'rumour' } })],
      [table, at(1), alarm(1, { evidence: { ...evidence, second: 'no note' } })],
      [table, Uint8Array.of(1), one],
    ];
    for (const change of bad) expect(await checkChanged(store, [change])).toMatchObject({ ok: false, table });
  });

  it('finds records without a head', async () => {
    expect(await checkChanged(store, [[TABLES.meta, utf8('head'), undefined]])).toMatchObject(
      fault(TABLES.meta, 'head'),
    );
  });

  it('finds a witness that has cosigned more or something else than the store holds', async () => {
    const key = utf8('witness');
    const record = decodeCbor(store.get(TABLES.meta, key) as Uint8Array) as {
      size: number;
      hash: Uint8Array;
    };
    for (const change of [{ size: record.size + 1 }, { hash: new Uint8Array(32) }, { size: 3 }]) {
      expect(
        await checkChanged(store, [[TABLES.meta, key, encodeCbor({ ...record, ...change })]]),
      ).toMatchObject(fault(TABLES.meta, 'witness'));
    }
  });

  it('finds an engine that was told another app hash', async () => {
    const record = encodeCbor({ height: 5, appHash: fromHex('00'.repeat(32)) });
    expect(await checkChanged(store, [[TABLES.meta, utf8('comet'), record]])).toMatchObject(
      fault(TABLES.meta, 'comet'),
    );
  });

  it('never throws, whatever one byte of a record becomes', async () => {
    for (const table of Object.values(TABLES)) {
      const records = [...store.range(table)].filter((_, i) => i % 11 === 0);
      for (const [key, value] of records) {
        for (let at = 0; at < value.length; at += 61) {
          const result = await checkChanged(store, [[table, key, flip(value, at)]]);
          // Blocks and head hold notes, whose signatures are for `verifyLedger` to check.
          const hasNote = table === TABLES.blocks || table === TABLES.meta;
          expect([table, result.ok]).toEqual([table, hasNote ? expect.any(Boolean) : false]);
        }
      }
    }
  }, 120_000);
});

describe('checking a store that began with a snapshot', () => {
  it('knows what was left out from what is lost', async () => {
    const source = createMemoryStore();
    const clock = manualClock();
    const ledger = await openTestLedger({ store: source, clock });
    for (let i = 0; i < 5; i++) {
      clock.ms += 1000;
      await ledger.submit([await addition(ANN, i)]);
    }
    clock.ms += 2 * 86_400_000;
    const notAfter = Math.floor(clock.ms / 1000) + 60;
    await ledger.submit([await addition(ANN, 5, { notAfter })]);
    const copy = createMemoryStore();
    const { book, executor } = await openExecutor({ ...rules, origin: ORIGIN, store: copy });
    const { network } = rules;
    const restore = new Restore({
      store: copy,
      network,
      origin: ORIGIN,
      appHash: ledger.head().appHash,
      checkpoint: ledger.head().checkpoint,
      checkAttachment: (operation) => executor.admit(operation),
      lookups: book.lookups,
    });
    for (const chunk of snapshotChunks(source)) await restore.apply(chunk);
    await restore.finish();
    expect(check(copy)).toMatchObject({ ok: true, entriesLeftOut: expect.any(Number) });
    const again = await openTestLedger({ store: copy, clock });
    clock.ms += 1000;
    expect(await again.submit([await addition(ANN, 6, { notAfter })])).toMatchObject([{ ok: true }]);
    expect(check(copy)).toMatchObject({ ok: true, head: { height: 7 } });
    await copy.transact((writer) => writer.delete(TABLES.entries, u64(12)));
    expect(check(copy)).toMatchObject(fault(TABLES.entries, 'entry 12'));
  });
});
