import { createMemoryStore, type Signer } from '@attestel/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Operation, type OperationResult, verifyLedger } from '../../../src/index.ts';
import { MAX_BLOCK_OPERATIONS } from '../../../src/state/execute-block.ts';
import { ANN, addition, checkpointSigner, openTestLedger, trust } from '../../fixtures/open-test-ledger.ts';

// More than two blocks take: the second is executed while the first is committed.
const COUNT = 2 * MAX_BLOCK_OPERATIONS + 10;
/** The first block waits until it is full, even where admission is slow. */
const collectMilliseconds = 300;
let operations: readonly Operation[];

beforeAll(async () => {
  const none = { body: { amount: 0 } };
  operations = await Promise.all(Array.from({ length: COUNT }, (_, n) => addition(ANN, n, none)));
});

/** How many operations had each outcome. */
function tally(results: readonly OperationResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) {
    const code = result.ok ? `block ${result.height}` : result.error.code;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

describe('blocks that are executed while the one before is committed', () => {
  it('are those of a ledger that takes one after the other', async () => {
    const store = createMemoryStore();
    const ledger = await openTestLedger({ store, collectMilliseconds });
    expect(tally(await ledger.submit(operations))).toEqual({
      'block 1': MAX_BLOCK_OPERATIONS,
      'block 2': MAX_BLOCK_OPERATIONS,
      'block 3': 10,
    });
    expect(await verifyLedger({ ...trust, store })).toMatchObject({ ok: true, height: 3 });
  });

  it('are not committed above one whose outcome is unknown', async () => {
    let isBroken = true;
    const beforeCommit = (): void => {
      if (isBroken) throw new Error('disk failed');
    };
    const store = createMemoryStore({ beforeCommit });
    const ledger = await openTestLedger({ store, collectMilliseconds });
    expect(tally(await ledger.submit(operations))).toEqual({
      outcome_unknown: MAX_BLOCK_OPERATIONS,
      ledger_halted: COUNT - MAX_BLOCK_OPERATIONS,
    });
    isBroken = false;
    expect((await openTestLedger({ store, collectMilliseconds })).head().height).toBe(0);
  });

  it('are executed again where that one is not signed', async () => {
    let refusals = 0;
    const sign: Signer['sign'] = async (message) => {
      if (refusals-- > 0) throw new Error('token removed');
      return checkpointSigner.sign(message);
    };
    const signer = { ...checkpointSigner, sign };
    const ledger = await openTestLedger({ signer, collectMilliseconds });
    refusals = 1;
    expect(tally(await ledger.submit(operations))).toEqual({
      checkpoint_not_signed: MAX_BLOCK_OPERATIONS,
      // Their predecessors are not in the log.
      sequence_conflict: COUNT - MAX_BLOCK_OPERATIONS,
    });
    expect(ledger.head().height).toBe(0);
    expect(tally(await ledger.submit(operations))).toMatchObject({ 'block 1': MAX_BLOCK_OPERATIONS });
  });
});
