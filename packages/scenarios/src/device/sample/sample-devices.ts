import { createDraw, type Draw } from '../../sample/draw.ts';
import type { Facts, FaultFact, InspectionFact } from '../supervision/facts.ts';

const PROVINCES = [
  { code: 'GD', south: 21.5, west: 110.5, north: 25, east: 116.5 },
  { code: 'HN', south: 25, west: 109.5, north: 29.5, east: 113.5 },
  { code: 'JS', south: 31, west: 117, north: 34.5, east: 121.5 },
  { code: 'SC', south: 27, west: 101, north: 32, east: 107.5 },
  { code: 'XJ', south: 37, west: 76, north: 47, east: 90 },
] as const;
const SITES = 40;
const ITEMS = 25;
const TYPES = Array.from({ length: 12 }, (_, i) => `T${String(i + 1).padStart(2, '0')}`);
const VENDORS = ['V1', 'V2', 'V3', 'V4'];
const BATCHES = Array.from({ length: 8 }, (_, i) => `B${i + 1}`);
const BOARDS = 600;
const OPTICS = 400;

const DAY = 86_400;
const YEAR = 365 * DAY;
/** 2025-11-01 to 2026-11-01, UTC. */
const MONTHS = Array.from({ length: 13 }, (_, i) => Date.UTC(2025, 10 + i, 1) / 1000);
const OLD = 8 * YEAR;
/** In a million and month. */
const BASE_HAZARD = 10_000;

export interface SampleSite {
  readonly id: string;
  readonly province: string;
  readonly city: string;
  readonly latitude: string;
  readonly longitude: string;
}

export interface SampleDevice {
  readonly id: string;
  readonly serial: string;
  readonly site: string;
  readonly province: string;
  readonly city: string;
  readonly type: string;
  readonly vendor: string;
  readonly batch: string;
  /** Unix seconds. */
  readonly inServiceSince: number;
}

/** A board or an optic in its parent. */
export interface SamplePart {
  readonly id: string;
  readonly kind: 'board' | 'optic';
  readonly vendor: string;
  readonly serial: string;
  readonly parent: string;
  readonly slot: string;
}

export interface DeviceSample {
  readonly sites: readonly SampleSite[];
  readonly devices: readonly SampleDevice[];
  readonly parts: readonly SamplePart[];
  /** One planned visit of each device a month. */
  readonly inspections: readonly InspectionFact[];
  readonly faults: readonly FaultFact[];
}

/**
 * Five provinces with 40 sites of 25 devices, a year of inspections and faults. Batch B7 of vendor V3 fails six times as
 * often as others, what is older than eight years half as often again, and month-ends have three faults in ten more.
 */
export function sampleDevices({ seed }: { readonly seed: string }): DeviceSample {
  const sites = PROVINCES.flatMap((province) => {
    const draw = createDraw(seed, `sites ${province.code}`);
    return Array.from({ length: SITES }, (_, i) => siteOf(province, i, draw));
  });
  const devices = sites.flatMap((site) => {
    const draw = createDraw(seed, `devices ${site.id}`);
    return Array.from({ length: ITEMS }, (_, i) => deviceOf(site, i, draw));
  });
  const lives = devices.map((device) => lifeOf(device, createDraw(seed, `life ${device.id}`)));
  return {
    sites,
    devices,
    parts: partsOf(devices, createDraw(seed, 'parts')),
    inspections: lives.flatMap(({ inspections }) => inspections),
    faults: lives.flatMap(({ faults }) => faults),
  };
}

/** What a board of that sample is made from, for the month that begins at an index of {@link MONTHS}. */
export const factsOf = ({ devices, inspections, faults }: DeviceSample): Facts => ({
  devices: devices.map((device) => ({
    ...device,
    inService: [{ from: device.inServiceSince, until: null }],
  })),
  inspections,
  plan: devices.map(({ id }) => ({ device: id, visits: 1 })),
  faults,
});

function siteOf(province: (typeof PROVINCES)[number], i: number, draw: Draw): SampleSite {
  const degrees = (from: number, to: number): string =>
    (from + (draw.below(1000) * (to - from)) / 1000).toFixed(6);
  return {
    id: `${province.code}-${String(i + 1).padStart(3, '0')}`,
    province: province.code,
    city: `${province.code}-${String.fromCharCode(65 + (i % 5))}`,
    latitude: degrees(province.south, province.north),
    longitude: degrees(province.west, province.east),
  };
}

function deviceOf(site: SampleSite, i: number, draw: Draw): SampleDevice {
  const vendor = draw.oneOf(VENDORS);
  return {
    id: draw.id(),
    serial: `${vendor}-${site.id}-${String(i + 1).padStart(2, '0')}`,
    site: site.id,
    province: site.province,
    city: site.city,
    type: draw.oneOf(TYPES),
    vendor,
    batch: draw.oneOf(BATCHES),
    inServiceSince: (MONTHS[0] as number) - draw.below(12 * 365) * DAY,
  };
}

function partsOf(devices: readonly SampleDevice[], draw: Draw): readonly SamplePart[] {
  const made = (kind: SamplePart['kind'], i: number): SamplePart => {
    const { id, vendor } = devices[(i * 7) % devices.length] as SampleDevice;
    const serial = `${vendor}-${kind}-${String(i + 1).padStart(4, '0')}`;
    return { id: draw.id(), kind, vendor, serial, parent: id, slot: `${kind}-${i % 4}` };
  };
  return [
    ...Array.from({ length: BOARDS }, (_, i) => made('board', i)),
    ...Array.from({ length: OPTICS }, (_, i) => made('optic', BOARDS + i)),
  ];
}

function lifeOf(device: SampleDevice, draw: Draw) {
  const inspections: InspectionFact[] = [];
  const faults: FaultFact[] = [];
  MONTHS.slice(0, -1).forEach((from, i) => {
    const days = ((MONTHS[i + 1] as number) - from) / DAY;
    const time = from + draw.below(days) * DAY + 8 * 3600 + draw.below(9 * 3600);
    // One in ten visits does not take place, one in a hundred is not accepted, one in twenty has a flag.
    const takesPlace = !draw.happens(100_000);
    const accepted = !draw.happens(10_000);
    const flags = draw.happens(50_000) ? [draw.oneOf(['R2', 'R3', 'R4', 'R5'])] : [];
    if (takesPlace) inspections.push({ device: device.id, time, accepted, flags });
    if (draw.happens(hazardOf(device, from))) faults.push(faultOf(device, { from, days }, draw));
  });
  return { inspections, faults };
}

function hazardOf({ vendor, batch, inServiceSince }: SampleDevice, at: number): number {
  const known = vendor === 'V3' && batch === 'B7' ? 6 : 1;
  const old = at - inServiceSince > OLD ? 3 : 2;
  return (BASE_HAZARD * known * old) / 2;
}

function faultOf(
  { id }: SampleDevice,
  { from, days }: { readonly from: number; readonly days: number },
  draw: Draw,
): FaultFact {
  // The last three days count 13 of 10.
  const at = draw.below((days - 3) * 10 + 3 * 13);
  const day = at < (days - 3) * 10 ? Math.floor(at / 10) : days - 3 + Math.floor((at - (days - 3) * 10) / 13);
  const opened = from + day * DAY + draw.below(DAY);
  return { device: id, opened, closed: opened + 3600 + draw.below(72 * 3600), within: 48 * 3600 };
}
