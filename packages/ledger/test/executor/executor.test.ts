import { createMemoryStore, type Store, utf8 } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { readWitness } from '../../src/executor/witness-record.ts';
import { type Candidate, type OpenExecutorOptions, type Operation, openExecutor } from '../../src/index.ts';
import {
  ANN,
  addition,
  BOB,
  CYD,
  checkpointSigner,
  manualClock,
  ORIGIN,
  rules,
  START,
} from '../fixtures/open-test-ledger.ts';
import { ed25519Signer, p256Signer } from '../fixtures/signers.ts';

const witness = { name: 'witness.example/a', signer: ed25519Signer('witness a'), clock: manualClock() };
const open = async (store: Store = createMemoryStore(), options: Partial<OpenExecutorOptions> = {}) => {
  const { executor } = await openExecutor({ ...rules, origin: ORIGIN, store, witness, ...options });
  return { store, executor };
};
let time = START * 1000;
const block = (...operations: readonly Operation[]) => ({ timeMs: ++time, operations });
const codes = ({ outcomes }: Candidate) => outcomes.map((one) => ('error' in one ? one.error.code : 'ok'));

describe('executing', () => {
  it('writes nothing, and says what the head would become', async () => {
    const { store, executor } = await open();
    const before = executor.head;
    const candidate = executor.execute(block(await addition(ANN, 0)));
    expect(candidate).toMatchObject({ height: 1, changed: true });
    expect(executor.head).toBe(before);
    expect([...store.range('ledger/state')]).toEqual([]);
    const head = await executor.commit(candidate);
    const { body, appHash, stateRoot: state, height } = candidate;
    expect(head).toMatchObject({ body, appHash, state, height });
  });

  it('refuses what was never admitted: nobody else looks at it', async () => {
    const { executor } = await open();
    const forged = { ...(await addition(BOB, 0)), signatures: (await addition(ANN, 0)).signatures };
    const foreign = await addition(ANN, 0, { network: 'other' });
    const candidate = executor.execute(block(forged, await addition(CYD, 0), foreign));
    expect(codes(candidate)).toEqual(['signature_invalid', 'ok', 'wrong_network']);
  });

  it('gives the same candidate for the same id, and others beside it', async () => {
    const { executor } = await open();
    const one = block(await addition(ANN, 0));
    const other = block(await addition(BOB, 0));
    const first = executor.execute(one, 'one');
    const second = executor.execute(other, 'two');
    expect(executor.execute(one, 'one')).toBe(first);
    expect(second).not.toBe(first);
    await executor.commit(second);
    expect(executor.head.appHash).toEqual(second.appHash);
    await expect(executor.commit(first)).rejects.toThrow(TypeError);
    expect(codes(executor.execute(block(await addition(ANN, 0)), 'one'))).toEqual(['ok']);
  });

  it('comes to the same app hash whatever stood beside it', async () => {
    const alone = await open();
    const crowded = await open();
    for (let i = 0; i < 5; i++) {
      const next = block(await addition(ANN, i), await addition(BOB, i));
      for (const actor of [CYD, BOB])
        crowded.executor.execute({ ...next, operations: [await addition(actor, i)] });
      crowded.executor.discard(crowded.executor.execute(block(await addition(ANN, i))));
      const heads = await Promise.all(
        [alone, crowded].map(({ executor }) => executor.commit(executor.execute(next))),
      );
      expect(heads[0]?.appHash).toEqual(heads[1]?.appHash);
    }
  });

  it('refuses a block time that does not increase', async () => {
    const { executor } = await open();
    const { timeMs } = await (async () => {
      const candidate = executor.execute(block(await addition(ANN, 0)));
      await executor.commit(candidate);
      return candidate;
    })();
    expect(() => executor.execute({ timeMs, operations: [] })).toThrow(TypeError);
    expect(() => executor.execute({ timeMs: timeMs + 0.5, operations: [] })).toThrow(TypeError);
  });
});

