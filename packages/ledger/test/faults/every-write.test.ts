import { type Bytes, createMemoryStore, type Store, toHex } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { openExecutor } from '../../src/executor/open-executor.ts';
import { checkStore, type Ledger, type Operation, verifyLedger } from '../../src/index.ts';
import { clearUnfinished, Restore } from '../../src/snapshots/restore.ts';
import { snapshotChunks } from '../../src/snapshots/take-snapshot.ts';
import { TABLES } from '../../src/tables.ts';
import {
  ANN,
  addition,
  BOB,
  CYD,
  filledStore,
  manualClock,
  ORIGIN,
  openTestLedger,
  rules,
  START,
  trust,
} from '../fixtures/open-test-ledger.ts';
import { ed25519Signer } from '../fixtures/signers.ts';

const BLOCKS = 8;
type Point = 'beforeCommit' | 'afterCommit';

/** A store that fails at the nth transaction of its life, before or after it is durable. */
function failingAt(nth: number, point: Point): { store: Store; count: () => number } {
  let count = 0;
  const hook = (): void => {
    count += 1;
    if (count === nth) throw new Error('disk failed');
  };
  return { store: createMemoryStore({ [point]: hook }), count: () => count };
}

/** The operations of each block, the first being the genesis. */
async function script(): Promise<readonly (readonly Operation[])[]> {
  return Promise.all(
    Array.from({ length: BLOCKS }, (_, i) =>
      Promise.all([addition(ANN, i), addition(BOB, i), addition(CYD, i, { body: { amount: i } })]),
    ),
  );
}

/** With a witness, so that its record is in each transaction too. */
async function open(store: Store, genesis: readonly Operation[], clock: { ms: number; now(): number }) {
  const witness = { name: 'ann.example', signer: ed25519Signer('witness'), clock };
  return openTestLedger({ store, clock, witness, genesis });
}

/** Goes through the script from wherever the store stands; ends at the first failure. Returns acknowledged ids. */
async function runScript(store: Store, blocks: readonly (readonly Operation[])[]): Promise<Bytes[]> {
  const clock = manualClock();
  const [genesis = [], ...later] = blocks;
  let ledger: Ledger;
  try {
    ledger = await open(store, genesis, clock);
  } catch {
    return [];
  }
  const acknowledged: Bytes[] = genesis.map(({ id }) => id);
  for (const [i, operations] of later.entries()) {
    if (ledger.head().height > i + 1) continue;
    clock.ms = START * 1000 + (i + 1) * 1000;
    const results = await ledger.submit(operations);
    acknowledged.push(...results.flatMap((result) => (result.ok ? [result.id] : [])));
    if (results.some((result) => !result.ok)) break;
  }
  await ledger.close();
  return acknowledged;
}

const check = (store: Store) => checkStore({ ...rules, origin: ORIGIN, store });

describe.each(['beforeCommit', 'afterCommit'] as const)('a disk that fails %s', (point) => {
  it('at any one write loses nothing acknowledged, and the ledger comes to the same roots', async () => {
    const blocks = await script();
    const undisturbed = failingAt(0, point);
    await runScript(undisturbed.store, blocks);
    const writes = undisturbed.count();
    expect(writes).toBe(BLOCKS);
    const whole = check(undisturbed.store);
    for (let nth = 1; nth <= writes; nth++) {
      const { store } = failingAt(nth, point);
      const acknowledged = await runScript(store, blocks);
      // The genesis is one write, then each block is: all before the failing one are acknowledged.
      expect(acknowledged).toHaveLength(3 * (nth - 1));
      expect(check(store)).toMatchObject({ ok: true });
      for (const id of acknowledged) expect(store.get(TABLES.operations, id), toHex(id)).toBeDefined();
      await runScript(store, blocks);
      expect(check(store)).toEqual(whole);
      expect(await verifyLedger({ ...trust, store })).toMatchObject({ ok: true, height: BLOCKS });
    }
  });

  it('at any one write of a restore leaves no ledger or a whole one, and the next restore works', async () => {
    const source = await filledStore();
    const chunks = [...snapshotChunks(source)];
    const { head } = check(source) as { head: { appHash: Bytes; checkpoint: string } };
    const restore = async (store: Store): Promise<void> => {
      const { book, executor } = await openExecutor({ ...rules, origin: ORIGIN, store });
      const { appHash, checkpoint } = head;
      const checkAttachment = executor.admit.bind(executor);
      const { network } = rules;
      const { lookups } = book;
      const from = { appHash, checkpoint, checkAttachment, lookups };
      const run = new Restore({ store, network, origin: ORIGIN, ...from });
      for (const chunk of chunks) await run.apply(chunk);
      await run.finish();
    };
    const undisturbed = failingAt(0, point);
    await restore(undisturbed.store);
    for (let nth = 1; nth <= undisturbed.count(); nth++) {
      const { store } = failingAt(nth, point);
      await expect(restore(store)).rejects.toThrow('disk failed');
      const isLast = nth === undisturbed.count() && point === 'afterCommit';
      expect(store.get(TABLES.meta, new TextEncoder().encode('head')) !== undefined).toBe(isLast);
      if (!isLast) {
        await clearUnfinished(store);
        await restore(store);
      }
      expect(check(store)).toEqual(check(undisturbed.store));
    }
  });
});
