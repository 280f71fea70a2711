import { metresBetween, type Place } from '../place/distance.ts';

/** What makes somebody look again: a visit with flags stays a visit. R6 refuses; R7 shows only beside faults. */
export type Flag = 'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R7';

/** Where and when the worker was before this scan. */
export interface Scan {
  readonly place: Place;
  /** Unix seconds. */
  readonly time: number;
}

export interface ScanFacts extends Scan {
  readonly tagMatches: boolean;
  /** Where the device is registered; undefined: nobody said so. */
  readonly site: Place | undefined;
  readonly shift: { readonly from: number; readonly until: number };
  /** SHA-256 of the photo, hex; the photos of earlier visits. */
  readonly photo: string;
  readonly isPhotoKnown: (digest: string) => boolean;
  readonly before: Scan | undefined;
}

const NEAR_METRES = 150;
/** Metres in 100 seconds at 120 km/h: 3,333.3. Compared as thirds. */
const THIRDS_OF_METRES = 10_000;

/**
 * R1 the tag is another device's · R2 more than 150 m from its site · R3 outside of the shift · R4 a photo seen
 * before · R5 faster than 120 km/h since the last scan. In that order.
 */
export function flagsOf(scan: ScanFacts): readonly Flag[] {
  const { site, shift, time, before, place } = scan;
  const found: readonly [Flag, boolean][] = [
    ['R1', !scan.tagMatches],
    ['R2', site !== undefined && metresBetween(place, site) > NEAR_METRES],
    ['R3', time < shift.from || time >= shift.until],
    ['R4', scan.isPhotoKnown(scan.photo)],
    ['R5', before !== undefined && isTooFast(before, { place, time })],
  ];
  return found.filter(([, isSo]) => isSo).map(([flag]) => flag);
}

/** Whether who was at both went faster than 120 km/h. */
export function isTooFast(from: Scan, to: Scan): boolean {
  const seconds = Math.abs(to.time - from.time);
  return metresBetween(from.place, to.place) * 300 > seconds * THIRDS_OF_METRES;
}
