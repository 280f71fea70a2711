import { setTimeout } from 'node:timers/promises';
import { type Bytes, toHex, utf8 } from '@attestel/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeEnvelope } from '../../src/drivers/cometbft/envelope.ts';
import { fail } from '../../src/errors.ts';
import { buildOperation, createLocalBatchVerifier, type Ledger, type LedgerModule } from '../../src/index.ts';
import { type AbciClient, connectAbci } from '../fixtures/abci-client.ts';
import { type FakeNetwork, openFakeNetwork } from '../fixtures/comet-network.ts';
import { ANN, actors, NETWORK, openTestLedger, rules, START } from '../fixtures/open-test-ledger.ts';

/** Attachments looked at, here and ahead. */
let looked: string[];
/** A module whose state says who may do what is costly to check. */
const guarded: LedgerModule = {
  name: 'guarded',
  ordering: 'object',
  checkStateless() {},
  screen(state, { payload }, { signedBy, time }) {
    if (!signedBy(payload.actor) || time > START + 1000) throw fail('not_signed_by_actor');
    if (payload.kind === 'use' && !state.get('open')) throw fail('wrong_namespace');
  },
  async checkAhead({ payload }) {
    looked.push(`ahead ${payload.kind}`);
  },
  checkAttachment({ payload }) {
    looked.push(payload.kind);
  },
  apply(state, { payload }) {
    if (payload.kind === 'open') state.put('open', true);
    else if (!state.get('open')) throw fail('wrong_namespace');
    return [];
  },
};
const modules = [...rules.modules, guarded];
const batchVerifier = { ...createLocalBatchVerifier(), run: async () => undefined };

let number = 0;
const operation = (kind: string, signer = actors[ANN]) =>
  buildOperation(
    {
      ...{ v: 1, network: NETWORK, ns: 'main', module: 'guarded', kind, actor: ANN, previous: null },
      ...{ notAfter: START + 3600, body: { number: number++ } },
    },
    signer ? [signer] : [],
    utf8('costly'),
  );

beforeEach(() => {
  looked = [];
});

describe('what no block is going to take', () => {
  let ledger: Ledger;
  beforeEach(async () => {
    ledger = await openTestLedger({ modules, batchVerifier });
  });
  afterEach(() => ledger.close());
  const codes = async (...kinds: string[]) =>
    (await ledger.submit(await Promise.all(kinds.map((kind) => operation(kind))))).map((result) =>
      result.ok ? 'ok' : result.error.code,
    );

  it('is refused before its attachment costs anything', async () => {
    expect(await codes('use')).toEqual(['wrong_namespace']);
    const [stranger] = await ledger.submit([await operation('open', actors['did:ex:bob'])]);
    expect(stranger).toMatchObject({ ok: false, error: { code: 'not_signed_by_actor' } });
    expect(looked).toEqual([]);
  });

  it('is told by the state, and checked once when that allows it, ahead first', async () => {
    expect(await codes('open')).toEqual(['ok']);
    expect(await codes('use')).toEqual(['ok']);
    expect(looked).toEqual(['ahead open', 'open', 'ahead use', 'use']);
  });

  it('costs nothing when it is in the log already', async () => {
    const again = await operation('open');
    await ledger.submit([again]);
    looked = [];
    const [result] = await ledger.submit([{ ...again, attachment: utf8('another') }]);
    expect(result).toMatchObject({ ok: false, error: { code: 'operation_duplicate' } });
    expect(looked).toEqual([]);
  });

  it('is no rule of the log: state alone decides there', async () => {
    await codes('open');
    await codes('use');
    expect([...ledger.entries(0, 10)].length).toBeGreaterThan(2);
    expect(ledger.state('guarded').get('open')).toBe(true);
  });
});

describe('under an engine', () => {
  let network: FakeNetwork;
  let client: AbciClient;
  beforeEach(async () => {
    // What is submitted here waits so long before it goes on.
    network = await openFakeNetwork(1, { modules, batchVerifier, collectMilliseconds: 2000 });
    client = await connectAbci(network.paths[0] as string);
    looked = [];
  });
  afterEach(async () => {
    client.close();
    await network.close();
  });
  const check = async (tx: Bytes) => {
    const { code, log } = await client.ask({ case: 'checkTx', value: { tx, type: 0 } });
    return [code, log];
  };
  const block = (tx: Bytes) => ({
    ...{ txs: [tx], height: 1n, time: { seconds: BigInt(START + 1), nanos: 0 }, hash: new Uint8Array(32) },
  });

  it('checkTx refuses it unseen', async () => {
    expect(await check(encodeEnvelope([await operation('use')]))).toEqual([1, 'wrong_namespace']);
    expect(looked).toEqual([]);
  });

  it('what checkTx refuses comes back when this node has committed the block that it builds on', async () => {
    const use = encodeEnvelope([await operation('use')]);
    // As from an engine that is a block ahead, which shows it once.
    expect(await check(use)).toEqual([1, 'wrong_namespace']);
    await network.engine.broadcast(0, encodeEnvelope([await operation('open')]));
    await network.engine.makeBlock();
    const next = () => network.engine.makeBlock().then(({ txs, codes }) => [txs.map(toHex), codes]);
    await expect.poll(next).toEqual([[toHex(use)], [0]]);
  });

  it('what this node itself took in and checkTx refuses does not come back: its sender has an answer', async () => {
    const own = await operation('use');
    const tx = encodeEnvelope([own]);
    const refused = network.ledgers[0]?.submit([own]);
    expect(await check(tx)).toEqual([1, 'wrong_namespace']);
    expect(await refused).toMatchObject([{ ok: false, error: { code: 'wrong_namespace' } }]);
    await network.engine.broadcast(0, encodeEnvelope([await operation('open')]));
    for (let i = 0; i < 5; i++) {
      await network.engine.makeBlock();
      await setTimeout(20);
    }
    expect(network.engine.blocks.flatMap(({ txs }) => txs.map(toHex))).not.toContain(toHex(tx));
  });

  it('a proposal that holds it is voted for: its refusal is the answer that its sender waits for', async () => {
    const tx = encodeEnvelope([await operation('use')]);
    await check(tx);
    const { status } = await client.ask({ case: 'processProposal', value: block(tx) });
    expect(status).toBe(1);
    expect(looked).toEqual(['ahead use', 'use']);
  });

  it('a block may hold it together with what it builds on', async () => {
    const tx = encodeEnvelope([await operation('open'), await operation('use')]);
    const { txResults } = await client.ask({ case: 'finalizeBlock', value: block(tx) });
    expect(txResults.map(({ code }) => code)).toEqual([0]);
    expect(looked).toEqual(['ahead open', 'ahead use', 'open', 'use']);
  });
});
