import { setImmediate } from 'node:timers/promises';
import type { Bytes } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { createEarlyTxs } from '../../../src/drivers/cometbft/early-txs.ts';

const tx = (number: number, length = 4): Bytes => new Uint8Array(length).fill(number);

/** An engine that answers with these codes, one after another, and with the last one from then on. */
function engine(...codes: (number | Error)[]) {
  const shown: number[] = [];
  const early = createEarlyTxs(async (given) => {
    shown.push(given[0] as number);
    const code = codes[Math.min(shown.length, codes.length) - 1] as number | Error;
    if (code instanceof Error) throw code;
    return { code };
  });
  return { early, shown };
}

describe('transactions that came early', () => {
  it('are shown to the engine after the next block, in their order, and no more once it took them', async () => {
    const { early, shown } = engine(0);
    early.keep(tx(1));
    early.keep(tx(2));
    early.keep(tx(1));
    expect(shown).toEqual([]);
    await early.onBlock();
    await early.onBlock();
    expect(shown).toEqual([1, 2]);
  });

  it('are shown after three blocks in all, as long as they are refused', async () => {
    const { early, shown } = engine(1);
    early.keep(tx(1));
    for (let i = 0; i < 5; i++) {
      await early.onBlock();
      early.keep(tx(2)); // what is refused again is told again, and is no other
    }
    expect(shown.filter((number) => number === 1)).toHaveLength(3);
  });

  it('are let go where the engine has them already, or does not answer', async () => {
    const { early, shown } = engine(new Error('tx already exists in cache'));
    early.keep(tx(1));
    await early.onBlock();
    await early.onBlock();
    expect(shown).toEqual([1]);
  });

  it('are shown one at a time, and once for each block, where blocks come faster than the engine answers', async () => {
    const shown: number[] = [];
    const answers: (() => void)[] = [];
    const early = createEarlyTxs((given) => {
      shown.push(given[0] as number);
      return new Promise((resolve) => answers.push(() => resolve({ code: 1 })));
    });
    early.keep(tx(1));
    const first = early.onBlock();
    await setImmediate();
    early.keep(tx(2));
    const second = early.onBlock();
    await setImmediate();
    expect(shown).toEqual([1]);
    answers[0]?.();
    await first;
    for (let i = 1; i < 3; i++) {
      await setImmediate();
      answers[i]?.();
    }
    await second;
    expect(shown).toEqual([1, 1, 2]);
  });

  it.each([
    ['number', 300, 4, 128],
    ['bytes', 20, 1_000_000, 16],
  ])('are bounded in %s, whoever sends them', async (_, count, length, kept) => {
    const { early, shown } = engine(1);
    for (let i = 0; i < count; i++) {
      const one = tx(i % 256, length);
      one[1] = i >> 8;
      early.keep(one);
    }
    await early.onBlock();
    expect(shown).toHaveLength(kept);
    for (let i = 0; i < 2; i++) await early.onBlock();
    early.keep(tx(7, length));
    await early.onBlock();
    expect(shown).toHaveLength(3 * kept + 1);
  });
});
