import { sha256, toHex, utf8 } from '@attestel/core';
import { sentOf } from '../field/answer-of.ts';
import { type HandedIn, handIn } from '../field/hand-in.ts';
import type { SentRecord, TakenVisits, Visit } from '../field/queue.ts';
import { instantText, secondsOfInstant, shiftOf } from '../field/shift.ts';
import type { Pack, VisitItem } from '../field/types.ts';
import type { PhoneDatabase } from './database.ts';
import { randomId } from './draft.ts';
import type { Identity } from './identity.ts';
import { type Caller, callNode } from './node-calls.ts';

/** `/inspect/config.json`. */
export interface PageConfig {
  readonly audience: string;
  readonly member: { readonly 'zh-CN': string; readonly en: string };
  readonly channel: string;
  readonly module: string;
}

/** The pack as it was fetched. */
export interface KeptPack {
  readonly pack: Pack;
  /** Unix seconds. */
  readonly fetched: number;
}

const PACK = 'pack';

/** @throws TypeError where there is none, also not from before */
export async function loadPageConfig(): Promise<PageConfig> {
  const answer = await callNode('/inspect/config.json');
  const { audience, channel, module, member } = (answer?.body ?? {}) as Partial<PageConfig>;
  if (typeof audience !== 'string' || typeof channel !== 'string' || typeof module !== 'string' || !member)
    throw new TypeError('config.json: not served');
  return { audience, channel, module, member };
}

export const callerOf = ({ appointment, key }: Identity, { audience }: PageConfig): Caller => ({
  ...{ did: appointment.did, key, audience },
});

export const keptPack = (db: PhoneDatabase): Promise<KeptPack | undefined> => db.get(PACK);

/** Fetches forms, devices and keys of tags, and keeps them. @returns the problem's code where there is one */
export async function fetchPack(db: PhoneDatabase, caller: Caller): Promise<KeptPack | { problem: string }> {
  const answer = await callNode('/v1/inspection/pack', { caller });
  if (!answer) return { problem: 'offline' };
  const { pack, code } = (answer.body ?? {}) as { pack?: Pack; code?: string };
  if (answer.status !== 200 || !pack) return { problem: code ?? `http_${answer.status}` };
  const kept = { pack, fetched: Math.floor(Date.now() / 1000) };
  await db.put(PACK, kept);
  return kept;
}

export interface NewVisit {
  readonly id: string;
  readonly item: Omit<VisitItem, 'photo' | 'track'>;
  /** Object of the template whose form was filled in. */
  readonly template: string;
  /** Told beside the member. */
  readonly to: readonly string[];
  readonly photo: Blob;
}

/** Puts a visit into the queue: digests of its files, the record of its shift, all in one step. */
export async function queueVisit(
  db: PhoneDatabase,
  { appointment }: Identity,
  visit: NewVisit,
): Promise<void> {
  const { id, item, template, to, photo } = visit;
  const time = secondsOfInstant(item.time);
  const own = [time, item.place.latitude, item.place.longitude] as const;
  const track = JSON.stringify([...(await db.track()), own]);
  const digests = { photo: toHex(await digestOf(photo)), track: toHex(sha256(utf8(track))) };
  const shift = shiftOf(time, appointment.shift, -new Date(time * 1000).getTimezoneOffset());
  const head = {
    ...{ province: appointment.province, template },
    shift: { from: instantText(shift.from), until: instantText(shift.until) },
  };
  const record = recordFor(await db.records(), head) ?? newRecord(head, to);
  const queued: Visit = { id, record: record.id, item: { ...item, ...digests }, state: { at: 'waiting' } };
  await db.queueVisit(queued, { id, photo, track }, record);
}

const digestOf = async (file: Blob): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));

type Head = Pick<SentRecord, 'province' | 'template' | 'shift'>;

const recordFor = (records: readonly SentRecord[], head: Head): SentRecord | undefined =>
  records.find(
    ({ province, template, shift }) =>
      province === head.province &&
      template === head.template &&
      shift.from === head.shift.from &&
      shift.until === head.shift.until,
  );

const newRecord = (head: Head, to: readonly string[]): SentRecord => ({
  ...{ id: randomId(), ...head, to, sequence: 0, sending: null },
});

/** Hands in what waits. One page of this phone at a time does it; another that tries does nothing. */
export function handInAll(db: PhoneDatabase, caller: Caller, config: PageConfig): Promise<HandedIn> {
  const { module, channel } = config;
  const path = `/v1/contracts/${encodeURIComponent(module)}/${encodeURIComponent(channel)}/submit`;
  const work = () =>
    handIn({
      async open() {
        const waiting = (await db.visits()).filter(({ state }) => state.at === 'waiting');
        const ids = new Set(waiting.map(({ record }) => record));
        return (await db.records()).filter(({ id, sending }) => sending || ids.has(id)).map(({ id }) => id);
      },
      load: db.loadQueue,
      save: db.saveQueue,
      async send({ record }, batch) {
        const answer = await callNode(`${path}?id=${record.id}`, { caller, body: bodyOf(record, batch) });
        return answer ? sentOf(answer, batch) : { kind: 'unanswered', code: 'offline' };
      },
      async read(record) {
        const answer = await callNode(`/v1/inspection/records/${record}`, { caller });
        return answer?.status === 200 ? (answer.body as TakenVisits) : undefined;
      },
    });
  return navigator.locks.request('attestel-inspection', { ifAvailable: true }, (lock) =>
    lock ? work() : { stopped: null },
  );
}

const bodyOf = ({ province, template, shift, to, sending }: SentRecord, batch: readonly Visit[]) => ({
  head: { province, template, shift, number: sending?.number },
  items: batch.map(({ item }) => item),
  ...(to.length > 0 ? { to } : {}),
});