describe('committing', () => {
  it("writes the driver's records in the block's own transaction", async () => {
    let commits = 0;
    const beforeCommit = (): void => {
      commits += 1;
    };
    const { executor, store } = await open(createMemoryStore({ beforeCommit }));
    const write = (value: number) => (writer: Parameters<Parameters<Store['transact']>[0]>[0]) =>
      writer.put('driver/height', utf8('h'), Uint8Array.of(value));
    await executor.commit(executor.execute(block(await addition(ANN, 0))), write(1));
    expect([commits, store.get('driver/height', utf8('h'))]).toEqual([1, Uint8Array.of(1)]);
  });

  it('leaves the head as it is when nothing was accepted, but for the records of the driver', async () => {
    const { executor, store } = await open();
    await executor.commit(executor.execute(block(await addition(ANN, 0))));
    const before = executor.head;
    const refused = executor.execute(block(await addition(ANN, 5)));
    expect(refused).toMatchObject({ changed: false, leaves: [], body: before.body, appHash: before.appHash });
    await executor.commit(refused, (writer) => writer.put('driver/height', utf8('h'), Uint8Array.of(2)));
    expect(executor.head).toBe(before);
    expect(store.get('driver/height', utf8('h'))).toEqual(Uint8Array.of(2));
  });

  it('writes nothing when the witness key fails, and can be tried again', async () => {
    let broken = true;
    const sign: typeof witness.signer.sign = (message) =>
      broken ? Promise.reject(new Error('token removed')) : witness.signer.sign(message);
    const { executor, store } = await open(undefined, {
      witness: { ...witness, signer: { ...witness.signer, sign } },
    });
    const candidate = executor.execute(block(await addition(ANN, 0)));
    await expect(executor.commit(candidate)).rejects.toMatchObject({ code: 'checkpoint_not_signed' });
    expect([...store.range('ledger/entries')]).toEqual([]);
    broken = false;
    expect((await executor.commit(candidate)).height).toBe(1);
  });

  it('halts when the store fails, since the disk alone knows', async () => {
    let armed = false;
    const beforeCommit = (): void => {
      if (armed) throw new Error('disk failed');
    };
    const { executor } = await open(createMemoryStore({ beforeCommit }));
    armed = true;
    await expect(executor.commit(executor.execute(block(await addition(ANN, 0))))).rejects.toThrow(
      'disk failed',
    );
    expect(executor.halted).toBe(true);
    expect(() => executor.execute({ timeMs: ++time, operations: [] })).toThrow(
      expect.objectContaining({ code: 'ledger_halted' }),
    );
  });

  it('goes on after reopening from the same roots', async () => {
    const { executor, store } = await open();
    const twin = await open();
    for (let i = 0; i < 4; i++) {
      const next = block(await addition(ANN, i), await addition(CYD, i));
      await executor.commit(executor.execute(next));
      const { executor: reopened } = await open(twin.store);
      await reopened.commit(reopened.execute(next));
      expect(reopened.head.appHash).toEqual(executor.head.appHash);
    }
    expect((await open(store)).executor.head.body).toBe(executor.head.body);
  });
});

describe('a witness', () => {
  it('remembers in the same transaction what it signed last', async () => {
    const { executor, store } = await open();
    const { size, appHash } = await executor.commit(executor.execute(block(await addition(ANN, 0))));
    expect(readWitness(store)).toEqual({ size, hash: appHash });
  });

  it('signs no second history of one size, and no smaller one', async () => {
    const { executor, store } = await open();
    await executor.commit(executor.execute(block(await addition(ANN, 0), await addition(BOB, 0))));
    const record = store.get('ledger/meta', utf8('witness')) as Uint8Array;
    // A copy of the store from before, beside what the key has signed since.
    const restored = createMemoryStore();
    await restored.transact((writer) => writer.put('ledger/meta', utf8('witness'), record));
    const { executor: behind } = await open(restored);
    for (const operations of [[await addition(CYD, 0)], [await addition(CYD, 0), await addition(ANN, 0)]]) {
      const candidate = behind.execute(block(...operations));
      await expect(behind.commit(candidate)).rejects.toMatchObject({ code: 'cosign_refused' });
      behind.discard(candidate);
    }
    expect(behind.head.height).toBe(0);
  });

  it('needs an Ed25519 key and a name that notes can carry', async () => {
    const bob = { ...witness, signer: p256Signer('bob') };
    await expect(open(undefined, { witness: bob })).rejects.toThrow(TypeError);
    await expect(open(undefined, { witness: { ...witness, name: 'two words' } })).rejects.toThrow(TypeError);
  });

  it('does without a log key, and the log without a witness', async () => {
    const { executor } = await open();
    expect(executor.head.checkpoint).toBe('');
    const logOnly = await open(undefined, { witness: undefined, signer: checkpointSigner });
    const head = await logOnly.executor.commit(logOnly.executor.execute(block(await addition(ANN, 0))));
    expect(head.checkpoint.split('\n\n')[1]?.trimEnd().split('\n')).toHaveLength(1);
  });
});
