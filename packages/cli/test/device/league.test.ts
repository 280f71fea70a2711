import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../harness/eventually.ts';
import { type PkiMembers, startPkiMembers } from '../harness/pki-members.ts';

type Operator = 'zhonglian' | 'huatong';

let members: PkiMembers;
beforeAll(async () => {
  members = await startPkiMembers({ resolver: true, contracts: {} });
});
afterAll(() => members?.close());

/** Runs a command of a module until what it needs from others has come. */
async function contract(as: Operator, channel: string, args: readonly string[], data: object) {
  const file = members.file(`${as}.json`);
  await writeFile(file, JSON.stringify(data));
  const there = ['--in', file, '--as', as, '--channel', channel];
  return eventually(async () => {
    const done = await members.run(as, 'contract', ...args, ...there);
    expect([done.code, done.data]).toEqual([0, done.data]);
    return done.data as { readonly id: string };
  });
}

it('a group publishes the figures of its provinces, and a province sees numbers only [E6]', async () => {
  const { zhonglian: group, huatong: province } = members.did;
  const writers = ['--writer', 'zhonglian', '--writer', 'huatong'];
  for (const [name, ...votes] of [['grp', '--as', 'huatong'], ['grp/gd'], ['grp/js']] as const)
    expect(
      await members.run('zhonglian', 'channel', 'open', name, '--as', 'zhonglian', ...votes, ...writers),
    ).toMatchObject({ code: 0 });
  const give = (channel: string, type: string, subject: string, claims: object) =>
    contract('zhonglian', channel, ['host.credential@1', 'issue'], { type, subject, claims });
  await give('grp', 'GroupUnit', group, { name: 'Group' });
  await give('grp/gd', 'ProvinceUnit', province, { province: 'GD', group });
  const facts = {
    ...{ vendor: 'CG', serial: 'GD-1', type: 'BS', batch: 'B1', model: 'M', level: 'device', tagKey: null },
    ...{ province: 'GD', city: 'A', site: 'S', place: null, group, did: null },
  };
  const { id } = await contract('huatong', 'grp/gd', ['device.item@1', 'register'], { facts });
  for (const to of ['received', 'mounted', 'inService'])
    await contract('huatong', 'grp/gd', ['device.item@1', 'transition', id], { to });
  await contract('huatong', 'grp/gd', ['device.fault@1', 'open'], {
    category: 'fault',
    facts: { device: id, severity: 'major', text: 'dark' },
  });
  const period = new Date().toISOString().slice(0, 7);
  const league = (...more: string[]) =>
    members.run('zhonglian', 'device', 'league', ...more, '--as', 'zhonglian', '--period', period);
  const published = await eventually(async () => {
    const done = await league('grp/gd', 'grp/js', '--channel', 'grp');
    expect(done).toMatchObject({ code: 0, data: { provinces: [{ province: 'GD', faults: 1 }] } });
    return done.data as { readonly id: string };
  });
  // As it is: nothing is written twice.
  const { size } = members.ledger.head();
  expect(await league('grp/gd', '--channel', 'grp')).toMatchObject({ code: 0, data: { id: published.id } });
  expect(members.ledger.head().size).toBe(size);
  const asked = ['device.league@1', 'month', `period=${period}`, '--as', 'huatong', '--channel', 'grp'];
  await eventually(async () =>
    expect(await members.run('huatong', 'contract', 'query', ...asked)).toMatchObject({
      data: { period, provinces: [{ province: 'GD', coverage: '0.0000', faults: 1 }] },
    }),
  );
  expect(await league('grp/js', '--channel', 'grp')).toMatchObject({ code: 5 });
  expect(await league('grp/gd')).toMatchObject({ code: 2, data: { error: 'argument_missing' } });

  // A number is taken once in each province's channel: what two of them have is found by the group.
  const duplicates = (...channels: string[]) =>
    members.run('zhonglian', 'device', 'duplicates', ...channels, '--as', 'zhonglian');
  await give('grp/js', 'ProvinceUnit', province, { province: 'JS', group });
  const { id: other } = await contract('huatong', 'grp/js', ['device.item@1', 'register'], {
    facts: { ...facts, province: 'JS' },
  });
  await eventually(async () =>
    expect(await duplicates('grp/gd', 'grp/js')).toMatchObject({
      code: 4,
      data: {
        things: 2,
        duplicates: [
          {
            ...{ vendor: 'CG', serial: 'GD-1' },
            places: [
              { channel: 'grp/gd', id },
              { channel: 'grp/js', id: other },
            ],
          },
        ],
      },
    }),
  );
  expect(await duplicates('grp/js')).toMatchObject({ code: 0, data: { things: 1, duplicates: [] } });
});
