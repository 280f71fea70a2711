import { createMemoryStore, type Store, toHex } from '@attestel/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CometLedger } from '../../../src/drivers/cometbft/open-comet-ledger.ts';
import { type BatchVerifier, createLocalBatchVerifier } from '../../../src/index.ts';
import { type FakeNetwork, openFakeNetwork } from '../../fixtures/comet-network.ts';
import { ANN, addition, BOB, CYD, openTestLedger } from '../../fixtures/open-test-ledger.ts';

let network: FakeNetwork;
afterEach(() => network.close());

const hashesOf = (ledgers: readonly CometLedger[]): Set<string> =>
  new Set(ledgers.map((ledger) => toHex(ledger.head().appHash)));
const total = (ledger: CometLedger, actor: string): unknown => ledger.state('counter').get(`total/${actor}`);

describe('a ledger under an engine', () => {
  it('begins with the genesis of the engine on every node', async () => {
    network = await openFakeNetwork();
    expect(hashesOf(network.ledgers).size).toBe(1);
    expect(network.ledgers[0]?.head()).toMatchObject({ height: 1, size: 2 });
  });

  it('is not opened by the solo driver: one party alone would write a second history', async () => {
    network = await openFakeNetwork();
    const store = network.stores[0] as Store;
    await expect(openTestLedger({ store })).rejects.toMatchObject({ code: 'store_mismatch' });
  });

  it('resolves a submission when a block holds it, on whatever node it came in', async () => {
    network = await openFakeNetwork();
    const { engine, ledgers } = network;
    engine.run();
    const [a, b] = ledgers as [CometLedger, CometLedger];
    const [first] = await a.submit([await addition(BOB, 0, { body: { amount: 3 } })]);
    expect(first).toMatchObject({ ok: true, height: 2, index: 2 });
    const [second] = await b.submit([await addition(BOB, 1, { body: { amount: 4 } })]);
    expect(second).toMatchObject({ ok: true, height: 3 });
    await engine.pause();
    for (const ledger of ledgers) expect(total(ledger, BOB)).toBe(7);
    expect(hashesOf(ledgers).size).toBe(1);
  });

  it('takes many operations of one actor in their order', async () => {
    network = await openFakeNetwork();
    const { engine, ledgers } = network;
    engine.run();
    const operations = await Promise.all(
      Array.from({ length: 300 }, (_, i) => addition(CYD, i, { body: { amount: 1 } })),
    );
    const results = await (ledgers[2] as CometLedger).submit(operations);
    expect(results.every(({ ok }) => ok)).toBe(true);
    await engine.pause();
    expect(hashesOf(ledgers).size).toBe(1);
  });

  it('tells each sender the outcome of its own operation', async () => {
    network = await openFakeNetwork();
    const { engine, ledgers } = network;
    const [a] = ledgers as [CometLedger];
    const pending = a.submit([
      await addition(BOB, 0, { body: { amount: 900 } }),
      await addition(BOB, 1, { body: { amount: 900 } }),
      await addition(CYD, 0),
    ]);
    engine.run();
    const results = await pending;
    expect(results.map((result) => (result.ok ? 'taken' : result.error.code))).toEqual([
      'taken',
      'counter_full',
      'taken',
    ]);
  });

  it('refuses at once what no block could take', async () => {
    network = await openFakeNetwork(1);
    const [a] = network.ledgers as [CometLedger];
    const [stale] = await a.submit([await addition(ANN, 0, { body: { amount: 5 } })]);
    expect(stale).toMatchObject({ ok: false, error: { code: 'sequence_conflict' } });
    const [foreign] = await a.submit([await addition(BOB, 0, { network: 'other' })]);
    expect(foreign).toMatchObject({ ok: false, error: { code: 'wrong_network' } });
  });

  it('leaves the app hash alone in a block that is empty or refused altogether, and counts its height', async () => {
    network = await openFakeNetwork(2);
    const { engine, ledgers } = network;
    const [a] = ledgers as [CometLedger];
    const before = a.head();
    await engine.makeBlock();
    const pending = a.submit([await addition(BOB, 0, { body: { amount: 2000 } })]);
    while (engine.blocks.length < 2 || engine.blocks[1]?.txs.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      if ((await engine.makeBlock()).txs.length > 0) break;
    }
    expect(await pending).toMatchObject([{ ok: false, error: { code: 'counter_full' } }]);
    expect(a.head()).toMatchObject({ height: before.height, appHash: before.appHash });
    expect(a.engineHeight()).toBe(engine.blocks.length);
  });

  it('decides an operation that a block refused again when it is sent again, wherever', async () => {
    network = await openFakeNetwork(2, { finalityMilliseconds: 2000, repeatMilliseconds: 20 });
    const { engine, ledgers } = network;
    const operation = await addition(BOB, 0, { body: { amount: 2000 } });
    for (const ledger of [...ledgers, ...ledgers]) {
      engine.run();
      expect(await ledger.submit([operation])).toMatchObject([
        { ok: false, error: { code: 'counter_full' } },
      ]);
      await engine.pause();
    }
    expect(engine.blocks.flatMap(({ txs }) => txs)).toHaveLength(4);
  });

  it('gives the same operation, submitted twice, one outcome', async () => {
    network = await openFakeNetwork();
    const { engine, ledgers } = network;
    const [a, b] = ledgers as [CometLedger, CometLedger];
    const operation = await addition(BOB, 0);
    const pending = Promise.all([a.submit([operation]), a.submit([operation]), b.submit([operation])]);
    engine.run();
    const results = (await pending).flat();
    expect(results.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(2);
    await engine.pause();
    expect(total(a, BOB)).toBe(1);
  });

  it('waits for the operation before, that comes in at another node', async () => {
    network = await openFakeNetwork();
    const { engine, ledgers } = network;
    const [a, b] = ledgers as [CometLedger, CometLedger];
    const later = a.submit([await addition(BOB, 1)]);
    while ((await engine.makeBlock()).height < 4);
    engine.run();
    const [[first], [second]] = await Promise.all([b.submit([await addition(BOB, 0)]), later]);
    expect(first).toMatchObject({ ok: true });
    expect(second).toMatchObject({ ok: true });
  });

  it('tells a submitter that nothing is final when no block comes in time', async () => {
    network = await openFakeNetwork(1, { finalityMilliseconds: 50, repeatMilliseconds: 20 });
    const [a] = network.ledgers as [CometLedger];
    const operation = await addition(BOB, 0);
    expect(await a.submit([operation])).toMatchObject([{ ok: false, error: { code: 'not_final' } }]);
    network.engine.run();
    const [again] = await a.submit([operation]);
    expect(again?.ok || again?.error.code === 'sequence_conflict').toBe(true);
  });

  for (const [when, hook] of [
    ['before it is on the disk', 'beforeCommit'],
    ['after it is on the disk', 'afterCommit'],
  ] as const) {
    it(`acknowledges nothing of a block whose commit fails ${when}, and has it once after a restart`, async () => {
      let failing = false;
      const fault = () => {
        if (failing) throw new Error('disk');
      };
      const store = createMemoryStore({ [hook]: fault });
      const arrived = Promise.withResolvers<void>();
      network = await openFakeNetwork(1, {
        ...{ store, finalityMilliseconds: 1000, repeatMilliseconds: 20 },
        async engine(tx) {
          const answer = await network.engine.broadcast(0, tx);
          arrived.resolve();
          return answer;
        },
      });
      const [ledger] = network.ledgers as [CometLedger];
      const pending = ledger.submit([await addition(BOB, 0)]);
      await arrived.promise;
      failing = true;
      await expect(network.engine.makeBlock()).rejects.toThrow('the application failed');
      expect(network.engine.blocks.at(-1)?.txs).toHaveLength(1);
      expect(await pending).toMatchObject([{ ok: false, error: { code: 'not_final' } }]);
      failing = false;
      await network.restart(0);
      const [again] = network.ledgers as [CometLedger];
      expect(again.engineHeight()).toBe(1);
      expect(total(again, BOB)).toBe(1);
    });
  }

  it('goes on after a restart where its store ends', async () => {
    network = await openFakeNetwork();
    const { engine, ledgers } = network;
    engine.run();
    await (ledgers[0] as CometLedger).submit([await addition(BOB, 0)]);
    await network.restart(3);
    engine.run();
    await (ledgers[3] as CometLedger).submit([await addition(BOB, 1)]);
    await engine.pause();
    expect(hashesOf(network.ledgers).size).toBe(1);
  });

  it('checks each signature once on each node, whatever the engine shows it how often', async () => {
    const local = createLocalBatchVerifier();
    let checked = 0;
    const batchVerifier: BatchVerifier = {
      ...local,
      verifyBatch(jobs) {
        checked += jobs.length;
        return local.verifyBatch(jobs);
      },
    };
    network = await openFakeNetwork(4, { batchVerifier });
    const { engine, ledgers } = network;
    engine.run();
    const operations = await Promise.all(Array.from({ length: 20 }, (_, i) => addition(BOB, i)));
    const results = await (ledgers[1] as CometLedger).submit(operations);
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(checked).toBe(4 * operations.length);
  });

  it('refuses what another thread found badly signed, and what one could not check checks itself', async () => {
    const verifyBatch = vi.fn<BatchVerifier['verifyBatch']>(async (jobs) => new Uint8Array(jobs.length));
    network = await openFakeNetwork(1, { batchVerifier: { verifyBatch, async close() {} } });
    const [ledger] = network.ledgers as [CometLedger];
    network.engine.run();
    const [refused] = await ledger.submit([await addition(BOB, 0)]);
    expect(refused).toMatchObject({ ok: false, error: { code: 'signature_invalid' } });
    verifyBatch.mockRejectedValue(new Error('the thread died'));
    const [good, other] = [await addition(CYD, 0), await addition(CYD, 1)];
    const [bad] = await ledger.submit([{ ...other, signatures: good.signatures }]);
    expect(bad).toMatchObject({ ok: false, error: { code: 'signature_invalid' } });
    expect(await ledger.submit([good])).toMatchObject([{ ok: true }]);
  });
});
