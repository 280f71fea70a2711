import { beforeEach, describe, expect, it } from 'vitest';
import {
  type CloneDetector,
  createCloneDetector,
  type Sighting,
} from '../../src/sightings/clone-detector.ts';

const CELL = 'c1'.repeat(32);
const at = (site: string): Sighting => ({ certificate: CELL, secret: 'aa'.repeat(32), site });
let detector: CloneDetector;

beforeEach(() => {
  detector = createCloneDetector({ overlapSeconds: 120, forgetSeconds: 180 });
});

describe('a certificate at gateways', () => {
  it('is no clone at one gateway, however long', () => {
    for (let now = 0; now <= 3600; now += 60) detector.report('g1', [at('s')], now);
    expect(detector.clones(3600)).toEqual([]);
    expect(detector.live(3600)).toMatchObject([{ certificate: CELL, since: 0 }]);
  });

  it('is no clone while it is handed over', () => {
    detector.report('g1', [at('s')], 0);
    detector.report('g2', [at('s')], 60);
    expect(detector.clones(100)).toEqual([]);
    detector.report('g1', [], 110);
    for (let now = 120; now <= 600; now += 60) detector.report('g2', [at('s')], now);
    expect(detector.clones(600)).toEqual([]);
  });

  it('is one when two gateways see it for longer than that', () => {
    detector.report('g1', [at('s')], 0);
    for (let now = 60; now <= 180; now += 60) {
      detector.report('g1', [at('s')], now);
      detector.report('g2', [at('s')], now);
    }
    expect(detector.clones(179)).toEqual([]);
    expect(detector.clones(180)).toEqual([CELL]);
  });

  it('is one when it comes to one gateway from two places', () => {
    for (let now = 0; now <= 120; now += 60) detector.report('g1', [at('here'), at('there')], now);
    expect(detector.clones(120)).toEqual([CELL]);
  });

  it('is not held against a gateway that has been silent for too long', () => {
    detector.report('g1', [at('s')], 0);
    detector.report('g2', [at('s')], 100);
    for (let now = 200; now <= 900; now += 60) detector.report('g2', [at('s')], now);
    expect(detector.clones(900)).toEqual([]);
  });
});
