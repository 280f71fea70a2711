import { secondsOfInstant } from './shift.ts';
import type { PlaceText, VisitItem } from './types.ts';

/** Why the node did not take a visit. */
export interface Refusal {
  readonly code: string;
  /** JSON pointer within the visit, such as `/form/lamp`; empty: all of it. */
  readonly field: string;
}

export type VisitState =
  | { readonly at: 'waiting' }
  | { readonly at: 'taken'; readonly flags: readonly string[]; readonly line: string | null }
  | { readonly at: 'refused'; readonly refusal: Refusal };

export interface Visit {
  readonly id: string;
  /** Object of the record that it goes to. */
  readonly record: string;
  readonly item: VisitItem;
  readonly state: VisitState;
}

/** Visits of one shift by one form: an object of the module, named by the phone. */
export interface SentRecord {
  readonly id: string;
  readonly province: string;
  readonly template: string;
  readonly shift: { readonly from: string; readonly until: string };
  /** Told of it beside the member. */
  readonly to: readonly string[];
  /** Number of the last batch that the node is known to have. */
  readonly sequence: number;
  /** The batch that may have left the phone: nothing else is sent before its outcome is known. */
  readonly sending: { readonly number: number; readonly visits: readonly string[] } | null;
}

export interface Queue {
  readonly record: SentRecord;
  /** Of this record. */
  readonly visits: readonly Visit[];
}

/** What came of sending a batch. */
export type Answer =
  /** Flags of each of its visits, in their order. */
  | { readonly kind: 'taken'; readonly flags: readonly (readonly string[])[]; readonly line: string }
  /** `item` is its place in the batch; null: all of it. */
  | { readonly kind: 'refused'; readonly item: number | null; readonly refusal: Refusal }
  /** The node has this number already: what it has of the record. */
  | { readonly kind: 'known'; readonly taken: TakenVisits };

export interface TakenVisits {
  readonly sequence: number;
  readonly visits: readonly TakenVisit[];
}

export interface TakenVisit {
  readonly device: string;
  /** Unix seconds. */
  readonly time: number;
  readonly photo: string;
  readonly flags: readonly string[];
}

const MAX_BATCH = 20;

/** Chooses what goes next, or repeats what may have gone; the same queue where nothing is to be sent. */
export function beginSending({ record, visits }: Queue): Queue {
  if (record.sending) return { record, visits };
  const waiting = visits
    .filter(({ state }) => state.at === 'waiting')
    .sort(byTime)
    .slice(0, MAX_BATCH);
  if (waiting.length === 0) return { record, visits };
  const sending = { number: record.sequence + 1, visits: waiting.map(({ id }) => id) };
  return { record: { ...record, sending }, visits };
}

/** In the order in which they happened: speeds (R5) are between neighbours. */
const byTime = (a: Visit, b: Visit): number =>
  secondsOfInstant(a.item.time) - secondsOfInstant(b.item.time) || (a.id < b.id ? -1 : 1);

/** Visits of the batch under way, in its order. */
export const batchOf = ({ record, visits }: Queue): readonly Visit[] =>
  (record.sending?.visits ?? []).flatMap((id) => visits.find((visit) => visit.id === id) ?? []);

/** The queue after an answer. A number that was refused is free again; one that was taken never is. */
export function settle(queue: Queue, answer: Answer): Queue {
  const { record, visits } = queue;
  const { sending } = record;
  if (!sending) return queue;
  const done: SentRecord = { ...record, sending: null };
  if (answer.kind === 'known') return known({ record: done, visits }, answer.taken);
  const batch = sending.visits;
  if (answer.kind === 'refused') {
    const { item, refusal } = answer;
    const refused = item === null ? batch : batch.slice(item, item + 1);
    return { record: done, visits: withState(visits, refused, () => ({ at: 'refused', refusal })) };
  }
  const { flags, line } = answer;
  const taken = withState(visits, batch, (i) => ({ at: 'taken', flags: flags[i] ?? [], line }));
  return { record: { ...done, sequence: sending.number }, visits: taken };
}

function withState(
  visits: readonly Visit[],
  ids: readonly string[],
  stateOf: (place: number) => VisitState,
): readonly Visit[] {
  return visits.map((visit) => {
    const place = ids.indexOf(visit.id);
    return place === -1 ? visit : { ...visit, state: stateOf(place) };
  });
}

/** What the node has is taken, whatever this phone thought of it; everything else still waits. */
function known({ record, visits }: Queue, { sequence, visits: taken }: TakenVisits): Queue {
  const left = [...taken];
  const found = visits.map((visit): Visit => {
    const place = left.findIndex((one) => isSame(visit, one));
    const [one] = place === -1 ? [] : left.splice(place, 1);
    if (!one || visit.state.at === 'taken') return visit;
    return { ...visit, state: { at: 'taken', flags: one.flags, line: null } };
  });
  return { record: { ...record, sequence }, visits: found };
}

const isSame = ({ item }: Visit, one: TakenVisit): boolean =>
  item.device === one.device && item.photo === one.photo && secondsOfInstant(item.time) === one.time;

/** Puts a visit back into the queue, with another form where it was filled again. */
export const again = (visit: Visit, form = visit.item.form): Visit =>
  visit.state.at === 'refused'
    ? { ...visit, item: { ...visit.item, form }, state: { at: 'waiting' } }
    : visit;

/** Coordinates as records take them. */
export const placeText = (latitude: number, longitude: number): PlaceText => ({
  latitude: latitude.toFixed(6),
  longitude: longitude.toFixed(6),
});
