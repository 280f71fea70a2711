import { createMemoryStore } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyLedger } from '../../src/index.ts';
import { ANN, addition, BOB, CYD, openTestLedger, trust } from '../fixtures/open-test-ledger.ts';

interface Step {
  readonly actor: string;
  /** Distance from the right sequence: 0 is right. */
  readonly off: number;
  readonly amount: number;
  readonly breaks: boolean;
}

const step = fc.record({
  actor: fc.constantFrom(ANN, BOB, CYD),
  off: fc.constantFrom(0, 0, 0, 0, 1, -1),
  amount: fc.constantFrom(1, 10, 400),
  breaks: fc.constantFrom(false, false, false, true),
});
const batches = fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 });

/** The rules of the counter module and the host, in a few lines. */
class Model {
  readonly sequence = new Map<string, number>();
  readonly total = new Map<string, number>();

  apply({ actor, off, amount, breaks }: Step): { sequence: number; code: string } {
    const next = this.sequence.get(actor) ?? 0;
    const sequence = Math.max(0, next + off);
    const sum = (this.total.get(actor) ?? 0) + amount;
    if (sequence !== next) return { sequence, code: 'sequence_conflict' };
    if (breaks) return { sequence, code: 'module_failed' };
    if (sum > 1000) return { sequence, code: 'counter_full' };
    this.sequence.set(actor, next + 1);
    this.total.set(actor, sum);
    return { sequence, code: 'ok' };
  }
}

describe('executing blocks', () => {
  it('does what the model does under any batches, and verifies afterwards from the log alone', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (history) => {
        const store = createMemoryStore();
        const model = new Model();
        let accepted = 0;
        for (const batch of history) {
          const ledger = await openTestLedger({ store }); // reopened between batches
          const expected = batch.map((each) => model.apply(each));
          const operations = await Promise.all(
            batch.map(({ actor, amount, breaks }, i) =>
              addition(actor, expected[i]?.sequence ?? 0, {
                kind: breaks ? 'break' : 'add',
                body: { amount },
              }),
            ),
          );
          const results = await ledger.submit(operations);
          const codes = results.map((result) => (result.ok ? 'ok' : result.error.code));
          expect(codes).toEqual(expected.map(({ code }) => code));
          accepted += codes.filter((code) => code === 'ok').length;
          for (const [actor, total] of model.total) {
            expect(ledger.state('counter').get(`total/${actor}`)).toBe(total);
            expect(ledger.state('counter').find(`sum/${total}/${actor}`)).toBe(`last/${actor}`);
            expect(ledger.sequence('counter', actor)).toBe(model.sequence.get(actor));
          }
          const { size, height } = ledger.head();
          expect(size).toBe(accepted + height);
          await ledger.close();
        }
        expect(await verifyLedger({ ...trust, store })).toMatchObject({ ok: true });
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('comes to the same root and checkpoint from the same operations and times', async () => {
    const roots = new Set<string>();
    for (let run = 0; run < 2; run++) {
      const ledger = await openTestLedger();
      // One at a time: how concurrent submissions fall into blocks depends on timers.
      for (let i = 0; i < 3; i++) await ledger.submit([await addition(ANN, i)]);
      roots.add(ledger.head().checkpoint);
    }
    expect([...roots]).toEqual([GOLDEN_CHECKPOINT]);
  });
});

const GOLDEN_CHECKPOINT = [
  'ledger.example/test',
  '6',
  'Ookz7+Z+8Eey/kZmvPN9WLRLiTyp2I7ZZ8QAqR9druY=',
  'state g3P4lb2QsoMBuV1Aqo2OWSX9ZaLl907Qyp6WBCqo1u8=',
  '',
  '\u2014 ledger.example/test oPDg1hCSO+oqa7samWw9wH4Wfe9EfiUGS8APGIpnzLMiKHdjALb6t12rpbKMLOnQ0fBqrdOSGfg5gCuYzMWe1ijvFQY=',
  '',
].join('\n');
