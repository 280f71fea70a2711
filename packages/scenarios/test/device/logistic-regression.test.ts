import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contributions, scoreOf, trainLogistic } from '../../src/device/risk/logistic-regression.ts';
import { rocAuc, topDecileShare } from '../../src/device/risk/ranking-quality.ts';

describe('trainLogistic', () => {
  it('finds the log-odds of a table of two by two', () => {
    // Of 40 with the feature 30 failed, of 60 without it 20.
    const rows = Array.from({ length: 100 }, (_, i) => [Number(i < 40)]);
    const outcomes = rows.map((_, i) => i < 30 || i >= 80);
    const model = trainLogistic(rows, outcomes, { penalty: 0 });
    expect(scoreOf(model, [1])).toBeCloseTo(0.75, 6);
    expect(scoreOf(model, [0])).toBeCloseTo(1 / 3, 6);
  });

  it('says what each feature adds, and a feature that never changes adds nothing', () => {
    const rows = [
      [0, 7],
      [1, 7],
      [0, 7],
      [1, 7],
    ];
    const model = trainLogistic(rows, [false, true, false, true]);
    const [first, second] = contributions(model, [1, 7]);
    expect(first).toBeGreaterThan(0);
    expect(second).toBe(0);
  });

  it('ends with finite weights where the outcomes can be told apart', () => {
    const rows = Array.from({ length: 50 }, (_, i) => [i]);
    const model = trainLogistic(
      rows,
      rows.map(([i]) => (i as number) >= 25),
    );
    expect(model.weights.every(Number.isFinite)).toBe(true);
    expect(scoreOf(model, [49])).toBeGreaterThan(scoreOf(model, [0]));
  });

  it.each([
    ['one outcome only', [[1], [2]], [true, true]],
    ['rows of several lengths', [[1], [2, 3]], [true, false]],
    ['a row without an outcome', [[1], [2]], [true]],
    ['nothing', [], []],
  ])('refuses %s', (_, rows, outcomes) => {
    expect(() => trainLogistic(rows, outcomes)).toThrow(TypeError);
  });
});

describe('quality of a ranking', () => {
  const ranked = fc.array(fc.record({ score: fc.integer({ min: 0, max: 9 }), failed: fc.boolean() }), {
    minLength: 2,
    maxLength: 40,
  });
  const both = ranked.filter((all) => all.some(({ failed }) => failed) && all.some(({ failed }) => !failed));

  it('counts pairs: a failure above another thing is one, beside it a half', () => {
    fc.assert(
      fc.property(both, (all) => {
        const failed = all.filter((one) => one.failed);
        const others = all.filter((one) => !one.failed);
        const won = failed.flatMap((a) =>
          others.map((b) => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0)),
        );
        expect(rocAuc(all)).toBeCloseTo(won.reduce<number>((sum, each) => sum + each, 0) / won.length, 9);
      }),
    );
  });

  it('knows the share of failures in the highest tenth', () => {
    const all = Array.from({ length: 20 }, (_, i) => ({ score: i, failed: [19, 18, 3].includes(i) }));
    expect(topDecileShare(all)).toBeCloseTo(2 / 3);
  });
});
