import type { JsonValue } from '@attestel/core';
import type { RecordState } from '../../kinds/record.ts';
import type { JsonObject, Row } from '../../module/module.ts';
import { type Place, placeOf } from '../place/distance.ts';
import type { PlaceText } from '../place/place.schema.ts';
import { criticalFaults, isCritical } from './critical-faults.ts';
import { type Flag, isTooFast, type Scan } from './flags.ts';

/** What a record keeps of its newest visits: entries at one place of the three lists are of one visit. */
export interface VisitSums extends JsonObject {
  readonly photos: readonly string[];
  readonly scans: readonly { readonly place: PlaceText & JsonObject; readonly worker: string }[];
  readonly visits: readonly {
    readonly device: string;
    readonly time: number;
    readonly flags: readonly string[];
  }[];
}

export const visitsOf = ({ summary }: Pick<RecordState, 'summary'>): VisitSums =>
  (summary as VisitSums | null) ?? { photos: [], scans: [], visits: [] };

/** Number of the item that stands first in these lists. */
export const firstKept = ({ items, summary }: Pick<RecordState, 'items' | 'summary'>): number =>
  items - visitsOf({ summary }).visits.length;

/** By record, then by number of the item. */
export type FlagsAcross = ReadonlyMap<string, ReadonlyMap<number, readonly Flag[]>>;

interface Seen extends Scan {
  readonly record: string;
  readonly item: number;
  readonly device: string;
  readonly photo: string;
  readonly worker: string;
  readonly place: Place;
}

/**
 * Flags that show only where objects are laid side by side: R4 where an earlier visit of another record has the photo, R5
 * where the worker was in the visit before, of another record, too far away, R7 where the device had a critical fault.
 * Earlier is what visits say of their time.
 * @param faults objects of `device.fault`
 */
export function flagsAcross(rows: Iterable<Row<RecordState>>, faults: Iterable<Row<JsonValue>>): FlagsAcross {
  const critical = criticalFaults(faults);
  const found = new Map<string, Map<number, readonly Flag[]>>();
  const owners = new Map<string, string>();
  const last = new Map<string, Seen>();
  for (const visit of [...rows].flatMap(seenIn).sort(byTime)) {
    const owner = owners.get(visit.photo) ?? visit.record;
    const before = last.get(visit.worker);
    const flags: readonly [Flag, boolean][] = [
      ['R4', owner !== visit.record],
      ['R5', before !== undefined && before.record !== visit.record && isTooFast(before, visit)],
      ['R7', isCritical(critical.get(visit.device), visit.time)],
    ];
    const isSo = flags.filter(([, is]) => is).map(([flag]) => flag);
    if (isSo.length > 0)
      found.set(visit.record, (found.get(visit.record) ?? new Map()).set(visit.item, isSo));
    owners.set(visit.photo, owner);
    last.set(visit.worker, visit);
  }
  return found;
}

function seenIn({ id, state }: Row<RecordState>): readonly Seen[] {
  const { photos, scans, visits } = visitsOf(state);
  const first = firstKept(state);
  return visits.flatMap(({ device, time }, i) => {
    const [photo, scan] = [photos[i], scans[i]];
    if (photo === undefined || scan === undefined) return [];
    const place = placeOf(scan.place, '/place');
    return [{ record: id, item: first + i, device, time, photo, worker: scan.worker, place }];
  });
}

// Ids are random, so that of two visits of one second either may be the later one: for everybody the same.
const byTime = (a: Seen, b: Seen): number =>
  a.time - b.time || (a.record === b.record ? a.item - b.item : a.record < b.record ? -1 : 1);

/** Both, each once, in their order. */
export const joined = (a: readonly string[], b: readonly string[] = []): readonly string[] =>
  [...new Set([...a, ...b])].sort();
