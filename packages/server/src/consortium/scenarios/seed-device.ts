import type { Clock, JsonObject } from '@attestel/core';
import { GROUP_CHANNEL, PROVINCES, type Province } from './participants.ts';
import { seedCustody } from './seed-custody.ts';
import { seedUpkeep } from './seed-upkeep.ts';
import { credential, type Seeding } from './seeding.ts';

const TYPES = [
  {
    ...{ code: 'BS', name: { 'zh-CN': '宏基站', en: 'Macro base station' }, category: 'base-station' },
    ...{ level: 'device', slots: [{ prefix: 'board', level: 'board', count: 8 }] },
  },
  {
    ...{ code: 'BBU', name: { 'zh-CN': '基带板', en: 'Baseband board' }, category: 'base-station' },
    ...{ level: 'board', slots: [{ prefix: 'optic', level: 'optic', count: 4 }] },
  },
] as const;

const FORM = [
  { name: 'clean', label: { 'zh-CN': '清洁', en: 'Clean' }, kind: 'yes-no', required: true, options: [] },
  {
    ...{ name: 'lamp', label: { 'zh-CN': '指示灯', en: 'Lamp' }, kind: 'choice', required: true },
    options: ['green', 'amber', 'red'],
  },
  {
    ...{ name: 'humidity', label: { 'zh-CN': '湿度（%）', en: 'Humidity (%)' }, kind: 'number' },
    ...{ required: false, options: [] },
  },
];
const THRESHOLDS = [
  { metric: 'temperature', unit: 'Cel', least: '-10', most: '45' },
  { metric: 'voltage', unit: 'V', least: '46', most: '56' },
];

const PLACES = {
  GD: { city: 'GD-A', site: 'GD-001', place: { latitude: '23.129000', longitude: '113.264000' } },
  JS: { city: 'JS-A', site: 'JS-001', place: { latitude: '32.060000', longitude: '118.797000' } },
} as const;
const VENDOR = 'CG';

/** What a province has to begin with, by its objects. */
export interface ProvinceStock {
  readonly template: string;
  /** A base station in service, with a board, and what was registered of it. */
  readonly station: string;
  readonly facts: JsonObject & { readonly serial: string; readonly place: JsonObject };
  /** One that was ordered. */
  readonly ordered: string;
}

/** The text of a device's tag, and whose inspectors scan it. */
export interface TaggedDevice {
  readonly unit: Province['unit'];
  readonly tag: string;
}

/**
 * Types from the group; from each province a template, a base station with a board, and one on its way from the vendor.
 * Then what becomes of them.
 */
export async function seedDevice(seeding: Seeding, clock: Clock): Promise<readonly TaggedDevice[]> {
  const { once, did } = seeding;
  const group = did('zhonglian');
  const claims = { name: 'Zhonglian Mobile' };
  await once(
    'device/group',
    credential(
      { at: 'zhonglian', to: 'zhonglian', channel: GROUP_CHANNEL },
      { type: 'GroupUnit', subject: group, claims },
    ),
  );
  for (const body of TYPES) {
    await once(`device/type/${body.code}`, {
      ...{ at: 'zhonglian', channel: GROUP_CHANNEL, module: 'device.type@1', command: 'publish' },
      data: { body },
    });
  }
  const tagged: TaggedDevice[] = [];
  for (const province of PROVINCES) {
    const stock = await seedProvince(seeding, province);
    await seedCustody(seeding, province, stock);
    const tag = await seedUpkeep(seeding, province, stock, clock);
    if (tag !== undefined) tagged.push({ unit: province.unit, tag });
  }
  return tagged;
}

async function seedProvince(seeding: Seeding, { unit, code, channel }: Province): Promise<ProvinceStock> {
  const { once, did } = seeding;
  const claims = { province: code, group: did('zhonglian') };
  await once(
    `device/${unit}`,
    credential({ at: 'zhonglian', to: unit, channel }, { type: 'ProvinceUnit', subject: did(unit), claims }),
  );
  if (unit === 'guangdong') {
    const inspector = { type: 'Inspector', subject: did('inspector'), keeper: did(unit) };
    const claims = { province: code };
    await once('device/inspector', credential({ at: unit, to: unit, channel }, { ...inspector, claims }));
  }
  const body = { province: code, type: 'BS', form: FORM, intervalDays: 30, thresholds: THRESHOLDS };
  const template = await once(`device/${unit}/template`, {
    ...{ at: unit, channel, module: 'device.template@1', command: 'publish', data: { body } },
  });
  return { template, ...(await seedItems(seeding, { unit, code, channel })) };
}

async function seedItems(
  { once, did }: Seeding,
  { unit, code, channel }: Province,
): Promise<Omit<ProvinceStock, 'template'>> {
  const item = { at: unit, channel, module: 'device.item@1' };
  const place = PLACES[code];
  const factsOf = (serial: string, type: string, level: string) => ({
    ...{ vendor: VENDOR, serial, type, batch: 'B1', model: `${VENDOR}-${type}`, level },
    ...{ province: code, ...place, group: did('zhonglian'), tagKey: null, did: null },
  });
  const register = (serial: string, type: string, level: string): Promise<string> => {
    const facts = factsOf(serial, type, level);
    return once(`device/${unit}/${serial}`, { ...item, command: 'register', data: { facts } });
  };
  const station = await register(`${code}-0001`, 'BS', 'device');
  for (const to of ['received', 'mounted', 'inService']) {
    const step = `device/${unit}/${code}-0001/${to}`;
    await once(step, { ...item, command: 'transition', id: station, data: { to } });
  }
  const board = await register(`${code}-B001`, 'BBU', 'board');
  const data = { parent: station, slot: 'board-1' };
  await once(`device/${unit}/${code}-B001/attach`, { ...item, command: 'attach', id: board, data });
  const ordered = await register(`${code}-0002`, 'BS', 'device');
  return { facts: factsOf(`${code}-0001`, 'BS', 'device'), station, ordered };
}
