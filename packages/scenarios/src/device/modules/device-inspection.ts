import { multikeyFromText } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { AssetState } from '../../kinds/asset.ts';
import type { DocumentState } from '../../kinds/document.ts';
import { versionAt } from '../../kinds/document-queries.ts';
import { type Batch, type Flagged, type RecordState, record } from '../../kinds/record.ts';
import { instantOf } from '../../module/instant.ts';
import type { CommandRequest, Context, JsonObject } from '../../module/module.ts';
import {
  DID,
  INSTANT,
  integer,
  list,
  OBJECT_ID,
  prose,
  SECONDS,
  SHA256,
  said,
  shape,
  text,
} from '../../module/shapes.ts';
import { FIELD_WORK, PROVINCE_UNIT } from '../credentials.ts';
import { fieldPack } from '../inspection/field-pack.ts';
import { flaggedVisits } from '../inspection/flagged-visits.ts';
import { flagsOf, type Scan } from '../inspection/flags.ts';
import { type VisitSums, visitsOf } from '../inspection/flags-across.ts';
import { assertForm } from '../inspection/form.ts';
import { isTagOf } from '../inspection/tag.ts';
import { type Place, placeOf } from '../place/distance.ts';
import { PLACE, type PlaceText } from '../place/place.schema.ts';
import type { DeviceFacts } from './device-item.ts';
import type { TemplateBody } from './device-template.ts';

export interface InspectionHead extends JsonObject {
  readonly province: string;
  /** Object of the template; the version in force at the time of each visit counts. */
  readonly template: string;
  readonly shift: { readonly from: string; readonly until: string };
  /** Counts batches of this record, from 1: one that comes twice is taken once, and who sends may always send again. */
  readonly number?: number;
}

export interface Visit extends JsonObject {
  readonly device: string;
  readonly tag: string;
  readonly place: PlaceText & JsonObject;
  readonly time: string;
  readonly form: JsonObject;
  /** SHA-256 of files that stay with the province. */
  readonly photo: string;
  readonly track: string;
  readonly note: string;
}

/** Visits of one record that later ones are compared with, of whatever record. A record is of one worker and one period. */
const KEPT = 2000;
/** Phones are offline for days, and their clocks are off by minutes. */
const MAX_AGE_SECONDS = 14 * 86_400;
const CLOCK_SKEW_SECONDS = 300;

/** Visits of a field worker: what was scanned, where, when, and what does not fit together [EQ-3]. */
export const deviceInspection = record<InspectionHead, Visit>({
  name: 'device.inspection',
  version: '1',
  summary: {
    'zh-CN': '人工巡检：扫标签、定位、填表、拍照',
    en: 'Inspections by hand: tag, place, form, photo',
  },
  credentials: { ...PROVINCE_UNIT, ...FIELD_WORK },
  delegates: { submit: ['Inspector'] },
  head: shape(
    {
      province: said(text(16), { 'zh-CN': '省份', en: 'Province' }),
      template: said(OBJECT_ID, { 'zh-CN': '模板', en: 'Template' }),
      shift: said(shape({ from: INSTANT, until: INSTANT }), { 'zh-CN': '班次', en: 'Shift' }),
      number: said(integer(1, 1_000_000), {
        'zh-CN': '批次序号，从 1 起',
        en: 'Number of the batch, from 1',
      }),
    },
    ['number'],
  ),
  sequence: ({ number }) => number,
  item: shape({
    device: said(OBJECT_ID, { 'zh-CN': '设备', en: 'Device' }),
    tag: said(text(512), { 'zh-CN': '标签内容', en: 'What the tag said' }),
    place: PLACE,
    time: INSTANT,
    form: {
      type: 'object',
      maxProperties: 40,
      additionalProperties: { type: ['string', 'boolean'], maxLength: 500 },
    },
    photo: SHA256,
    track: SHA256,
    note: { ...prose(2000), minLength: 0 },
  }),
  // Who answers for the devices hears of every visit to them.
  told: ({ items, context }) => items.flatMap(({ device }) => groupOf(context, device)),
  batch: 500,
  queries: { fieldPack, flagged: flaggedVisits },
  indexes: {
    photo: (state) => [...new Set(visitsOf(state).photos)],
    worker: (state) => [...new Set(visitsOf(state).scans.map(({ worker }) => worker))],
  },
  flags: {
    R1: { 'zh-CN': '标签属于另一设备', en: 'The tag is of another device' },
    R2: { 'zh-CN': '距登记位置超过 150 米', en: 'More than 150 m from where the device is registered' },
    R3: { 'zh-CN': '不在班次内', en: 'Outside of the shift' },
    R4: { 'zh-CN': '照片曾经用过', en: 'A photo that was used before' },
    R5: { 'zh-CN': '两次扫描间速度超过 120 公里/小时', en: 'Faster than 120 km/h since the last scan' },
    R7: { 'zh-CN': '设备有未修复的紧急故障', en: 'The device had a critical fault that was not mended' },
  },
  reads: {
    submit: ({ data }: { data: Submission }) => [
      { module: 'device.template', id: data.head.template },
      ...[...new Set(data.items.map(({ device }) => device))].map((id) => ({ module: 'device.item', id })),
    ],
  },
  may: {
    submit: ({ data, context }: { data: Submission; context: Context }) =>
      ['Inspector', 'ProvinceUnit'].some(
        (type) => context.holds(type, { province: data.head.province }) !== undefined,
      ),
  },
  checks: {
    submit: ({ state, data: { head, items } }: CommandRequest<RecordState, Submission>) => {
      if (items.length === 0) throw fail('invalid_argument', { field: '/items' });
      // The kind goes on from whatever is first.
      if (!state && head.number !== undefined && head.number !== 1)
        throw fail('conflict', { field: '/head', extra: { missing: 1 } });
    },
  },
  rules: visitRules,
  sums: {
    schema: shape({
      photos: list(SHA256, KEPT),
      scans: list(shape({ place: PLACE, worker: DID }), KEPT),
      visits: list(shape({ device: OBJECT_ID, time: SECONDS, flags: list(text(8), 8) }), KEPT),
    }),
    batch: summaryAfter,
  },
});

