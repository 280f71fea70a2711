import { settled, written } from '../../storage/indexed-db.ts';
import type { Queue, SentRecord, Visit } from '../field/queue.ts';

/** A photo and the way to the visit stay on the phone: the record has their digests. */
export interface VisitFiles {
  /** Of the visit. */
  readonly id: string;
  readonly photo: Blob;
  /** JSON: `[[unix seconds, latitude, longitude], …]`. */
  readonly track: string;
}

/** A point of the way since the last visit. */
export type TrackPoint = readonly [time: number, latitude: string, longitude: string];

export interface PhoneDatabase {
  /** One thing by its name: identity, pack, the visit that is being filled in. */
  get<T>(name: string): Promise<T | undefined>;
  put(name: string, value: unknown): Promise<void>;
  remove(name: string): Promise<void>;
  visits(): Promise<readonly Visit[]>;
  files(id: string): Promise<VisitFiles | undefined>;
  records(): Promise<readonly SentRecord[]>;
  putVisit(visit: Visit): Promise<void>;
  /** A visit with its files and record; the draft and the track that it ends are gone in the same step. */
  queueVisit(visit: Visit, files: VisitFiles, record: SentRecord): Promise<void>;
  loadQueue(record: string): Promise<Queue>;
  saveQueue(queue: Queue, before: Queue): Promise<void>;
  track(): Promise<readonly TrackPoint[]>;
  addPoint(point: TrackPoint): Promise<void>;
}

/** Name under which the visit that is being filled in is kept. */
export const DRAFT = 'draft';
const NAME = 'attestel-inspection';
const VERSION = 1;
const [THINGS, VISITS, FILES, RECORDS, TRACK] = ['things', 'visits', 'files', 'records', 'track'] as const;

/** All that the page keeps. @throws what IndexedDB throws where it is forbidden or full */
export async function openPhoneDatabase(name = NAME): Promise<PhoneDatabase> {
  const db = await open(name);
  const all = <T>(store: string): Promise<T[]> =>
    settled<T[]>(db.transaction(store, 'readonly').objectStore(store).getAll());
  const one = <T>(store: string, key: string): Promise<T | undefined> =>
    settled<T | undefined>(db.transaction(store, 'readonly').objectStore(store).get(key));
  const put = (store: string, ...values: readonly unknown[]) =>
    written(db, [store], (tx) => {
      for (const value of values) tx.objectStore(store).put(value);
    });
  return {
    get: (key) => one(THINGS, key),
    put: (key, value) => written(db, [THINGS], (tx) => void tx.objectStore(THINGS).put(value, key)),
    remove: (key) => written(db, [THINGS], (tx) => void tx.objectStore(THINGS).delete(key)),
    visits: () => all(VISITS),
    files: (id) => one(FILES, id),
    records: () => all(RECORDS),
    putVisit: (visit) => put(VISITS, visit),
    queueVisit: (visit, files, record) =>
      written(db, [VISITS, FILES, RECORDS, THINGS, TRACK], (tx) => {
        // Of what is there already, more may be known: a batch under way, a visit that was kept twice and is recorded.
        for (const [store, value] of [
          [VISITS, visit],
          [FILES, files],
          [RECORDS, record],
        ] as const)
          putNew(tx.objectStore(store), value);
        tx.objectStore(THINGS).delete(DRAFT);
        tx.objectStore(TRACK).clear();
      }),
    loadQueue: (record) => loadQueue(db, record),
    saveQueue: (queue, before) => saveQueue(db, queue, before),
    track: () => all(TRACK),
    addPoint: (point) => put(TRACK, point),
  };
}

function putNew(store: IDBObjectStore, value: { readonly id: string }): void {
  const there = store.getKey(value.id);
  there.onsuccess = () => {
    if (there.result === undefined) store.put(value);
  };
}

function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, VERSION);
  request.onupgradeneeded = () => {
    const { result } = request;
    result.createObjectStore(THINGS);
    for (const store of [VISITS, FILES, RECORDS]) result.createObjectStore(store, { keyPath: 'id' });
    result.createObjectStore(TRACK, { autoIncrement: true });
  };
  return settled(request);
}

async function loadQueue(db: IDBDatabase, id: string): Promise<Queue> {
  const tx = db.transaction([RECORDS, VISITS], 'readonly');
  const [record, visits] = await Promise.all([
    settled<SentRecord | undefined>(tx.objectStore(RECORDS).get(id)),
    settled<Visit[]>(tx.objectStore(VISITS).getAll()),
  ]);
  if (!record) throw new TypeError('inspection: no such record');
  return { record, visits: visits.filter((visit) => visit.record === id) };
}

/** What a queue has come to, in one step. What changed meanwhile elsewhere on the page stays. */
const saveQueue = (db: IDBDatabase, queue: Queue, before: Queue): Promise<void> =>
  written(db, [RECORDS, VISITS], (tx) => {
    tx.objectStore(RECORDS).put(queue.record);
    const same = new Set(before.visits);
    for (const visit of queue.visits) if (!same.has(visit)) tx.objectStore(VISITS).put(visit);
  });
