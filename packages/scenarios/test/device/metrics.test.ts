import { describe, expect, it } from 'vitest';
import { factsOf, sampleDevices } from '../../src/device/sample/sample-devices.ts';
import type { Facts } from '../../src/device/supervision/facts.ts';
import { metricsOf } from '../../src/device/supervision/metrics.ts';

const OCTOBER = { from: Date.UTC(2026, 9, 1) / 1000, until: Date.UTC(2026, 10, 1) / 1000 };
const HOUR = 3600;

describe('sampleDevices', () => {
  const sample = sampleDevices({ seed: '20261122' });

  it('has the counts that the scenario names, and is the same for the same seed', () => {
    const { sites, devices, parts } = sample;
    expect([sites.length, devices.length]).toEqual([200, 5000]);
    expect(parts.filter(({ kind }) => kind === 'board')).toHaveLength(600);
    expect(parts.filter(({ kind }) => kind === 'optic')).toHaveLength(400);
    expect(sampleDevices({ seed: '20261122' })).toEqual(sample);
    expect(sampleDevices({ seed: '1' })).not.toEqual(sample);
  });

  it('repeats no serial number of a vendor, and no place of a parent', () => {
    const serials = [...sample.devices, ...sample.parts].map(({ vendor, serial }) => `${vendor} ${serial}`);
    expect(new Set(serials).size).toBe(serials.length);
    const slots = sample.parts.map(({ parent, slot }) => `${parent} ${slot}`);
    expect(new Set(slots).size).toBe(slots.length);
  });
});

describe('metricsOf', () => {
  const device = { province: 'GD', city: 'GD-A', type: 'T1', vendor: 'V1', batch: 'B1' };
  const half = (OCTOBER.from + OCTOBER.until) / 2;

  it('knows what counts at the edges of a period', () => {
    const facts: Facts = {
      devices: [
        { ...device, id: 'a', inService: [{ from: 0, until: null }] },
        { ...device, id: 'b', inService: [{ from: half, until: null }] },
        { ...device, id: 'gone', inService: [{ from: 0, until: OCTOBER.from }] },
      ],
      inspections: [
        { device: 'a', time: OCTOBER.from, accepted: true, flags: [] },
        { device: 'a', time: half, accepted: true, flags: ['R2'] },
        { device: 'b', time: half, accepted: false, flags: [] },
        { device: 'b', time: OCTOBER.until, accepted: true, flags: [] },
      ],
      plan: [
        { device: 'a', visits: 2 },
        { device: 'b', visits: 1 },
      ],
      faults: [
        { device: 'a', opened: OCTOBER.from - 1, closed: OCTOBER.from + HOUR, within: HOUR },
        { device: 'a', opened: OCTOBER.from, closed: OCTOBER.from + 3 * HOUR, within: 3 * HOUR },
        { device: 'b', opened: OCTOBER.until - 1, closed: null, within: HOUR },
      ],
    };
    expect(metricsOf(facts, OCTOBER, 'province').get('GD')).toEqual({
      coverage: '0.5000',
      frequency: '0.6667',
      quality: '0.3333',
      faultRate: '1.3333',
      faults: 2,
      handlingHours: '1.0003',
      withinSla: '0.5000',
    });
  });

  it('divides by nothing nowhere', () => {
    const facts: Facts = {
      devices: [{ ...device, id: 'a', inService: [] }],
      inspections: [],
      plan: [],
      faults: [],
    };
    expect(metricsOf(facts, OCTOBER, 'type').get('T1')).toEqual({
      coverage: null,
      frequency: null,
      quality: null,
      faultRate: null,
      faults: 0,
      handlingHours: null,
      withinSla: null,
    });
  });

  it('equals a naive recomputation over the sample, by province [E1]', () => {
    const sample = sampleDevices({ seed: '20261122' });
    const boards = metricsOf(factsOf(sample), OCTOBER, 'province');
    expect([...boards.keys()]).toEqual(['GD', 'HN', 'JS', 'SC', 'XJ']);
    for (const [province, metrics] of boards) {
      const mine = new Set(sample.devices.filter((one) => one.province === province).map(({ id }) => id));
      const isIn = (time: number) => time >= OCTOBER.from && time < OCTOBER.until;
      const visits = sample.inspections.filter((one) => mine.has(one.device) && isIn(one.time));
      const good = visits.filter(({ accepted }) => accepted);
      const faults = sample.faults.filter((one) => mine.has(one.device));
      const closed = faults.filter((one) => one.closed !== null && isIn(one.closed));
      const hours = closed.map((one) => ((one.closed as number) - one.opened) / HOUR).sort((a, b) => a - b);
      const near = (text: string | null, value: number) =>
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(0.000_051);
      near(metrics.coverage, new Set(good.map((one) => one.device)).size / mine.size);
      near(metrics.frequency, good.length / mine.size);
      near(metrics.quality, good.filter(({ flags }) => flags.length === 0).length / visits.length);
      near(metrics.faultRate, faults.filter((one) => isIn(one.opened)).length / mine.size);
      near(metrics.handlingHours, hours[Math.floor((hours.length - 1) / 2)] as number);
      near(metrics.withinSla, hours.filter((each) => each <= 48).length / hours.length);
    }
  });
});