interface Submission {
  readonly head: InspectionHead;
  readonly items: readonly Visit[];
}

const summaryOf = ({ state }: Batch<InspectionHead, Visit>): VisitSums =>
  visitsOf(state ?? { summary: null });

/** The last visit of the record so far. */
function lastScan({ scans, visits }: VisitSums): Scan | undefined {
  const [scan, visit] = [scans.at(-1), visits.at(-1)];
  return scan && visit && { place: placeOf(scan.place, '/summary'), time: visit.time };
}

function visitRules(batch: Batch<InspectionHead, Visit>) {
  const { head, context } = batch;
  const template = templateOf(batch);
  const shift = {
    from: instantOf(head.shift.from, '/head/shift/from'),
    until: instantOf(head.shift.until, '/head/shift/until'),
  };
  const summary = summaryOf(batch);
  const photos = new Set(summary.photos);
  let before = lastScan(summary);
  return (visit: Visit, index: number): readonly string[] => {
    const at = `/items/${index}`;
    const time = timeOf(visit, context, `${at}/time`);
    const body = versionAt(template, time)?.body;
    if (!body) throw fail('not_found', { field: '/head/template' });
    assertForm(visit.form, body.form, `${at}/form`);
    const device = deviceOf(visit, head, context, at);
    const place = placeOf(visit.place, `${at}/place`);
    const flags = flagsOf({
      ...{ place, time, shift, before },
      tagMatches: device.tagKey !== null && matches(visit, device.tagKey),
      site: device.place ? siteOf(device.place) : undefined,
      photo: visit.photo,
      isPhotoKnown: (digest) => photos.has(digest),
    });
    photos.add(visit.photo);
    before = { place, time };
    return flags;
  };
}

const siteOf = (place: PlaceText): Place => placeOf(place, '/place');

const matches = ({ tag, device }: Visit, tagKey: string): boolean =>
  isTagOf(tag, { id: device, key: multikeyFromText(tagKey) });

/** @throws AppError not_found; conflict for a template of another province */
function templateOf({ head, context }: Batch<InspectionHead, Visit>): DocumentState<TemplateBody> {
  const read = context.read('device.template', head.template) as DocumentState<TemplateBody> | undefined;
  const body = read?.versions.at(-1)?.body;
  if (!read || !body) throw fail('not_found', { field: '/head/template' });
  if (body.province !== head.province) throw fail('conflict', { field: '/head/template' });
  return read;
}

/** @throws AppError not_found; permission_denied for what another province has */
function deviceOf(visit: Visit, head: InspectionHead, context: Context, at: string): DeviceFacts {
  const read = context.read('device.item', visit.device) as AssetState<DeviceFacts> | undefined;
  if (!read) throw fail('not_found', { field: `${at}/device` });
  if (read.facts.province !== head.province) throw fail('permission_denied', { field: `${at}/device` });
  return read.facts;
}

const groupOf = (context: Context, device: string): readonly string[] => {
  const read = context.read('device.item', device) as AssetState<DeviceFacts> | undefined;
  return read ? [read.facts.group] : [];
};

function timeOf({ time }: Visit, context: Context, field: string): number {
  const seconds = instantOf(time, field);
  const age = context.time - seconds;
  if (age > MAX_AGE_SECONDS || age < -CLOCK_SKEW_SECONDS) throw fail('out_of_range', { field });
  return seconds;
}

function summaryAfter(batch: Batch<InspectionHead, Visit>, flagged: readonly Flagged[]): JsonObject {
  const before = summaryOf(batch);
  const flagsOfItem = new Map(flagged.map(({ item, flags }) => [item, flags]));
  const visits = batch.items.map(({ device, time }, i) => ({
    device,
    time: instantOf(time, `/items/${i}/time`),
    flags: flagsOfItem.get(batch.first + i) ?? [],
  }));
  const worker = batch.context.actor;
  return {
    photos: [...before.photos, ...batch.items.map(({ photo }) => photo)].slice(-KEPT),
    scans: [...before.scans, ...batch.items.map(({ place }) => ({ place, worker }))].slice(-KEPT),
    visits: [...before.visits, ...visits].slice(-KEPT),
  };
}
