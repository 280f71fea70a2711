import { type Bytes, createMemoryStore, encodeCbor, silentLogger, toHex } from '@attestel/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CometApplication } from '../../../src/drivers/cometbft/application.ts';
import { encodeEnvelope } from '../../../src/drivers/cometbft/envelope.ts';
import { createEnvelopeCache } from '../../../src/drivers/cometbft/envelope-cache.ts';
import type { Candidate, Executor } from '../../../src/executor/executor.ts';
import { commitGenesis } from '../../../src/executor/genesis.ts';
import { openExecutor } from '../../../src/executor/open-executor.ts';
import { encodeOperation, type Operation } from '../../../src/index.ts';
import { readCometRecord, writeCometRecord } from '../../../src/log/comet-record.ts';
import { type AbciClient, connectAbci, type ResponseOf } from '../../fixtures/abci-client.ts';
import {
  cometRules,
  type FakeNetwork,
  genesisOperations,
  genesisState,
  openFakeNetwork,
} from '../../fixtures/comet-network.ts';
import { ANN, addition, BOB, CYD, NETWORK, ORIGIN, START } from '../../fixtures/open-test-ledger.ts';

const ACCEPT = 1;
const REJECT = 2;
let network: FakeNetwork;
let client: AbciClient;
beforeEach(async () => {
  network = await openFakeNetwork(1);
  client = await connectAbci(network.paths[0] as string);
});
afterEach(async () => {
  client.close();
  await network.close();
});

const head = () => network.ledgers[0]?.head();
const at = (height: number) => ({
  height: BigInt(height),
  time: { seconds: BigInt(START + height), nanos: 0 },
  hash: new Uint8Array(32),
});
const process = async (txs: readonly Bytes[], height = 1): Promise<number> =>
  (await client.ask({ case: 'processProposal', value: { txs: [...txs], ...at(height) } })).status;
const prepare = async (txs: readonly Bytes[], maxTxBytes = 4_000_000n): Promise<readonly Bytes[]> =>
  (await client.ask({ case: 'prepareProposal', value: { txs: [...txs], maxTxBytes, ...at(1) } })).txs;
const finalize = (txs: readonly Bytes[], height = 1): Promise<ResponseOf<'finalizeBlock'>> =>
  client.ask({ case: 'finalizeBlock', value: { txs: [...txs], ...at(height) } });
const check = async (tx: Bytes, type: 0 | 1 = 0): Promise<readonly [number, string]> => {
  const { code, log } = await client.ask({ case: 'checkTx', value: { tx, type } });
  return [code, log];
};

/** The operation with another signature under it. */
const badlySigned = async (): Promise<Bytes> => {
  const [good, other] = [await addition(CYD, 0), await addition(CYD, 1)];
  return encodeEnvelope([{ ...good, signatures: other.signatures }]);
};
const envelope = async (...operations: readonly Promise<Operation>[]): Promise<Bytes> =>
  encodeEnvelope(await Promise.all(operations));

