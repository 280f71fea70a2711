import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Features, scoreOf, trainLogistic } from '../../src/device/risk/logistic-regression.ts';
import { type Ranked, rocAuc, topDecileShare } from '../../src/device/risk/ranking-quality.ts';
import { describeWithShared, sharedPath } from '../harness/shared-data.ts';

interface Machine {
  readonly features: Features;
  readonly failed: boolean;
}

const FOLDS = 5;
const FILE = 'equipment/ai4i2020.csv';

/** Columns are found by name: copies of the set differ in their order. */
function machines(derived: boolean): readonly Machine[] {
  const [header = '', ...lines] = readFileSync(sharedPath(FILE), 'utf8')
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    const [air = 0, process = 0, speed = 0, torque = 0, wear = 0] = [
      'Air temperature [K]',
      'Process temperature [K]',
      'Rotational speed [rpm]',
      'Torque [Nm]',
      'Tool wear [min]',
    ].map((name) => Number(cell(name)));
    const type = cell('Type');
    const raw = [air, process, speed, torque, wear, Number(type === 'L'), Number(type === 'M')];
    const power = speed * torque;
    const more = [
      process - air,
      power,
      torque * wear,
      (power - 62_000) ** 2,
      wear ** 2,
      (process - air) * speed,
    ];
    return { features: derived ? [...raw, ...more] : raw, failed: cell('Machine failure') === '1' };
  });
}

/** Each fold is ranked by what the other four taught. The set is in no order of time, so every fifth row is a fold. */
function crossValidated(all: readonly Machine[]): readonly Ranked[] {
  return Array.from({ length: FOLDS }, (_, fold) => {
    const seen = all.filter((_one, i) => i % FOLDS !== fold);
    const model = trainLogistic(
      seen.map(({ features }) => features),
      seen.map(({ failed }) => failed),
    );
    const unseen = all.filter((_one, i) => i % FOLDS === fold);
    return unseen.map(({ features, failed }) => ({ score: scoreOf(model, features), failed }));
  }).flat();
}

describeWithShared('failure ranking on AI4I 2020', FILE, () => {
  it('reads all of it: 10,000 machines, 339 failures [E9]', () => {
    const all = machines(false);
    expect(all).toHaveLength(10_000);
    expect(all.filter(({ failed }) => failed)).toHaveLength(339);
  });

  it('ranks machines that it has not seen [E9]', () => {
    const ranked = crossValidated(machines(true));
    expect(rocAuc(ranked)).toBeGreaterThanOrEqual(0.9);
    expect(topDecileShare(ranked)).toBeGreaterThanOrEqual(0.65);
  });

  it('ranks worse by the columns as they are, without power, wear and difference of temperatures [E9]', () => {
    const [raw, derived] = [crossValidated(machines(false)), crossValidated(machines(true))];
    expect(rocAuc(raw)).toBeLessThan(rocAuc(derived));
    expect(topDecileShare(raw)).toBeLessThan(topDecileShare(derived));
  });
});
