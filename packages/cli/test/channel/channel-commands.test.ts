import { rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attestel } from '../harness/attestel.ts';
import { type PkiMembers, startPkiMembers } from '../harness/pki-members.ts';

let members: PkiMembers;
beforeAll(async () => {
  members = await startPkiMembers({ resolver: true, contracts: {} });
});
afterAll(() => members?.close());

const run = (...args: Parameters<PkiMembers['run']>) => members.run(...args);
const BOTH = ['--as', 'zhonglian', '--as', 'huatong'];
const open = (name: string, ...more: string[]) => run('zhonglian', 'channel', 'open', name, ...more);

describe('attestel channel', () => {
  it('opens one by the votes of members, in one go or carried from one to the next', async () => {
    const asked = ['--writer', 'zhonglian', '--writer', members.did.huatong, '--shared', 'data.price@1'];
    expect(await open('prices', ...asked, '--as', 'zhonglian')).toMatchObject({
      code: 3,
      data: { error: 'registry_votes_missing' },
    });
    const draft = members.file('channel.draft');
    const drafted = await open('prices', ...asked, '--as', 'zhonglian', '--out', draft);
    expect(drafted).toMatchObject({ code: 0, data: { kind: 'open', file: draft } });
    expect(await run('huatong', 'registry', 'sign', draft, '--as', 'huatong', '--approve')).toMatchObject({
      code: 0,
    });
    expect(await open('gd', ...BOTH, '--writer', 'huatong', '--reader', 'vendor')).toMatchObject({ code: 0 });
    expect(await open('gd', ...BOTH)).toMatchObject({ code: 4, data: { error: 'channel_exists' } });
  });

  it('shows it to its members, and to nobody else', async () => {
    const at = ['--data', members.dataDir, '--node', members.node.huatong];
    const shown = await attestel('channel', 'show', 'prices', '--as', 'huatong', ...at);
    expect(shown).toMatchObject({ code: 0 });
    for (const line of ['executed  data.price@1', `governor  ${members.did.zhonglian}`, members.did.huatong])
      expect(shown.out).toContain(line);
    expect(await run('huatong', 'channel', 'show', 'prices', '--as', 'vendor')).toMatchObject({ code: 3 });
    expect(await run('huatong', 'channel', 'show', 'prices')).toMatchObject({ code: 3 });
  });

  it('lets parties in and takes them out, by its governors alone', async () => {
    const admit = (by: string) =>
      run('zhonglian', 'channel', 'admit', 'gd', '--as', by, '--writer', 'vendor');
    expect(await admit('huatong')).toMatchObject({ data: { error: 'channel_not_governor' } });
    expect(await admit('zhonglian')).toMatchObject({ code: 0 });
    const show = () => run('zhonglian', 'channel', 'show', 'gd', '--as', 'zhonglian');
    const vendor = expect.objectContaining({ did: members.did.vendor, role: 'writer' });
    expect((await show()).data.members).toContainEqual(vendor);
    expect(await run('zhonglian', 'channel', 'remove', 'gd', 'vendor', '--as', 'zhonglian')).toMatchObject({
      code: 0,
    });
    expect((await show()).data.members).toHaveLength(1);
  });

  it.each([
    [['open', 'UPPER', ...BOTH], 2, 'channel_body_invalid'],
    [['open', 'x', ...BOTH, '--shared', 'roaming.iot@1.0.0'], 2, 'option_invalid'],
    [['open', 'x', ...BOTH, '--threshold', '0'], 2, 'option_invalid'],
    [['open', 'x', ...BOTH, '--threshold', '2'], 2, 'channel_body_invalid'],
    [['open', 'x', ...BOTH, '--writer', 'nobody'], 5, 'data_missing'],
    [['open', 'x', ...BOTH, '--writer', 'vendor', '--reader', 'vendor'], 2, 'channel_body_invalid'],
    [['admit', 'gd', '--as', 'zhonglian'], 2, 'argument_missing'],
    [['open', 'x'], 2, 'argument_missing'],
  ])('refuses %j', async (args, code, error) => {
    const { size } = members.ledger.head();
    expect(await run('zhonglian', 'channel', ...args)).toMatchObject({ code, data: { error } });
    expect(members.ledger.head().size).toBe(size);
  });

  it('has every node execute what the channel shares, for a member’s command at its own node', async () => {
    const terms = { currency: 'CNY', rows: [{ grade: 1, category: 'mobility', perUnit: '0.5' }] };
    const dids = Object.values(members.did);
    const file = members.file('price.json');
    await writeFile(file, JSON.stringify({ terms, parties: dids, validUntil: '2099-01-01T00:00:00Z' }));
    const propose = (as: 'zhonglian' | 'huatong') =>
      run(as, 'contract', 'data.price@1', 'propose', '--in', file, '--as', as, '--channel', 'prices');
    const done = await propose('zhonglian');
    expect(done).toMatchObject({ code: 0 });
    const seen = (as: 'zhonglian' | 'huatong') =>
      run(as, 'contract', 'show', 'data.price@1', done.data.id, '--as', as, '--channel', 'prices');
    expect((await seen('huatong')).data).toMatchObject({ head: done.data.line, checked: true });
    expect([...members.ledger.state('event').list('prices|state|')]).toHaveLength(1);
    await rm(file);
  });
});
