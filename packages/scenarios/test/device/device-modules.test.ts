import { multikeyToText } from '@attestel/core';
import { createMemoryKeyStore, jwsSigner } from '@attestel/keystore';
import { beforeEach, describe, expect, it } from 'vitest';
import { DEVICE_MODULES } from '../../src/device/index.ts';
import { makeTag } from '../../src/device/inspection/tag.ts';
import type { DeviceFacts } from '../../src/device/modules/device-item.ts';
import type { AssetState } from '../../src/kinds/asset.ts';
import type { RecordState } from '../../src/kinds/record.ts';
import { instantOf, instantText } from '../../src/module/instant.ts';
import { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';

const GROUP = 'did:mno:group';
const GD = 'did:mno:gd';
const HN = 'did:mno:hn';
const WORKER = 'did:mno:worker';
const STRANGER = 'did:mno:stranger';
const NOW = instantOf('2026-10-20T08:00:00Z', '/');
const HOUR = 3600;
const photo = (i: number): string => i.toString(16).padStart(64, '0');
const SITE = { latitude: '23.129000', longitude: '113.264000' };

const keyStore = createMemoryKeyStore();
const { ref } = await keyStore.generate({ purpose: 'holder', algorithm: 'ES256' });
const tagSigner = await jwsSigner(keyStore, ref);
const tagKey = multikeyToText((await keyStore.signer(ref)).publicKey);

const FACTS: DeviceFacts = {
  ...{ vendor: 'V1', serial: 'S-1', type: 'T01', batch: 'B1', model: 'M1', level: 'device' },
  ...{ province: 'GD', city: 'GD-A', site: 'GD-001', place: SITE, group: GROUP, tagKey, did: null },
};
const TEMPLATE = {
  ...{ province: 'GD', type: 'T01', intervalDays: 30 },
  form: [
    { name: 'clean', label: { 'zh-CN': '清洁', en: 'Clean' }, kind: 'yes-no', required: true, options: [] },
    {
      name: 'lamp',
      label: { 'zh-CN': '指示灯', en: 'Lamp' },
      kind: 'choice',
      required: true,
      options: ['green', 'red'],
    },
  ],
  thresholds: [{ metric: 'temperature', unit: 'Cel', least: '-10', most: '45.5' }],
};
const FORM = { clean: true, lamp: 'green' };

describe('device registry and inspections', () => {
  let play: Play;
  let template: string;
  let device: string;
  let tag: string;

  const run = (module: string, command: string, as: string, data: object, id?: string) =>
    play.run({ module: `device.${module}`, command, as, data: data as never, ...(id ? { id } : {}) });
  const register = (facts: Partial<DeviceFacts> = {}, as = GD): string =>
    run('item', 'register', as, { facts: { ...FACTS, ...facts } }).id;
  const move = (id: string, ...statuses: readonly string[]) => {
    for (const to of statuses) run('item', 'transition', GD, { to }, id);
  };
  const visit = (change: object = {}) => ({
    ...{ device, tag, place: SITE, form: FORM, photo: photo(1), track: photo(9), note: '' },
    time: instantText(play.time),
    ...change,
  });
  const inspect = (
    items: readonly object[],
    { id, by = WORKER, number }: { id?: string; by?: string; number?: number } = {},
  ) => {
    const shift = { from: instantText(NOW - HOUR), until: instantText(NOW + 40 * 86_400) };
    const head = { province: 'GD', template, shift, ...(number ? { number } : {}) };
    const act = {
      module: 'device.inspection',
      command: 'submit',
      as: GD,
      by,
      data: { head, items } as never,
    };
    return play.run({ ...act, ...(id ? { id } : {}) }).id;
  };
  const flagsOf = (id: string): readonly string[] =>
    play.state<RecordState>('device.inspection', id).flagged.flatMap(({ flags }) => flags);

  beforeEach(async () => {
    play = new Play(DEVICE_MODULES, { time: NOW });
    play.hold({ subject: GROUP, type: 'GroupUnit', claims: { name: 'Group' } });
    play.hold({ subject: GD, type: 'ProvinceUnit', claims: { province: 'GD', group: GROUP } });
    play.hold({ subject: HN, type: 'ProvinceUnit', claims: { province: 'HN', group: GROUP } });
    play.hold({ subject: WORKER, type: 'Inspector', claims: { province: 'GD' }, until: NOW + 35 * 86_400 });
    template = run('template', 'publish', GD, { body: TEMPLATE }).id;
    device = register();
    tag = await makeTag(device, tagSigner);
    move(device, 'received', 'mounted', 'inService');
  });

  describe('registering [E2]', () => {
    it('refuses a vendor’s serial number that is there, in whatever province', () => {
      expect(refusalOf(() => register())).toBe('already_exists');
      expect(refusalOf(() => register({ province: 'HN' }, HN))).toBe('already_exists');
      expect(register({ vendor: 'V2' })).toMatch(/^[0-9a-f]{32}$/);
    });

    it('refuses one province in another’s name, and whoever is none', () => {
      expect(refusalOf(() => register({ serial: 'S-2', province: 'HN' }))).toBe('permission_denied');
      expect(refusalOf(() => register({ serial: 'S-2' }, STRANGER))).toBe('permission_denied');
      expect(refusalOf(() => register({ serial: 'S-2', group: STRANGER }))).toBe('permission_denied');
    });

    it('moves nothing that is retired, and nothing past the table', () => {
      expect(refusalOf(() => move(device, 'procured'))).toBe('conflict /to');
      move(device, 'dismounted', 'retired');
      expect(refusalOf(() => move(device, 'received'))).toBe('conflict');
    });

    it.each([
      [{ place: { latitude: '91.0', longitude: '0.0' } }, 'out_of_range /facts/place/latitude'],
      [{ tagKey: `z${'1'.repeat(47)}` }, 'invalid_argument /facts/tagKey'],
      [{ colour: 'red' }, 'invalid_argument /facts/colour'],
      // What looks like S-1 of V1 and is not.
      [{ serial: 'S-1 ' }, 'invalid_argument /facts/serial'],
      [{ serial: 'S-1\u200b' }, 'invalid_argument /facts/serial'],
      [{ serial: 'S  2' }, 'invalid_argument /facts/serial'],
      [{ vendor: ' V1' }, 'invalid_argument /facts/vendor'],
      [{ vendor: 'V\u3000one' }, 'invalid_argument /facts/vendor'],
      [{ vendor: 'V1\u2060' }, 'invalid_argument /facts/vendor'],
    ])('refuses %j', (facts, refusal) => {
      expect(refusalOf(() => register({ serial: 'S-2', ...facts } as never))).toBe(refusal);
    });

    it('lists the numbers of what is not retired, to whoever sees them', () => {
      const other = register({ vendor: '华为 技术', serial: 'S-2' });
      const listed = (as: string) => play.query('device.item', 'serials', { as });
      expect(listed(GROUP)).toEqual([
        { id: device, vendor: 'V1', serial: 'S-1' },
        { id: other, vendor: '华为 技术', serial: 'S-2' },
      ]);
      expect(listed(HN)).toEqual([]);
      run('item', 'retire', GD, {}, other);
      expect(listed(GD)).toMatchObject([{ id: device }]);
    });

    it('gives a device its identity while it lives, to whoever has it [EQ-7]', () => {
      const did = 'did:mno:router';
      const id = register({ serial: 'S-2', did });
      const identity = () => play.reader(did).holds('DeviceIdentity', { device: id, serial: 'S-2' });
      expect(identity()).toMatchObject({ vendor: 'V1', province: 'GD' });
      const other = { ...FACTS, serial: 'S-2', did: 'did:mno:other' };
      expect(refusalOf(() => run('item', 'update', GD, { facts: other }, id))).toBe('conflict /facts/did');
      run('item', 'transfer', GD, { to: HN }, id);
      run('item', 'receive', HN, {}, id);
      expect(identity()).toBeDefined();
      run('item', 'retire', HN, {}, id);
      expect(identity()).toBeUndefined();
    });

    it('hands a device over when its receiver confirms, and tells the group', () => {
      run('item', 'transfer', GD, { to: HN, reason: 'moved' }, device);
      expect(play.state<AssetState>('device.item', device)).toMatchObject({ custodian: GD, receiver: HN });
      run('item', 'receive', HN, {}, device);
      expect(play.state<AssetState>('device.item', device)).toMatchObject({
        custodian: HN,
        parties: [GROUP, HN],
      });
    });
  });

  it('keeps the way of an optic through three routers, and over the retirement of the first [E5]', () => {
    const optic = register({ serial: 'O-1', level: 'optic' });
    const routers = ['R-1', 'R-2', 'R-3'].map((serial) => register({ serial }));
    routers.forEach((parent, i) => {
      play.time += HOUR;
      run('item', 'attach', GD, { parent, slot: `optic-${i}`, reason: `to ${i}` }, optic);
      play.time += HOUR;
      if (i < 2) run('item', 'detach', GD, { reason: 'failed' }, optic);
    });
    run('item', 'retire', GD, {}, routers[0]);
    const args = { vendor: 'V1', serial: 'O-1' };
    const found = play.query<{ stays: readonly object[] }>('device.item', 'bySerial', { as: GD, args });
    expect(found.stays).toMatchObject([
      {
        parent: routers[0],
        slot: 'optic-0',
        from: NOW + HOUR,
        until: NOW + 2 * HOUR,
        reason: 'to 0',
        removal: 'failed',
      },
      { parent: routers[1], slot: 'optic-1', from: NOW + 3 * HOUR, until: NOW + 4 * HOUR, reason: 'to 1' },
      {
        parent: routers[2],
        slot: 'optic-2',
        from: NOW + 5 * HOUR,
        until: null,
        reason: 'to 2',
        removal: null,
      },
    ]);
  });

  it('puts nothing into what is below or beside it, nor two into one slot', () => {
    const board = register({ serial: 'B-1', level: 'board' });
    const optics = ['O-1', 'O-2'].map((serial) => register({ serial, level: 'optic' }));
    const attach = (id: string, parent: string) => run('item', 'attach', GD, { parent, slot: 's' }, id);
    expect(refusalOf(() => attach(device, board))).toBe('out_of_range /slot');
    expect(refusalOf(() => attach(optics[0] as string, optics[1] as string))).toBe('out_of_range /slot');
    attach(optics[0] as string, board);
    expect(refusalOf(() => attach(optics[1] as string, board))).toBe('already_exists');
  });

  describe('inspecting', () => {
    it('has no flag where everything fits', () => {
      expect(flagsOf(inspect([visit()]))).toEqual([]);
    });

    it('flags another device’s tag, a place 12 km off, a photo used before, a scan 30 km away five minutes later [E3]', async () => {
      const other = await makeTag(register({ serial: 'S-2' }), tagSigner);
      const far = { latitude: '23.400000', longitude: '113.264000' };
      const id = inspect([visit({ tag: other })]);
      expect(flagsOf(id)).toEqual(['R1']);
      inspect([visit({ place: { ...SITE, latitude: '23.237000' }, photo: photo(2) })], { id });
      expect(flagsOf(id).slice(1)).toEqual(['R2', 'R5']);
      play.time += 5 * HOUR;
      inspect([visit({ photo: photo(1) })], { id });
      expect(flagsOf(id).slice(3)).toEqual(['R4']);
      play.time += 300;
      inspect([visit({ photo: photo(3), place: far })], { id });
      expect(flagsOf(id).slice(4)).toEqual(['R2', 'R5']);
    });

    it('flags a photo and a speed also where only two records show them [E3]', () => {
      const flagged = (as = GROUP, args: object = {}) =>
        play.query<{ id: string; items: { item: number; flags: string[] }[] }[]>(
          'device.inspection',
          'flagged',
          {
            as,
            args: args as never,
          },
        );
      const quality = () => {
        const args = { period: '2026-10', by: 'province' };
        return play.query<{ GD: { quality: string } }>('device.item', 'metrics', { as: GROUP, args }).GD
          .quality;
      };
      play.time += HOUR;
      const first = inspect([visit()]);
      play.time += 300;
      // 111 m north.
      const near = { ...SITE, latitude: '23.130000' };
      inspect([visit({ place: near, photo: photo(2) })]);
      expect(flagged()).toEqual([]);
      expect(quality()).toBe('1.0000');
      play.time += 300;
      const far = { ...SITE, latitude: '23.400000' };
      const later = inspect([visit({ photo: photo(3) }), visit({ place: far, photo: photo(1) })]);
      play.time += 60;
      const last = inspect([visit({ photo: photo(4) })]);
      // On the record itself only what the record shows.
      expect(flagsOf(later)).toEqual(['R2', 'R5']);
      expect(flagged()).toEqual([
        { id: later, owner: GD, items: [{ item: 1, flags: ['R2', 'R4', 'R5'] }] },
        { id: last, owner: GD, items: [{ item: 0, flags: ['R5'] }] },
      ]);
      expect(flagged(GD, { flag: 'R4' })).toMatchObject([{ id: later }]);
      expect(flagged(HN)).toEqual([]);
      expect(quality()).toBe('0.6000');
      // The order is that of the visits’ own times, whichever record came first.
      play.time += HOUR;
      const early = inspect([visit({ time: instantText(NOW + 60) })]);
      expect(flagged(GD, { flag: 'R4' }).map(({ id }) => id)).toEqual([first, later].sort());
      expect(flagsOf(early)).toEqual([]);
    });

    it('refuses an inspector whose appointment is over, and one of another province [E3]', () => {
      expect(refusalOf(() => inspect([visit()], { by: STRANGER }))).toBe('permission_denied');
      play.time = NOW + 36 * 86_400;
      expect(refusalOf(() => inspect([visit()]))).toBe('permission_denied');
    });

    it('gives phones the forms that visits may still be about, and devices with the keys of their tags', () => {
      register({ serial: 'S-2', city: 'GD-B' });
      const pack = (args: object) =>
        play.query<{ devices: { serial: string }[]; isWhole: boolean; templates: { versions: object[] }[] }>(
          'device.inspection',
          'fieldPack',
          { as: GD, args: { province: 'GD', limit: 10, ...args } },
        );
      expect(pack({ city: 'GD-A' }).devices).toEqual([
        {
          ...{ id: device, vendor: 'V1', serial: 'S-1', type: 'T01', model: 'M1', city: 'GD-A' },
          ...{ site: 'GD-001', place: SITE, tagKey, group: GROUP },
        },
      ]);
      expect(pack({ limit: 1 })).toMatchObject({ isWhole: false, devices: [{}] });
      expect(pack({ province: 'HN' })).toEqual({ devices: [], isWhole: true, templates: [] });
      run('template', 'supersede', GD, { body: TEMPLATE }, template);
      const versions = () => pack({}).templates[0]?.versions;
      expect(versions()).toMatchObject([{ version: 1 }, { version: 2, form: TEMPLATE.form }]);
      play.time += 15 * 86_400;
      expect(versions()).toMatchObject([{ version: 2, thresholds: TEMPLATE.thresholds }]);
      run('template', 'withdraw', GD, {}, template);
      expect(pack({}).templates).toMatchObject([{ id: template, ends: play.time }]);
      play.time += 15 * 86_400;
      expect(pack({}).templates).toEqual([]);
    });

    it('takes a counted batch once, from 1 on, and the next only after it; none without a visit', () => {
      const id = 'ab'.repeat(16);
      expect(refusalOf(() => inspect([visit()], { id, number: 5 }))).toBe('conflict /head');
      expect(refusalOf(() => inspect([], { id, number: 1 }))).toBe('invalid_argument /items');
      inspect([visit()], { id, number: 1 });
      expect(refusalOf(() => inspect([visit()], { id, number: 1 }))).toBe('already_exists /head');
      expect(refusalOf(() => inspect([visit({ photo: photo(2) })], { id, number: 3 }))).toBe(
        'conflict /head',
      );
      inspect([visit({ photo: photo(2) })], { id, number: 2 });
      expect(play.state<RecordState>('device.inspection', id)).toMatchObject({ items: 2, sequence: 2 });
    });

    it('takes the template that was in force at the visit [E7]', () => {
      const next = {
        ...TEMPLATE,
        form: [...TEMPLATE.form, { ...TEMPLATE.form[0], name: 'sealed' }],
      };
      const from = '2026-11-01T00:00:00Z';
      run('template', 'supersede', GD, { body: next, validFrom: from }, template);
      play.time = instantOf('2026-11-02T08:00:00Z', '/');
      const before = visit({ time: '2026-10-31T08:00:00Z' });
      expect(flagsOf(inspect([before]))).toEqual([]);
      expect(refusalOf(() => inspect([visit()]))).toBe('invalid_argument /items/0/form/sealed');
      expect(flagsOf(inspect([visit({ form: { ...FORM, sealed: true } })]))).toEqual([]);
    });

    it.each([
      [
        'a field that the form does not have',
        { form: { ...FORM, colour: 'red' } },
        'invalid_argument /items/0/form/colour',
      ],
      ['a choice that is none', { form: { ...FORM, lamp: 'blue' } }, 'invalid_argument /items/0/form/lamp'],
      ['a visit in the future', { time: '2026-10-20T09:00:00Z' }, 'out_of_range /items/0/time'],
      ['a visit of a month ago', { time: '2026-09-20T08:00:00Z' }, 'out_of_range /items/0/time'],
      ['a device that nobody knows', { device: 'f'.repeat(32) }, 'not_found /items/0/device'],
    ])('refuses %s', (_, change, refusal) => {
      expect(refusalOf(() => inspect([visit(change)]))).toBe(refusal);
    });
  });

  it('flags readings beyond the thresholds of the template, one line a batch [E8]', () => {
    const items = Array.from({ length: 10_000 }, (_, i) => ({
      ...{ time: NOW, metric: 'temperature' },
      value: i % 100 < 3 ? '45.6' : '45.5',
    }));
    const head = { province: 'GD', site: 'GD-001', template };
    const before = play.lines.length;
    const { id } = run('sensing', 'submit', GD, { head, items });
    expect(play.lines.length - before).toBe(1);
    expect(play.state<RecordState>('device.sensing', id)).toMatchObject({
      items: 10_000,
      flags: { above: 300 },
    });
    const odd = [
      { time: NOW, metric: 'temperature', value: '-10.1' },
      { time: NOW, metric: 'noise', value: '1' },
    ];
    const second = run('sensing', 'submit', GD, { head, items: odd });
    expect(play.state<RecordState>('device.sensing', second.id).flags).toEqual({ below: 1, unknown: 1 });
  });

  describe('faults', () => {
    const open = (severity = 'critical') =>
      run('fault', 'open', GD, {
        category: 'fault',
        facts: { device, severity, text: 'dark' },
        parties: [GROUP],
      }).id;
    const act = (id: string, command: string, data: object = {}) => run('fault', command, GD, data, id);

    it('are closed by a visit after the repair that has no flag, and by nothing else', () => {
      const id = open();
      act(id, 'assign', { to: GD });
      act(id, 'start');
      const early = inspect([visit()]);
      play.time += HOUR;
      act(id, 'resolve');
      const evidence = (of: string) => ({ evidence: [{ module: 'device.inspection', id: of }] });
      expect(refusalOf(() => act(id, 'close'))).toBe('conflict /evidence');
      expect(refusalOf(() => act(id, 'close', evidence(early)))).toBe('conflict /evidence');
      play.time += HOUR;
      const flagged = inspect([visit({ place: { ...SITE, latitude: '23.139000' } })]);
      expect(refusalOf(() => act(id, 'close', evidence(flagged)))).toBe('conflict /evidence');
      play.time += HOUR;
      act(id, 'close', evidence(inspect([visit({ photo: photo(5) })])));
      expect(play.state('device.fault', id)).toMatchObject({ status: 'closed', due: NOW + 4 * HOUR });
    });

    it('and visits are told to the group that answers for the device, whatever the province says [EQ-5]', () => {
      const data = { category: 'fault', facts: { device, severity: 'minor', text: 'x' } };
      const fault = run('fault', 'open', GD, data).id;
      const visits = inspect([visit()]);
      for (const [module, id] of [
        ['device.fault', fault],
        ['device.inspection', visits],
      ] as const) {
        expect(play.see(module, id, GROUP)).toMatchObject({ parties: [GD, GROUP].sort() });
        expect(refusalOf(() => play.see(module, id, HN))).toBe('permission_denied');
      }
    });

    it('that are critical and not mended leave no visit without a flag, on lists and boards [EQ-6]', () => {
      const id = open();
      const minor = open('minor');
      play.time += HOUR;
      const during = inspect([visit()]);
      play.time += HOUR;
      act(id, 'assign', { to: GD });
      act(id, 'start');
      act(id, 'resolve');
      const after = inspect([visit({ photo: photo(2) })]);
      const flagged = () => play.query('device.inspection', 'flagged', { as: GD });
      expect(flagged()).toEqual([{ id: during, owner: GD, items: [{ item: 0, flags: ['R7'] }] }]);
      const args = { period: '2026-10', by: 'province' };
      expect(play.query('device.item', 'metrics', { as: GROUP, args })).toMatchObject({
        GD: { quality: '0.5000' },
      });
      act(id, 'close', { evidence: [{ module: 'device.inspection', id: after }] });
      act(minor, 'cancel', {});
      expect(flagged()).toMatchObject([{ id: during }]);
    });

    it('are opened for devices of one’s own province only', () => {
      const data = { category: 'fault', facts: { device, severity: 'minor', text: 'x' } };
      expect(refusalOf(() => run('fault', 'open', HN, data))).toBe('permission_denied');
    });
  });

  it('shows a province’s records to the group and to nobody else, and sums to every unit [E6]', () => {
    inspect([visit()]);
    expect(refusalOf(() => play.see('device.item', device, HN))).toBe('permission_denied');
    expect(play.see('device.item', device, GROUP)).toMatchObject({ facts: { serial: 'S-1' } });
    const args = { period: '2026-10', by: 'province' };
    const sums = { GD: { coverage: '1.0000', frequency: '1.0000', quality: '1.0000', faults: 0 } };
    for (const as of [GD, HN, GROUP]) {
      expect(play.query('device.item', 'metrics', { as, args })).toMatchObject(sums);
    }
    expect(play.query('device.item', 'metrics', { as: STRANGER, args })).toEqual({});
    expect(play.query('device.item', 'atSite', { as: HN, args: { site: 'GD-001' } })).toEqual([]);
  });

  it('takes stock of a site by what was scanned [E4]', () => {
    const here = Array.from({ length: 24 }, (_, i) => register({ serial: `H-${i}` }));
    const foreign = register({ serial: 'F-1', site: 'GD-002' });
    const seen = [device, ...here.slice(0, 22), foreign, 'scribble'];
    const found = play.query<Record<string, readonly unknown[]>>('device.item', 'stocktake', {
      as: GD,
      args: { site: 'GD-001', seen },
    });
    const counts = Object.fromEntries(Object.entries(found).map(([name, list]) => [name, list.length]));
    expect(counts).toEqual({ correct: 23, missing: 2, moved: 1, unknown: 1 });
  });
});
