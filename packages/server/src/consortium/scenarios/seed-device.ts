import { GROUP_CHANNEL, PROVINCES, type Province } from './participants.ts';
import { byBody, credential, type Seeding } from './seeding.ts';

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

/** Types from the group; from each province a template, a base station with a board, and one in store. */
export async function seedDevice(seeding: Seeding): Promise<void> {
  const { once, did } = seeding;
  const group = did('zhonglian');
  const claims = { name: 'Zhonglian Mobile' };
  await once(
    'device/group',
    credential('zhonglian', GROUP_CHANNEL, { type: 'GroupUnit', subject: group, claims }),
  );
  for (const body of TYPES) {
    await once(`device/type/${body.code}`, {
      ...{ at: 'zhonglian', channel: GROUP_CHANNEL, module: 'device.type@1', command: 'publish' },
      data: { body },
      ...byBody(({ code }) => code === body.code),
    });
  }
  for (const province of PROVINCES) await seedProvince(seeding, province);
}

async function seedProvince(seeding: Seeding, { unit, code, channel }: Province): Promise<void> {
  const { once, did } = seeding;
  const claims = { province: code, group: did('zhonglian') };
  await once(
    `device/${unit}`,
    credential('zhonglian', channel, { type: 'ProvinceUnit', subject: did(unit), claims }),
  );
  if (unit === 'guangdong') {
    const inspector = { type: 'Inspector', subject: did('inspector'), keeper: did(unit) };
    await once('device/inspector', credential(unit, channel, { ...inspector, claims: { province: code } }));
  }
  const template = { province: code, type: 'BS', form: FORM, intervalDays: 30, thresholds: THRESHOLDS };
  await once(`device/${unit}/template`, {
    ...{ at: unit, channel, module: 'device.template@1', command: 'publish', data: { body: template } },
    ...byBody(({ province, type }) => province === code && type === 'BS'),
  });
  await seedItems(seeding, { unit, code, channel });
}

async function seedItems({ once, did }: Seeding, { unit, code, channel }: Province): Promise<void> {
  const item = { at: unit, channel, module: 'device.item@1' };
  const register = (serial: string, type: string, level: string): Promise<string> =>
    once(`device/${unit}/${serial}`, {
      ...{ ...item, command: 'register' },
      data: {
        facts: {
          ...{ vendor: VENDOR, serial, type, batch: 'B1', model: `${VENDOR}-${type}`, level },
          ...{ province: code, ...PLACES[code as keyof typeof PLACES] },
          ...{ group: did('zhonglian'), tagKey: null, did: null },
        },
      },
      query: { name: 'bySerial', args: { vendor: VENDOR, serial } },
      find: (found) => (found as { readonly id: string } | null)?.id,
    });
  const station = await register(`${code}-0001`, 'BS', 'device');
  for (const to of ['received', 'mounted', 'inService']) {
    const step = `device/${unit}/${code}-0001/${to}`;
    await once(step, { ...item, command: 'transition', id: station, data: { to } });
  }
  const board = await register(`${code}-B001`, 'BBU', 'board');
  const data = { parent: station, slot: 'board-1' };
  await once(`device/${unit}/${code}-B001/attach`, { ...item, command: 'attach', id: board, data });
  await register(`${code}-0002`, 'BS', 'device');
}