describe('a proposal', () => {
  const hostile: readonly (readonly [string, () => Promise<Bytes>])[] = [
    ['bytes that are no envelope', async () => Uint8Array.of(1, 2, 3)],
    ['an empty envelope', async () => encodeCbor([])],
    ['an envelope that does not hold operations', async () => encodeCbor([Uint8Array.of(0x80)])],
    ['an operation signed wrongly', badlySigned],
    ['an operation for another network', () => envelope(addition(BOB, 0, { network: 'other' }))],
    ['an operation of no module', () => envelope(addition(BOB, 0, { module: 'nothing' }))],
    [
      'more operations than an envelope takes',
      async () => {
        const bytes = encodeOperation(await addition(BOB, 0));
        return encodeCbor(Array.from({ length: 251 }, () => bytes));
      },
    ],
  ];
  for (const [what, make] of hostile) {
    it(`with ${what} is rejected, never prepared, and refused by checkTx`, async () => {
      const [bad, good] = [await make(), await envelope(addition(BOB, 0))];
      expect(await process([good, bad])).toBe(REJECT);
      expect((await prepare([bad, good])).map(toHex)).toEqual([toHex(good)]);
      expect((await check(bad))[0]).toBe(1);
    });
  }

  it('with more operations than a block takes is rejected', async () => {
    const full = await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        envelope(
          ...Array.from({ length: 201 }, (__, k) => addition(BOB, 201 * i + k, { body: { amount: 0 } })),
        ),
      ),
    );
    expect(await process(full)).toBe(REJECT);
    const prepared = await prepare(full);
    expect(prepared).toHaveLength(4);
    expect(await process(prepared)).toBe(ACCEPT);
  });

  it('is accepted with refused operations: that is what their senders wait to hear', async () => {
    const txs = [await envelope(addition(BOB, 0, { body: { amount: 2000 } }))];
    expect(await process(txs)).toBe(ACCEPT);
    const before = head();
    const { appHash, txResults } = await finalize(txs);
    expect(toHex(appHash)).toBe(toHex(before?.appHash as Bytes));
    expect(txResults.map(({ code, data }) => [code, toHex(data)])).toEqual([[1, toHex(encodeCbor([null]))]]);
  });

  it('changes nothing, whatever is proposed, until a block is committed', async () => {
    const before = toHex(head()?.appHash as Bytes);
    const first = await envelope(addition(BOB, 0));
    const second = await envelope(addition(CYD, 0));
    expect(await process([first])).toBe(ACCEPT);
    expect(await process([second])).toBe(ACCEPT);
    expect(toHex(head()?.appHash as Bytes)).toBe(before);
    const { appHash } = await finalize([second]);
    expect(toHex(head()?.appHash as Bytes)).toBe(before);
    await client.ask({ case: 'commit', value: {} });
    expect(toHex(head()?.appHash as Bytes)).toBe(toHex(appHash));
    expect(network.ledgers[0]?.sequence('counter', BOB)).toBe(0);
  });

  it('that was prepared from anything at all passes, and is the same when prepared again', async () => {
    const makers = [
      () => envelope(addition(BOB, 0)),
      () => envelope(addition(BOB, 1), addition(BOB, 2)),
      () => envelope(addition(BOB, 3)),
      () => envelope(addition(CYD, 0), addition(ANN, 0)),
      () => envelope(addition(CYD, 1, { body: { amount: 5000 } })),
      () => envelope(addition(ANN, 1, { notAfter: START - 10 })),
      badlySigned,
      async () => Uint8Array.of(0xa0),
    ];
    const txs = await Promise.all(makers.map((make) => make()));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(txs.length - 1), { maxLength: 12 }),
        fc.nat(3000),
        async (picks, room) => {
          const prepared = await prepare(
            picks.map((i) => txs[i] as Bytes),
            BigInt(room),
          );
          expect(prepared.reduce((sum, tx) => sum + tx.length, 0)).toBeLessThanOrEqual(room);
          expect(await process(prepared)).toBe(ACCEPT);
          expect((await prepare(prepared, BigInt(room))).map(toHex)).toEqual(prepared.map(toHex));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('puts operations of an actor into their order, and leaves for later what lacks its predecessor', async () => {
    const [zero, one, two, four] = await Promise.all(
      [0, 1, 2, 4].map((sequence) => envelope(addition(BOB, sequence))),
    );
    const prepared = await prepare([four, two, one, zero] as Bytes[]);
    expect(prepared.map(toHex)).toEqual([zero, one, two].map((tx) => toHex(tx as Bytes)));
  });
});

describe('checkTx', () => {
  it('takes what a block may take, and forgets on a recheck what is done', async () => {
    const tx = await envelope(addition(BOB, 0));
    expect((await check(tx))[0]).toBe(0);
    await finalize([tx]);
    await client.ask({ case: 'commit', value: {} });
    expect(await check(tx, 1)).toEqual([2, 'sequence_conflict']);
    expect((await check(tx))[0]).toBe(2);
  });

  it('keeps an envelope of which one operation is still to be done', async () => {
    const done = addition(BOB, 0);
    await finalize([await envelope(done)]);
    await client.ask({ case: 'commit', value: {} });
    expect((await check(await envelope(done, addition(BOB, 1))))[0]).toBe(0);
  });
});

