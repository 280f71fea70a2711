import { describe, expect, it } from 'vitest';
import {
  cardDigest,
  type DeviceHistory,
  type Example,
  rankByRisk,
  trainFailureModel,
} from '../../src/device/risk/failure-model.ts';
import { expectedFinds, planByRisk, visitsOf } from '../../src/device/risk/inspection-plan.ts';
import { sampleDevices } from '../../src/device/sample/sample-devices.ts';

const monthAt = (i: number): number => Date.UTC(2025, 10 + i, 1) / 1000;
const LAST = 11;

const sample = sampleDevices({ seed: '20261122' });
const faultTimes = new Map<string, number[]>();
for (const { device, opened } of sample.faults) {
  faultTimes.set(device, [...(faultTimes.get(device) ?? []), opened]);
}

const historyAt = (month: number): readonly DeviceHistory[] =>
  sample.devices.map(({ id, type, vendor, batch, inServiceSince }) => ({
    ...{ id, type, vendor, batch },
    ageMonths: Math.floor((monthAt(month) - inServiceSince) / (30 * 86_400)),
    faults: (faultTimes.get(id) ?? []).filter((time) => time < monthAt(month)).length,
  }));

const examplesOf = (month: number): readonly Example[] =>
  historyAt(month).map((device) => ({
    ...device,
    failed: (faultTimes.get(device.id) ?? []).some(
      (time) => time >= monthAt(month) && time < monthAt(month + 1),
    ),
  }));

const model = trainFailureModel({
  examples: Array.from({ length: LAST }, (_, i) => examplesOf(i)).flat(),
  unseen: examplesOf(LAST),
  window: { from: '202511', until: '202609' },
});
const ranked = rankByRisk(model, historyAt(LAST + 1));
const digest = cardDigest(model.card);

describe('failure ranking on the sample', () => {
  it('has at least 80 % of the bad batch in its highest tenth, and says why [E9]', () => {
    const bad = new Set(
      sample.devices.filter(({ vendor, batch }) => vendor === 'V3' && batch === 'B7').map(({ id }) => id),
    );
    const top = ranked.slice(0, ranked.length / 10).filter(({ id }) => bad.has(id));
    expect(top.length / bad.size).toBeGreaterThanOrEqual(0.8);
    expect(top.every(({ reasons }) => reasons.includes('batch V3/B7'))).toBe(true);
  });

  it('comes with a card of which nobody can change a digit', () => {
    expect(model.card).toMatchObject({ examples: 55_000, algorithm: 'logistic regression, L2' });
    const { weights, ...rest } = model.card;
    const changed = {
      ...rest,
      weights: weights.map((one, i) => (i === 0 ? { ...one, weight: '0.0001' } : one)),
    };
    expect(cardDigest(changed)).not.toBe(digest);
  });

  it('tells nothing of a device whose type and batch it never saw but what holds for all', () => {
    const [first] = rankByRisk(model, [
      { id: 'x', type: 'T99', vendor: 'V9', batch: 'B9', ageMonths: 1, faults: 0 },
    ]);
    expect(first?.reasons).toEqual([]);
  });
});

describe('planByRisk', () => {
  const fixed = ranked.map(({ id }) => ({ id, days: 30, model: null }));
  const plan = planByRisk(ranked, 30, digest);

  it('has no more visits than the fixed plan and comes upon more faults [E10]', () => {
    expect(visitsOf(plan, 30)).toBeLessThanOrEqual(visitsOf(fixed, 30));
    expect(expectedFinds(plan, ranked, 30)).toBeGreaterThan(expectedFinds(fixed, ranked, 30));
  });

  it('cites the model for each interval that it changed, and for no other [E10]', () => {
    for (const { days, model: cited } of plan) expect(cited).toBe(days === 30 ? null : digest);
    expect(plan.filter(({ days }) => days === 15)).toHaveLength(500);
  });

  it.each([1, 3, 9, 11, 27])('has no more than a visit for each of %i devices', (count) => {
    const few = planByRisk(ranked.slice(0, count), 30, digest);
    expect(visitsOf(few, 30)).toBeLessThanOrEqual(count);
  });
});
