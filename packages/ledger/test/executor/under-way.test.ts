import { createMemoryStore, encodeCbor } from '@attestel/core';
import { parseCosignature } from '@attestel/proof';
import { describe, expect, it } from 'vitest';
import { witnessKey } from '../../src/executor/witness-record.ts';
import { type OpenExecutorOptions, type Operation, openExecutor } from '../../src/index.ts';
import { MAX_BLOCK_OPERATIONS } from '../../src/state/execute-block.ts';
import { TABLES } from '../../src/tables.ts';
import { ANN, addition, BOB, manualClock, ORIGIN, rules, START } from '../fixtures/open-test-ledger.ts';
import { ed25519Signer } from '../fixtures/signers.ts';

const signer = ed25519Signer('witness a');
const witness = { name: 'witness.example/a', signer, clock: manualClock() };
const open = async (options: Partial<OpenExecutorOptions> = {}) => {
  const given = { origin: ORIGIN, store: createMemoryStore(), witness, ...options };
  const { executor } = await openExecutor({ ...rules, ...given });
  return executor;
};
let time = START * 1000;
const block = (...operations: readonly Operation[]) => ({ timeMs: ++time, operations });

/** A key that waits until it is told to go on. */
function slowWitness() {
  const asked = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const sign: typeof signer.sign = async (message) => {
    asked.resolve();
    await go.promise;
    return signer.sign(message);
  };
  return { witness: { ...witness, signer: { ...signer, sign } }, asked: asked.promise, go: go.resolve };
}

describe('while a block is being committed', () => {
  it('the block before it is not cosigned again: a witness never goes back to a smaller log', async () => {
    const slow = slowWitness();
    const executor = await open({ witness: slow.witness });
    slow.go();
    await executor.commit(executor.execute(block(await addition(ANN, 0))));
    const committing = executor.commit(executor.execute(block(await addition(ANN, 1))));
    expect(await executor.cosignAgain()).toBeUndefined();
    await committing;
    const again = await executor.cosignAgain();
    expect(again && parseCosignature(again).time).toBe(START);
  });

  it('its candidate cannot be taken away: its nodes would be given to another', async () => {
    const slow = slowWitness();
    const executor = await open({ witness: slow.witness });
    const candidate = executor.execute(block(await addition(ANN, 0)));
    const committing = executor.commit(candidate);
    await slow.asked;
    executor.discard(candidate);
    slow.go();
    await committing;
    const reference = await open();
    await reference.commit(
      reference.execute({ timeMs: candidate.timeMs, operations: [await addition(ANN, 0)] }),
    );
    const next = block(await addition(ANN, 1), await addition(BOB, 0));
    expect(executor.execute(next).appHash).toEqual(reference.execute(next).appHash);
  });
});

describe('a block executed above the one that is being committed', () => {
  const twoBlocks = async () => {
    const slow = slowWitness();
    const executor = await open({ witness: slow.witness });
    const first = executor.execute(block(await addition(ANN, 0)));
    const committing = executor.commit(first);
    await slow.asked;
    return { executor, slow, first, committing };
  };

  it('is committed after it', async () => {
    const { executor, slow, committing } = await twoBlocks();
    const second = executor.executeAhead(block(await addition(ANN, 1)));
    expect(second.height).toBe(2);
    slow.go();
    await committing;
    expect((await executor.commit(second)).height).toBe(2);
  });

  it('is void when that one is not signed', async () => {
    let refuse = true;
    const sign: typeof signer.sign = async (message) => {
      if (refuse) throw new Error('key store is away');
      return signer.sign(message);
    };
    const executor = await open({ witness: { ...witness, signer: { ...signer, sign } } });
    const committing = executor.commit(executor.execute(block(await addition(ANN, 0))));
    const above = executor.executeAhead(block(await addition(ANN, 1)));
    expect(above.changed).toBe(true);
    await expect(committing).rejects.toThrow();
    expect(executor.has(above)).toBe(false);
    refuse = false;
    const again = executor.execute(block(await addition(ANN, 0), await addition(ANN, 1)));
    expect((await executor.commit(again)).size).toBe(3);
  });

  it('is one at a time', async () => {
    const { executor, slow, committing } = await twoBlocks();
    executor.executeAhead(block(await addition(ANN, 1)));
    const third = block(await addition(ANN, 2));
    expect(() => executor.executeAhead(third)).toThrow(TypeError);
    slow.go();
    await committing;
  });
});

describe('an executor', () => {
  it('does not make a block that every replay would refuse', async () => {
    const executor = await open();
    const operations = Array<Operation>(MAX_BLOCK_OPERATIONS + 1).fill(await addition(ANN, 0));
    expect(() => executor.execute(block(...operations))).toThrow(TypeError);
  });

  it('does not call a durable block failed because a meter breaks', async () => {
    const broken = { now: () => 0, committed: () => expect.unreachable() };
    const executor = await open({ meter: broken });
    const head = await executor.commit(executor.execute(block(await addition(ANN, 0))));
    expect(head.height).toBe(1);
  });

  it('does not open over a witness record that says nothing', async () => {
    const store = createMemoryStore();
    await store.transact((writer) => writer.put(TABLES.meta, witnessKey, encodeCbor({})));
    await expect(open({ store })).rejects.toMatchObject({ code: 'store_damaged' });
  });
});