describe('blocks', () => {
  it('follow one on another: another height ends the connection', async () => {
    await expect(finalize([], 2)).rejects.toThrow('the application failed');
  });

  it('are committed only when finalised', async () => {
    await expect(client.ask({ case: 'commit', value: {} })).rejects.toThrow('the application failed');
  });

  it('may be finalised twice before the commit, with one result', async () => {
    const txs = [await envelope(addition(BOB, 0))];
    const first = await finalize(txs);
    const again = await finalize(txs);
    expect(toHex(first.appHash)).toBe(toHex(again.appHash));
    await client.ask({ case: 'commit', value: {} });
    const { lastBlockHeight, lastBlockAppHash } = await client.ask({ case: 'info', value: {} });
    expect([lastBlockHeight, toHex(lastBlockAppHash)]).toEqual([1n, toHex(again.appHash)]);
  });

  it('of the same millisecond get increasing times in the ledger', async () => {
    const [a, b] = [await envelope(addition(BOB, 0)), await envelope(addition(BOB, 1))];
    const same = { seconds: BigInt(START), nanos: 1 };
    for (const [i, tx] of [a, b].entries()) {
      await client.ask({
        case: 'finalizeBlock',
        value: { txs: [tx as Bytes], height: BigInt(i + 1), time: same },
      });
      await client.ask({ case: 'commit', value: {} });
    }
    expect(head()?.height).toBe(3);
  });
});

describe('validators', () => {
  const set = (sequence: number, n: number, power: number): Promise<Operation> =>
    addition(BOB, sequence, {
      module: 'voters',
      kind: 'set',
      body: { key: new Uint8Array(32).fill(n), power },
    });
  const updatesOf = async (height: number, ...operations: Promise<Operation>[]) => {
    const { validatorUpdates } = await finalize([await envelope(...operations)], height);
    await client.ask({ case: 'commit', value: {} });
    return validatorUpdates.map(({ pubKey, power }) => [pubKey?.sum.value?.[0], Number(power)]);
  };

  it('change with the state, each key once and only when it ends as another than it began', async () => {
    expect(await updatesOf(1, set(0, 1, 10), set(1, 2, 5), set(2, 2, 6))).toEqual([
      [1, 10],
      [2, 6],
    ]);
    // Comes and goes in one block: the engine would stop at the removal of a key that it never had.
    expect(await updatesOf(2, set(3, 3, 10), set(4, 3, 0))).toEqual([]);
    expect(await updatesOf(3, set(5, 1, 0), set(6, 1, 10))).toEqual([]);
    expect(await updatesOf(4, set(7, 1, 0))).toEqual([[1, 0]]);
  });
});

describe('a connection between engines', () => {
  const PEER = 'ab'.repeat(20);
  const asked = async (path: string): Promise<number> =>
    (await client.ask({ case: 'query', value: { path } })).code;

  it('is for the peers that are named alone, whatever their address', async () => {
    client.close();
    await network.close();
    network = await openFakeNetwork(1, { peers: [PEER] });
    client = await connectAbci(network.paths[0] as string);
    expect(await asked('/p2p/filter/addr/192.0.2.7:4711')).toBe(0);
    expect(await asked(`/p2p/filter/id/${PEER}`)).toBe(0);
    for (const id of ['cd'.repeat(20), PEER.slice(1), `${PEER}0`, PEER.toUpperCase(), ''])
      expect(await asked(`/p2p/filter/id/${id}`)).not.toBe(0);
  });

  it('is for nobody where none is named; and nothing else is answered', async () => {
    expect(await asked(`/p2p/filter/id/${PEER}`)).not.toBe(0);
    for (const path of ['', '/', '/p2p/filter', '/p2p/filter/other/x', `/x/p2p/filter/id/${PEER}`])
      expect(await asked(path)).not.toBe(0);
  });
});

