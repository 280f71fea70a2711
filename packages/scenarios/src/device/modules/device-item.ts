import { isMultikey, multikeyFromText } from '@attestel/core';
import { fail } from '../../errors.ts';
import { type AssetState, asset } from '../../kinds/asset.ts';
import type { Grant, JsonObject, Query, Reader, Recorded } from '../../module/module.ts';
import { DID, list, nullable, oneOf, said, shape, text } from '../../module/shapes.ts';
import { DEVICE_IDENTITY, GROUP_UNIT, PROVINCE_UNIT } from '../credentials.ts';
import { SERIAL, VENDOR } from '../formats/names.ts';
import { placeOf } from '../place/distance.ts';
import { PLACE, type PlaceText } from '../place/place.schema.ts';
import { takeStock } from '../stocktake/stocktake.ts';
import { metricsQuery } from '../supervision/metrics-query.ts';
import { LEVELS, type Level } from './device-type.ts';

export interface DeviceFacts extends JsonObject {
  readonly vendor: string;
  readonly serial: string;
  readonly type: string;
  readonly batch: string;
  readonly model: string;
  readonly level: Level;
  readonly province: string;
  readonly city: string;
  readonly site: string;
  readonly place: (PlaceText & JsonObject) | null;
  /** Told of everything, by the credential of the province. */
  readonly group: string;
  /** Of the tag on the device; null: it has none yet. */
  readonly tagKey: string | null;
  /** Of the device itself, where it has a key. */
  readonly did: string | null;
}

type Device = AssetState<DeviceFacts>;

const HEIGHT: Readonly<Record<Level, number>> = { device: 3, board: 2, optic: 1 };

/** Every status a device can have in service, so that boards count what is there. */
export const IN_SERVICE = 'inService';

/** One device, board or optic: lifecycle, custody, where it was [EQ-1, EQ-7]. */
export const deviceItem = asset<DeviceFacts>({
  name: 'device.item',
  version: '1',
  summary: {
    'zh-CN': '设备、板卡、光模块：一物一链上身份',
    en: 'Devices, boards, optics: where each is and was',
  },
  credentials: { ...GROUP_UNIT, ...PROVINCE_UNIT, ...DEVICE_IDENTITY },
  gives: [
    {
      ...{ type: 'DeviceIdentity', on: 'registered', to: identityOf },
      revokedOn: ['transferred', 'ended'],
    },
    // Whoever could move the asset when a credential was given can end it: so the receiver, too, from now on.
    { type: 'DeviceIdentity', on: 'transferred', to: identityOf },
  ],
  facts: shape({
    vendor: said(VENDOR, { 'zh-CN': '厂商', en: 'Vendor' }),
    serial: said(SERIAL, { 'zh-CN': '序列号，厂商内唯一', en: 'Serial number, unique for the vendor' }),
    type: said(text(32), { 'zh-CN': '类型代码', en: 'Code of its type' }),
    batch: said(text(32), { 'zh-CN': '批次', en: 'Batch' }),
    model: said(text(64), { 'zh-CN': '型号', en: 'Model' }),
    level: said(oneOf(...LEVELS), { 'zh-CN': '层级', en: 'Level' }),
    province: said(text(16), { 'zh-CN': '省份', en: 'Province' }),
    city: said(text(32), { 'zh-CN': '城市', en: 'City' }),
    site: said(text(64), { 'zh-CN': '站点', en: 'Site' }),
    place: nullable(PLACE),
    group: said(DID, { 'zh-CN': '集团', en: 'The group' }),
    tagKey: said(nullable({ type: 'string', pattern: '^z[1-9A-HJ-NP-Za-km-z]{40,60}$' }), {
      'zh-CN': '标签公钥（multikey）',
      en: 'Public key of its tag (multikey)',
    }),
    did: nullable(DID),
  }),
  initial: 'procured',
  table: {
    procured: ['received', 'retired'],
    received: ['mounted', 'retired'],
    mounted: [IN_SERVICE, 'dismounted'],
    [IN_SERVICE]: ['repair', 'dismounted'],
    repair: [IN_SERVICE, 'dismounted'],
    dismounted: ['received', 'mounted', 'retired'],
    retired: [],
  },
  unique: ({ vendor, serial }) => [`${vendor}|${serial}`],
  told: ({ group }) => [group],
  containment: {
    level: ({ level }) => HEIGHT[level],
    fits: ({ child, parent }) => child.province === parent.province,
  },
  may: {
    register: ({ data, context }: { data: { facts: DeviceFacts }; context: Reader }) =>
      context.holds('ProvinceUnit', { province: data.facts.province, group: data.facts.group }) !== undefined,
  },
  check: ({ facts, state }) => {
    if (facts.place) placeOf(facts.place, '/facts/place');
    if (facts.tagKey !== null && !isKey(facts.tagKey))
      throw fail('invalid_argument', { field: '/facts/tagKey' });
    if (state && (state.facts.province !== facts.province || state.facts.group !== facts.group)) {
      throw fail('conflict', { field: '/facts/province' });
    }
    // Its credential names it; another DID is another device.
    if (state && state.facts.did !== null && state.facts.did !== facts.did)
      throw fail('conflict', { field: '/facts/did' });
  },
  indexes: { serial: ({ facts }) => facts.serial, site: ({ facts }) => facts.site },
  queries: {
    bySerial: bySerial(),
    serials: serials(),
    atSite: atSite(),
    stocktake: stocktake(),
    metrics: metricsQuery(IN_SERVICE),
  },
});

