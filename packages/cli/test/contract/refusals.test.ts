import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attestel } from '../harness/attestel.ts';
import { type PkiMembers, startPkiMembers } from '../harness/pki-members.ts';

let members: PkiMembers;
beforeAll(async () => {
  members = await startPkiMembers({ resolver: true, contracts: {} });
});
afterAll(() => members?.close());

const AS = ['--as', 'zhonglian'];
/** A command of the module that gives credentials, with parameters from a file. */
async function issue(text: string, ...more: string[]) {
  const file = members.file('parameters.json');
  await writeFile(file, text);
  const asked = ['contract', 'host.credential@1', ...more, '--in', file, ...AS];
  return members.run('zhonglian', ...asked);
}
const GIVEN = () =>
  JSON.stringify({ type: 'Operator', subject: members.did.huatong, claims: { tadig: ['CHNCT'] } });

describe('what a node refuses, on the command line', () => {
  it('says all that the node says, for people and for programs', async () => {
    const given = await issue(GIVEN(), 'issue');
    expect(given).toMatchObject({ code: 0 });
    const stale = ['revoke', given.data.id, '--head', '0'.repeat(64)];
    expect(await issue('{}', ...stale)).toMatchObject({
      code: 4,
      data: { error: 'head_conflict', field: '/head', head: given.data.line },
    });
    const at = ['--data', members.dataDir, '--node', members.node.zhonglian];
    const told = await attestel('contract', 'host.credential@1', ...stale, ...AS, ...at);
    expect(told.err).toContain(`head: ${given.data.line}`);
  });

  it.each([
    ['a name that comes twice', '{"type":"Operator","type":"Agent"}', 'duplicate member'],
    ['what is no JSON', '{"type":', 'invalid'],
    ['what is too deep', '['.repeat(60) + ']'.repeat(60), 'too complex'],
  ])('does not send %s', async (_, text, rule) => {
    const { size } = members.ledger.head();
    const refused = await issue(text, 'issue');
    expect(refused).toMatchObject({ code: 2, data: { error: 'option_invalid' } });
    expect(refused.data.message).toContain(rule);
    expect(members.ledger.head().size).toBe(size);
  });

  it('says that there is nothing to dispute or to deliver, and which line is none of those disputed', async () => {
    const own = (...args: string[]) => members.run('zhonglian', 'contract', ...args, ...AS);
    expect(await own('disputes')).toMatchObject({ code: 0, data: { disputes: [] } });
    expect(await own('deliveries')).toMatchObject({ code: 0, data: { deliveries: expect.any(Array) } });
    expect(await own('accept', '0'.repeat(64))).toMatchObject({ code: 5, data: { error: 'not_found' } });
    expect(await own('accept', 'x')).toMatchObject({ code: 2, data: { field: '/line' } });
    const other = ['contract', 'disputes', '--as', 'huatong'];
    expect(await members.run('zhonglian', ...other)).toMatchObject({ code: 3 });
  });

  it('has no command by which a party could say that others have read', async () => {
    const access = { module: 'data.price@1', object: null, line: null, query: 'list' };
    const file = members.file('read.json');
    await writeFile(file, JSON.stringify({ ...access, reader: members.did.huatong, parties: ['*'] }));
    const asked = ['contract', 'host.access@1', 'record', '--in', file, ...AS];
    expect(await members.run('zhonglian', ...asked)).toMatchObject({
      code: 5,
      data: { error: 'command_unknown' },
    });
  });
});
