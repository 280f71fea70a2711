import { createMemoryStore, toHex } from '@attestel/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Operation, openExecutor } from '../../src/index.ts';
import { ANN, addition, BOB, CYD, ORIGIN, rules, START } from '../fixtures/open-test-ledger.ts';

const open = async () => {
  const { executor } = await openExecutor({ ...rules, origin: ORIGIN, store: createMemoryStore() });
  return executor;
};

/** Some of them follow one another, some are out of order, some come twice. */
const pool = await Promise.all(
  [ANN, BOB, CYD].flatMap((actor) => [0, 1, 2, 3].map((n) => addition(actor, n))),
);
const blocks = fc.array(
  fc.array(fc.integer({ min: 0, max: pool.length - 1 }), { minLength: 1, maxLength: 8 }),
  {
    minLength: 2,
    maxLength: 8,
  },
);
const operationsOf = (numbers: readonly number[]): Operation[] => numbers.map((n) => pool[n] as Operation);

test('blocks executed while the one before is committed are those executed after it', async () => {
  await fc.assert(
    fc.asyncProperty(blocks, async (all) => {
      const one = await open();
      const two = await open();
      let committing: Promise<unknown> = Promise.resolve();
      for (const [i, numbers] of all.entries()) {
        const block = { timeMs: START * 1000 + i, operations: operationsOf(numbers) };
        const ahead = one.executeAhead(block);
        const after = two.execute(block);
        expect(ahead.outcomes.map((outcome) => 'error' in outcome)).toEqual(
          after.outcomes.map((outcome) => 'error' in outcome),
        );
        expect(toHex(ahead.appHash)).toBe(toHex(after.appHash));
        expect(ahead.leaves).toEqual(after.leaves);
        await committing;
        expect(one.has(ahead)).toBe(true);
        if (ahead.changed) committing = one.commit(ahead);
        else one.discard(ahead);
        if (after.changed) await two.commit(after);
        else two.discard(after);
      }
      await committing;
      expect(one.head).toEqual(two.head);
    }),
    { numRuns: 60 },
  );
});