function identityOf({ facts }: Device, { object }: Recorded): readonly Grant[] {
  const { did, vendor, serial, province } = facts;
  if (did === null) return [];
  return [{ subject: did, claims: { device: object, vendor, serial, province }, until: null }];
}

function isKey(tagKey: string): boolean {
  try {
    return isMultikey(multikeyFromText(tagKey));
  } catch {
    return false;
  }
}

function bySerial(): Query<Device, { readonly vendor: string; readonly serial: string }> {
  return {
    summary: {
      'zh-CN': '按序列号查一物的去处：上级、槽位、起止、原因',
      en: 'One thing by its serial number: where it was, in what slot, from when to when, why',
    },
    schema: shape({ vendor: text(64), serial: text(64) }),
    by: ['serial'],
    run: ({ rows, args }) => {
      const found = [...rows].find(({ state }) => state.facts.vendor === args.vendor);
      return found
        ? { id: found.id, status: found.state.status, stays: found.state.stays, steps: found.state.steps }
        : null;
    },
  };
}

/** What a group compares over the channels of its provinces: each of them has its own numbers once. */
function serials(): Query<Device, JsonObject> {
  return {
    summary: {
      'zh-CN': '在册实物的厂商与序列号，供集团跨省查重',
      en: 'Vendors and serial numbers of what is not retired, for a group to compare over provinces',
    },
    schema: shape({}),
    paged: true,
    run: ({ rows }) =>
      [...rows]
        .filter(({ state: { status } }) => status !== 'retired' && status !== 'unknown')
        .map(({ id, state: { facts } }) => ({ id, vendor: facts.vendor, serial: facts.serial })),
  };
}

function atSite(): Query<Device, { readonly site: string }> {
  return {
    summary: { 'zh-CN': '某站点的设备', en: 'What is at a site' },
    schema: shape({ site: text(64) }),
    by: ['site'],
    paged: true,
    run: ({ rows }) =>
      [...rows]
        .filter(({ state }) => state.status !== 'retired')
        .map(({ id, state }) => {
          const { vendor, serial, type, level } = state.facts;
          return { id, status: state.status, vendor, serial, type, level };
        }),
  };
}

function stocktake(): Query<Device, { readonly site: string; readonly seen: readonly string[] }> {
  return {
    summary: {
      'zh-CN': '盘点一轮扫描：相符、缺失、错位、未知',
      en: 'A round of scans: correct, missing, moved, unknown',
    },
    schema: shape({ site: text(64), seen: list(text(512), 10_000) }),
    run: ({ rows, args }) => {
      const register = [...rows]
        .filter(({ state }) => state.status !== 'retired')
        .map(({ id, state }) => ({ id, site: state.facts.site }));
      return takeStock(register, args) as never;
    },
  };
}
