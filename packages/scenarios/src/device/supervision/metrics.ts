import type { DeviceFact, Dimension, Facts, Interval } from './facts.ts';

/** Shares as decimal strings with four places, half up; null where there is nothing to divide by. */
export interface Metrics {
  /** Devices with an accepted inspection, of those in service at the end. */
  readonly coverage: string | null;
  /** Accepted inspections, of those planned. */
  readonly frequency: string | null;
  /** Accepted ones without a flag, of those submitted. */
  readonly quality: string | null;
  /** Faults opened, for each device and month in service. */
  readonly faultRate: string | null;
  readonly faults: number;
  /** Hours from opening to closing, of faults closed in the period; of an even number the lower median. */
  readonly handlingHours: string | null;
  /** Those closed in time. */
  readonly withinSla: string | null;
}

/** One formula for everybody. @param period half-open, unix seconds, of one month */
export function metricsOf(
  facts: Facts,
  period: { readonly from: number; readonly until: number },
  by: Dimension,
): ReadonlyMap<string, Metrics> {
  const groups = new Map<string, DeviceFact[]>();
  for (const device of facts.devices) {
    groups.set(device[by], [...(groups.get(device[by]) ?? []), device]);
  }
  const names = [...groups.keys()].sort();
  return new Map(names.map((name) => [name, ofGroup(facts, period, groups.get(name) ?? [])]));
}

type Period = { readonly from: number; readonly until: number };

function ofGroup(facts: Facts, period: Period, devices: readonly DeviceFact[]): Metrics {
  const ids = new Set(devices.map(({ id }) => id));
  const isIn = (time: number): boolean => time >= period.from && time < period.until;
  const submitted = facts.inspections.filter(({ device, time }) => ids.has(device) && isIn(time));
  const accepted = submitted.filter((one) => one.accepted);
  const seen = new Set(accepted.map(({ device }) => device));
  const inService = devices.filter((one) => one.inService.some((each) => covers(each, period.until)));
  const planned = facts.plan.filter(({ device }) => ids.has(device));
  const faults = facts.faults.filter(({ device }) => ids.has(device));
  const opened = faults.filter((one) => isIn(one.opened));
  const closed = faults.filter((one) => one.closed !== null && isIn(one.closed));
  const lasted = closed.map((one) => (one.closed as number) - one.opened);
  const seconds = devices.reduce((sum, { inService: spans }) => sum + secondsIn(spans, period), 0);
  const cleanOnes = accepted.filter(({ flags }) => flags.length === 0);
  return {
    coverage: share(inService.filter(({ id }) => seen.has(id)).length, inService.length),
    frequency: share(accepted.length, sum(planned.map(({ visits }) => visits))),
    quality: share(cleanOnes.length, submitted.length),
    faultRate: share(opened.length * (period.until - period.from), seconds),
    faults: opened.length,
    handlingHours: lasted.length === 0 ? null : share(lowerMedian(lasted), HOUR),
    withinSla: share(lasted.filter((each, i) => each <= (closed[i]?.within ?? 0)).length, closed.length),
  };
}

const HOUR = 3600;
const PLACES = 4;

/** In service in the very last second. */
const covers = ({ from, until }: Interval, end: number): boolean =>
  from < end && (until === null || until >= end);

const secondsIn = (spans: readonly Interval[], { from, until }: Period): number =>
  sum(spans.map((span) => Math.max(0, Math.min(span.until ?? until, until) - Math.max(span.from, from))));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const lowerMedian = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] as number;

/** Whole numbers all the way, so that boards agree to the last digit. */
function share(part: number, whole: number): string | null {
  if (whole === 0) return null;
  const scale = 10n ** BigInt(PLACES);
  const rounded = (2n * BigInt(part) * scale + BigInt(whole)) / (2n * BigInt(whole));
  const digits = rounded.toString().padStart(PLACES + 1, '0');
  return `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
}
