import { createMemoryStore, type Store } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import {
  type Ledger,
  type LedgerModule,
  type RulesOptions,
  storedEntries,
  verifyLedger,
  verifyLedgerEntries,
} from '../../src/index.ts';
import { decodeLeaf } from '../../src/log/leaf.ts';
import { counterModule, registerModule } from '../fixtures/counter-module.ts';
import { ANN, addition, openTestLedger, trust } from '../fixtures/open-test-ledger.ts';

/** Version 2 counts double, and has a stricter rule. */
const doubled: LedgerModule = {
  ...counterModule,
  checkStateless(operation) {
    counterModule.checkStateless(operation);
    if (operation.payload.kind === 'old') throw new RangeError('gone in version 2');
  },
  apply(state, operation, context) {
    counterModule.apply(state, operation, context);
    return counterModule.apply(state, operation, context);
  },
};

/** What a register of governance would say: the counter `all` has come to 3, so from the block after next on … */
const fromHeight =
  (start: number): NonNullable<RulesOptions['versionAt']> =>
  (_, height) =>
    height >= start ? 2 : 1;

const both = new Map([
  [1, [counterModule, registerModule]],
  [2, [doubled, registerModule]],
]);
const all = (ledger: Ledger): unknown => ledger.state('counter').get('all');
const versionsIn = (store: Store): number[] =>
  [...storedEntries(store)]
    .map(({ bytes }) => decodeLeaf(bytes))
    .flatMap((leaf) => (leaf.kind === 'block' ? [leaf.block.sm] : []));

async function filled(): Promise<Store> {
  const store = createMemoryStore();
  const ledger = await openTestLedger({ store, modules: both, versionAt: fromHeight(3) });
  const seen: unknown[] = [];
  for (let i = 0; i < 4; i++) {
    await ledger.submit([await addition(ANN, i)]);
    seen.push(all(ledger));
  }
  expect(seen).toEqual([1, 2, 4, 6]);
  await ledger.close();
  return store;
}

describe('a new version of the state machine', () => {
  it('executes blocks from its height on, and stands in their leaves', async () => {
    expect(versionsIn(await filled())).toEqual([1, 1, 2, 2]);
  });

  it('lets a replay execute each block by the version of its time', async () => {
    const store = await filled();
    const rules = { ...trust, modules: both, versionAt: fromHeight(3) };
    expect(await verifyLedger({ ...rules, store })).toMatchObject({ ok: true, height: 4 });
    const other = { ...rules, versionAt: fromHeight(4) };
    expect(await verifyLedgerEntries({ ...other, entries: storedEntries(store) })).toMatchObject({
      ok: false,
      reason: 'block_malformed',
      index: 5,
    });
  });

  it('decides what is admitted once it is in force, also of what was admitted before', async () => {
    const ledger = await openTestLedger({ modules: both, versionAt: fromHeight(2) });
    const results = await ledger.submit([await addition(ANN, 0, { kind: 'old' })]);
    expect(results).toMatchObject([{ ok: true }]);
    expect(await ledger.submit([await addition(ANN, 1, { kind: 'old' })])).toMatchObject([
      { ok: false, error: { code: 'module_failed' } },
    ]);
  });

  it('halts a node that does not have it, by name, and leaves what is there', async () => {
    const store = await filled();
    const behind = await openTestLedger({ store, versionAt: fromHeight(3) });
    expect(await behind.submit([await addition(ANN, 4)])).toMatchObject([
      { ok: false, error: { code: 'version_missing', extra: { version: 2, height: 5 } } },
    ]);
    expect(behind.head()).toMatchObject({ height: 4 });
    expect(all(behind)).toBe(6);
  });

  it('is not missed where the log ends before it: what is there verifies', async () => {
    const store = createMemoryStore();
    const ledger = await openTestLedger({ store, versionAt: fromHeight(3) });
    for (let i = 0; i < 2; i++) await ledger.submit([await addition(ANN, i)]);
    const verification = await verifyLedger({ ...trust, versionAt: fromHeight(3), store });
    expect(verification).toMatchObject({ ok: true, height: 2 });
  });

  it('is missing to a replay, which then does not go on by guessing', async () => {
    const store = await filled();
    const replay = verifyLedger({ ...trust, versionAt: fromHeight(3), store });
    await expect(replay).rejects.toMatchObject({ code: 'version_missing' });
  });
});
