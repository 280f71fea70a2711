import { createMemoryStore, type MemoryStoreFaults, type Signer } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { type Ledger, type OperationResult, verifyLedger } from '../../../src/index.ts';
import {
  ANN,
  addition,
  BOB,
  checkpointSigner,
  openTestLedger,
  recordingLogger,
  trust,
} from '../../fixtures/open-test-ledger.ts';

const codesOf = (results: readonly OperationResult[]): string[] =>
  results.map((result) => (result.ok ? 'ok' : result.error.code));
const allOf = (ledger: Ledger): unknown => ledger.state('counter').get('all');

/** A store whose next commit fails at the named point. */
function failingStore(point: keyof MemoryStoreFaults) {
  let armed = false;
  const hook = (): void => {
    if (!armed) return;
    armed = false;
    throw new Error('disk failed');
  };
  return {
    store: createMemoryStore({ [point]: hook }),
    arm: () => {
      armed = true;
    },
  };
}

describe.each([
  { point: 'beforeCommit', durable: false },
  { point: 'afterCommit', durable: true },
] as const)('a commit that fails at $point', ({ point, durable }) => {
  it('answers that the outcome is unknown and halts until reopened', async () => {
    const { store, arm } = failingStore(point);
    const logger = recordingLogger();
    const ledger = await openTestLedger({ store, logger });
    await ledger.submit([await addition(ANN, 0)]);
    const before = ledger.head();
    let heard = 0;
    ledger.onBlock(() => {
      heard += 1;
    });
    arm();
    const results = await ledger.submit([await addition(ANN, 1), await addition(BOB, 9)]);
    expect(codesOf(results)).toEqual(['outcome_unknown', 'sequence_conflict']);
    expect(ledger.head()).toBe(before);
    expect(heard).toBe(0);
    expect(logger.events).toContain('commit_failed');
    expect(codesOf(await ledger.submit([await addition(ANN, 1)]))).toEqual(['ledger_halted']);
  });

  it(`has the block ${durable ? 'whole' : 'not at all'} after reopening, and goes on`, async () => {
    const { store, arm } = failingStore(point);
    const ledger = await openTestLedger({ store });
    await ledger.submit([await addition(ANN, 0)]);
    arm();
    await ledger.submit([await addition(ANN, 1), await addition(BOB, 0)]);
    await ledger.close();
    const again = await openTestLedger({ store });
    expect(again.head()).toMatchObject(durable ? { height: 2, size: 5 } : { height: 1, size: 2 });
    expect(allOf(again)).toBe(durable ? 3 : 1);
    expect(again.sequence('counter', BOB)).toBe(durable ? 1 : 0);
    const next = again.sequence('counter', ANN);
    expect(codesOf(await again.submit([await addition(ANN, next)]))).toEqual(['ok']);
    expect(await verifyLedger({ ...trust, store })).toMatchObject({ ok: true });
  });

  it('opens as an empty or a complete ledger when the genesis fails', async () => {
    const { store, arm } = failingStore(point);
    const genesis = [await addition(ANN, 0)];
    arm();
    await expect(openTestLedger({ store, genesis })).rejects.toThrow('disk failed');
    const again = await openTestLedger({ store, genesis });
    expect(again.head()).toMatchObject({ height: 1, size: 2 });
  });
});

describe('a checkpoint key that fails', () => {
  const faulty = (sign: Signer['sign']): { signer: Signer; arm(): void } => {
    let armed = false;
    return {
      arm: () => {
        armed = true;
      },
      signer: {
        ...checkpointSigner,
        sign: (message) => {
          if (!armed) return checkpointSigner.sign(message);
          armed = false;
          return sign(message);
        },
      },
    };
  };

  it.each([
    ['throws', async () => Promise.reject(new Error('token removed'))],
    ['signs something else', async () => checkpointSigner.sign(new Uint8Array(3))],
    ['gives a short signature', async () => new Uint8Array(3)],
  ] as const)('changes nothing when it %s, and the ledger goes on', async (_, sign) => {
    const { signer, arm } = faulty(sign);
    const store = createMemoryStore();
    const ledger = await openTestLedger({ store, signer });
    arm();
    expect(codesOf(await ledger.submit([await addition(ANN, 0)]))).toEqual(['checkpoint_not_signed']);
    expect(ledger.head().height).toBe(0);
    expect(codesOf(await ledger.submit([await addition(ANN, 0)]))).toEqual(['ok']);
    expect(await verifyLedger({ ...trust, store })).toMatchObject({ ok: true, height: 1 });
  });
});