describe('a store', () => {
  it('that somebody else wrote to since the engine’s last block is not opened, and nothing is left running', async () => {
    const store = createMemoryStore();
    const own = await openFakeNetwork(1, { store });
    await own.close();
    const record = readCometRecord(store);
    await store.transact((writer) =>
      writeCometRecord(writer, { height: record?.height ?? 0, appHash: new Uint8Array(32) }),
    );
    const stopped = vi.fn();
    const timer = { every: () => ({ stop: stopped }) };
    await expect(openFakeNetwork(1, { store, heartbeat: { seconds: 1, timer } })).rejects.toMatchObject({
      code: 'store_mismatch',
    });
    expect(stopped).toHaveBeenCalledOnce();
  });
});

describe('proposals at one height', () => {
  it('are held in bounded number, and one that was let go is decided like any other', async () => {
    const store = createMemoryStore();
    const { executor } = await openExecutor({ ...cometRules, origin: ORIGIN, store });
    await commitGenesis(executor, await genesisOperations(), START * 1000);
    const held = new Set<Candidate>();
    const counting: Executor = {
      get head() {
        return executor.head;
      },
      verify: (operations, from) => executor.verify(operations, from),
      screen: (operation) => executor.screen(operation),
      admit: (operation) => executor.admit(operation),
      execute(block, id) {
        const candidate = executor.execute(block, id);
        held.add(candidate);
        return candidate;
      },
      discard(candidate) {
        held.delete(candidate);
        executor.discard(candidate);
      },
      commit: (candidate, extra) => executor.commit(candidate, extra),
    };
    const application = new CometApplication({
      ...{ executor: counting, store, network: NETWORK, origin: ORIGIN, peers: [], retainBlocks: 0 },
      envelopes: createEnvelopeCache(),
      logger: silentLogger,
      onCommit() {},
    });
    const proposals = await Promise.all(Array.from({ length: 20 }, () => addition(BOB, 0)));
    const blocks = proposals.map((operation, i) => ({
      txs: [encodeEnvelope([operation])],
      height: 1n,
      time: { seconds: BigInt(START + i), nanos: 0 },
      hash: new Uint8Array(32).fill(i),
    }));
    for (const block of blocks) {
      expect((await application.processProposal(block as never)).status).toBe(ACCEPT);
      expect(held.size).toBeLessThanOrEqual(4);
    }
    const { appHash } = await application.finalizeBlock(blocks[0] as never);
    await application.commit();
    expect(toHex(executor.head.appHash)).toBe(toHex(appHash));
    expect(executor.head.time).toBe(START);
  });
});

describe('the genesis', () => {
  const init = (state: unknown) =>
    client.ask({
      case: 'initChain',
      value: {
        chainId: 'fake',
        initialHeight: 1n,
        time: { seconds: BigInt(START), nanos: 0 },
        appStateBytes: new TextEncoder().encode(typeof state === 'string' ? state : JSON.stringify(state)),
      },
    });

  it('may be given again until the first block is committed: a crash lies between', async () => {
    const { appHash } = await init(await genesisState());
    expect(toHex(appHash)).toBe(toHex(head()?.appHash as Bytes));
  });

  it('may be the head of a history that is there already, as long as it is this head', async () => {
    const { network, origin } = await genesisState();
    const checkpoint = head()?.body;
    const { appHash } = await init({ format: 1, network, origin, checkpoint });
    expect(toHex(appHash)).toBe(toHex(head()?.appHash as Bytes));
    await expect(init({ format: 1, network, origin, checkpoint: `${checkpoint}x` })).rejects.toThrow();
  });

  const others: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['both operations and a history', async () => ({ ...(await genesisState()), checkpoint: head()?.body })],
    ['another network', async () => ({ ...(await genesisState()), network: 'other' })],
    ['another ledger', async () => ({ ...(await genesisState()), origin: 'ledger.example/other' })],
    ['other operations', async () => ({ ...(await genesisState()), operations: [] })],
    ['an unknown field', async () => ({ ...(await genesisState()), more: 1 })],
    ['another format', async () => ({ ...(await genesisState()), format: 2 })],
    ['text that is no JSON', async () => '{'],
  ];
  for (const [what, make] of others) {
    it(`of ${what} ends the connection`, async () => {
      await expect(init(await make())).rejects.toThrow('the application failed');
    });
  }
});
