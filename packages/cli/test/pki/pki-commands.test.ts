import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certify, freshKey } from '../../../pki/test/ledger/devices.ts';
import { openKeys } from '../../src/data-folder.ts';
import { attestel } from '../harness/attestel.ts';
import { type PkiMembers, startPkiMembers } from '../harness/pki-members.ts';

let members: PkiMembers;
let batch: string;
let anchor: string;
beforeAll(async () => {
  members = await startPkiMembers();
});
afterAll(() => members?.close());

const NOW = (): number => Math.floor(Date.now() / 1000);
const run = (...args: Parameters<PkiMembers['run']>) => members.run(...args);

/** A cell's key and self-signed certificate in a folder. */
async function makeCell(folder: string, serial: string) {
  await mkdir(members.file(folder), { recursive: true });
  const made = await certify({ device: serial, key: freshKey('ec'), notBefore: NOW() - 60 });
  const path = join(members.file(folder), `${serial}.crt`);
  await writeFile(path, made.certificate);
  return { ...made, path };
}
type Cell = Awaited<ReturnType<typeof makeCell>>;

async function proven(cell: Cell): Promise<Cell> {
  const of = ['--challenge', batch, '--submitter', members.did.vendor];
  expect(await attestel('pki', 'statement', cell.path, ...of)).toMatchObject({ code: 0 });
  const statement = await readFile(cell.path.replace('.crt', '.statement'));
  await writeFile(cell.path.replace('.crt', '.sig'), cell.key.sign(new Uint8Array(statement)));
  return cell;
}

const verdictOf = async (cell: string): Promise<string> => {
  const asked = ['--policy', members.policyFile, '--node', members.node.huatong, '--json'];
  return JSON.parse((await attestel('pki', 'check', cell, ...asked)).out).verdict;
};

const submit = (...args: string[]) =>
  run(
    'vendor',
    'pki',
    'submit',
    ...args,
    '--as',
    'vendor',
    ...['--role', 'small-cell', '--anchor', anchor],
    ...['--batch', batch],
  );

describe('attestel pki, from a vendor’s range to a revoked cell', () => {
  it('admits an anchor by the signatures of several members, carried in a draft', async () => {
    const scope = ['--kind', 'vendor', '--role', 'small-cell', '--serial', 'AC5G'];
    const draft = members.file('anchor.draft');
    const admit = (...more: string[]) =>
      run('vendor', 'pki', 'anchor', 'admit', ...scope, '--as', 'vendor', ...more);
    expect(await admit()).toMatchObject({ code: 3, data: { error: 'pki_votes_missing' } });
    const drafted = await admit('--voter', members.did.huatong, '--out', draft);
    expect(drafted).toMatchObject({ code: 0, data: { kind: 'anchor.admit', file: draft } });
    anchor = drafted.data.anchor;
    const sent = await run('huatong', 'registry', 'sign', draft, '--as', 'huatong', '--approve');
    expect(sent).toMatchObject({ code: 0 });
    const listed = await attestel('pki', 'anchor', 'list', '--node', members.node.huatong);
    expect(listed.out).toContain(anchor);
    expect(listed.out).toContain('vendor, in-force');
    expect(await admit('--as', 'huatong')).toMatchObject({ code: 4, data: { error: 'pki_anchor_exists' } });
  });

  it('authorises a batch and names its id', async () => {
    const terms = ['--product', 'AC-5G', '--number', 'PO-1', '--first', 'AC5G-000001', '--count', '20'];
    const made = await run(
      'vendor',
      'pki',
      'batch',
      'authorise',
      '--anchor',
      anchor,
      ...terms,
      '--as',
      'vendor',
    );
    expect(made).toMatchObject({ code: 0 });
    batch = made.data.batch;
    const { out } = await attestel('pki', 'batch', 'list', '--node', members.node.vendor);
    expect(out).toContain(batch);
    expect(out).toContain('AC5G-000001 … AC5G-000020');
  });

  it('publishes a cell with its proof, and check is green with a receipt that needs no node', async () => {
    const cell = await proven(await makeCell('one', 'AC5G-000001'));
    expect(await submit(cell.path)).toMatchObject({ code: 0, data: { published: [{ index: 0 }] } });
    const receipt = ['--policy', members.policyFile, '--receipt', members.file('cell.proof')];
    const check = (...more: string[]) => attestel('pki', 'check', cell.path, ...receipt, ...more);
    expect(await check('--node', members.node.huatong)).toMatchObject({ code: 0 });
    const offline = await check('--offline');
    expect(offline).toMatchObject({ code: 0 });
    expect(offline.out).toMatch(
      /Published and in force.[\s\S]*Proven by the witnesses of the policy, \d+ seconds ago/,
    );
  });

  it('publishes a pallet, and says of each certificate that is not what rule it breaks and who can mend it', async () => {
    for (const number of [2, 3, 4]) await proven(await makeCell('pallet', `AC5G-00000${number}`));
    await makeCell('pallet', 'AC5G-000005');
    await proven(await makeCell('pallet', 'AC5G-000099'));
    const forged = await proven(await makeCell('pallet', 'AC5G-000006'));
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await writeFile(forged.path.replace('.crt', '.sig'), sign('sha256', Buffer.from('no'), privateKey));
    await writeFile(members.file('pallet/AC5G-000007.crt'), 'not a certificate');
    await writeFile(members.file('pallet/AC5G-000007.sig'), 'x');
    const { code, data } = await submit('--pallet', members.file('pallet'), '--receipts');
    expect(code).toBe(3);
    expect(data.withoutReceipt).toEqual([]);
    const written = (await readdir(members.file('pallet'))).filter((name) => name.endsWith('.receipt'));
    expect(written.sort()).toEqual([2, 3, 4].map((number) => `AC5G-00000${number}.receipt`));
    const third = members.file('pallet/AC5G-000003');
    const offline = ['--policy', members.policyFile, '--offline', '--receipt', `${third}.receipt`];
    expect(await attestel('pki', 'check', `${third}.crt`, ...offline)).toMatchObject({ code: 0 });
    const serials = (list: { file: string }[]) => list.map(({ file }) => basename(file, '.crt'));
    expect(serials(data.published)).toEqual(['AC5G-000002', 'AC5G-000003', 'AC5G-000004']);
    const codes = Object.fromEntries(
      data.rejected.map(({ file, code: why }: { file: string; code: string }) => [
        basename(file, '.crt'),
        why,
      ]),
    );
    expect(codes).toEqual({
      'AC5G-000005': 'signature_missing',
      'AC5G-000006': 'pki_possession_invalid',
      'AC5G-000007': 'file_unreadable',
      'AC5G-000099': 'pki_outside_range',
    });
    await rm(members.file('pallet/AC5G-000099.crt'));
    const again = await attestel(
      ...['pki', 'submit', '--pallet', members.file('pallet'), '--as', 'vendor', '--role', 'small-cell'],
      ...['--anchor', anchor, '--batch', batch, '--data', members.dataDir, '--node', members.node.vendor],
    );
    expect(again.out).toContain('0 published, 6 rejected');
    expect(again.out).toContain('3  pki_certificate_exists: the certificate is published already');
    expect(again.out).toContain('The device signs the statement of this certificate again');
  });

  it('counts a single refusal as one of a list, and a refused request as an error', async () => {
    const outside = await proven(await makeCell('other', 'AC5G-000098'));
    expect(await submit(outside.path)).toMatchObject({
      code: 3,
      data: { published: [], rejected: [{ file: outside.path, code: 'pki_outside_range' }] },
    });
    const stranger = await run(
      'vendor',
      'pki',
      'submit',
      outside.path,
      '--as',
      'huatong',
      '--role',
      'small-cell',
      ...['--anchor', anchor, '--batch', batch],
    );
    expect(stranger).toMatchObject({ code: 3, data: { error: 'pki_publisher' } });
  });

  it('suspends at once and alone, resumes with another member, and revokes for ever', async () => {
    const cell = members.file('one/AC5G-000001.crt');
    const verdict = () => verdictOf(cell);
    const change = (what: string, ...more: string[]) =>
      run('vendor', 'pki', what, cell, '--as', 'vendor', ...more);
    expect(await change('suspend', '--reason', 'clone-detected')).toMatchObject({ code: 0 });
    expect(await verdict()).toBe('suspended');
    expect(await change('resume')).toMatchObject({ code: 3, data: { error: 'pki_votes_missing' } });
    expect(await change('resume', '--as', 'zhonglian')).toMatchObject({ code: 0 });
    expect(await verdict()).toBe('good');
    expect(await change('revoke', '--reason', 'key-compromise')).toMatchObject({ code: 0 });
    expect(await verdict()).toBe('revoked');
    expect(await change('suspend')).toMatchObject({ code: 4, data: { error: 'pki_status_final' } });
  });

  it('suspends and resumes a batch and an anchor, each after the last operation on it', async () => {
    const cell = members.file('pallet/AC5G-000002.crt');
    const verdict = () => verdictOf(cell);
    const change = (what: string, id: string, ...more: string[]) =>
      run('vendor', 'pki', ...what.split(' '), id, '--as', 'vendor', ...more);
    expect(await change('batch suspend', batch)).toMatchObject({ code: 0 });
    expect(await verdict()).toBe('batch-suspended');
    expect(await change('batch resume', batch, '--as', 'huatong')).toMatchObject({ code: 0 });
    expect(await change('anchor suspend', anchor)).toMatchObject({ code: 0 });
    expect(await verdict()).toBe('anchor-suspended');
    expect(await change('anchor resume', anchor)).toMatchObject({ code: 3 });
    expect(await change('anchor resume', anchor, '--as', 'huatong')).toMatchObject({ code: 0 });
    expect(await verdict()).toBe('good');
    const tomorrow = new Date(Date.now() + 25 * 3_600_000).toISOString().replace(/\.\d+/, '');
    expect(await change('anchor retire', anchor, '--until', tomorrow)).toMatchObject({ code: 0 });
  });

  it('makes a trust bundle by proof, and writes it whole', async () => {
    const ca = await certify({ ca: true, notBefore: NOW() - 60, notAfter: NOW() + 9e7 });
    await writeFile(members.file('ca.crt'), ca.certificate);
    const names = ['--plmn', '46001', '--dns', 'mnc001.mcc460.3gppnetwork.org', '--slice', '01-00abcd'];
    const who = ['--as', 'zhonglian', '--as', 'huatong', '--role', 'security-gateway', '--kind', 'operator'];
    const file = ['--certificate', members.file('ca.crt')];
    expect(await run('zhonglian', 'pki', 'anchor', 'admit', ...names, ...who, ...file)).toMatchObject({
      code: 0,
    });
    const bundle = (slice: string) =>
      attestel(
        ...['pki', 'bundle', '--operator', members.did.zhonglian, '--slice', slice],
        ...[
          '--policy',
          members.policyFile,
          '--node',
          members.node.huatong,
          '--out',
          members.file('trust.pem'),
        ],
      );
    expect(await bundle('01-00abcd')).toMatchObject({ code: 0 });
    const pem = await readFile(members.file('trust.pem'), 'utf8');
    expect(Buffer.from(pem.split('-----')[2] ?? '', 'base64')).toEqual(Buffer.from(ca.certificate));
    expect((await bundle('02')).out).toBe('Nobody is trusted there.');
    expect(await readFile(members.file('trust.pem'), 'utf8')).toBe('');
  });

  it('draws a challenge for who has no batch', async () => {
    const drawn = await run('zhonglian', 'pki', 'challenge', '--as', 'zhonglian');
    expect(drawn).toMatchObject({ code: 0, data: { submitter: members.did.zhonglian } });
    expect(drawn.data.challenge).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('attestel pki refuses, naming the field', () => {
  const cases: [string, string[], string][] = [
    ['an id in another form', ['batch', 'suspend', 'abc', '--as', 'vendor'], 'BATCH'],
    ['a reason that is none', ['suspend', 'a'.repeat(64), '--reason', 'mood', '--as', 'vendor'], '--reason'],
    ['a kind that is none', ['anchor', 'admit', '--kind', 'friend', '--as', 'vendor'], '--kind'],
    [
      'an anchor without role',
      ['anchor', 'admit', '--kind', 'vendor', '--serial', 'AB', '--as', 'vendor'],
      '--role',
    ],
    [
      'a time in another form',
      ['anchor', 'retire', 'a'.repeat(64), '--until', 'soon', '--as', 'vendor'],
      '--until',
    ],
    [
      'a serial without digits',
      ['batch', 'authorise', '--first', 'AC', '--count', '2', '--as', 'vendor'],
      '--first',
    ],
    [
      'more than the digits name',
      ['batch', 'authorise', '--first', 'A9', '--count', '2', '--as', 'vendor'],
      '--count',
    ],
    [
      'nothing to submit',
      [
        'submit',
        '--role',
        'iot-thing',
        '--anchor',
        'a'.repeat(64),
        '--challenge',
        'b'.repeat(64),
        '--as',
        'vendor',
      ],
      'FILE',
    ],
    ['a role that is none', ['submit', 'x.crt', '--role', 'phone', '--as', 'vendor'], '--role'],
    ['nobody who signs', ['revoke', 'a'.repeat(64)], '--as'],
    ['no certificate', ['revoke'], 'CERT...'],
    [
      'a submitter that is no DID',
      ['statement', 'x', '--challenge', 'a'.repeat(64), '--submitter', 'me'],
      '--submitter',
    ],
  ];
  it.each(cases)('%s', async (_, args, field) => {
    const ran = await attestel(
      'pki',
      ...args,
      ...(['statement', 'bundle'].includes(args[0] ?? '') ? [] : ['--data', members.dataDir]),
    );
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(field);
  });

  it('an anchor or batch that the ledger does not know', async () => {
    const unknown = await run('vendor', 'pki', 'anchor', 'resume', 'a'.repeat(64), '--as', 'vendor');
    expect(unknown).toMatchObject({ code: 5, data: { error: 'object_unknown' } });
  });
});

describe('attestel pki request', () => {
  const request = async (...args: string[]) => {
    const as = ['--as', 'zhonglian', '--data', members.dataDir];
    const ran = await attestel('pki', 'request', ...as, ...args, '--json');
    return { ...ran, data: JSON.parse(ran.out) };
  };

  it('asks for a certificate of a key that it makes once, and says what to do with it', async () => {
    const out = members.file('ca.csr');
    const first = await request('--name', 'Zhonglian CA', '--out', out);
    expect(first).toMatchObject({ code: 0, data: { key: 'pki/ca', isNew: true } });
    expect(await readFile(out, 'utf8')).toBe(first.data.pem);
    expect(first.data.pem).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/);
    expect(await request('--name', 'Zhonglian CA')).toMatchObject({ code: 0, data: { isNew: false } });
  });

  it.each([
    [['--name', 'a'.repeat(65)], '--name'],
    [['--name', 'CA', '--algorithm', 'RS1'], '--algorithm'],
    [['--name', 'CA', '--key', '../ca'], '--key'],
    [['--name', 'CA', '--organization', ''], '--organization'],
  ])('refuses %j', async (args, field) => {
    const refused = await request(...args);
    expect(refused).toMatchObject({ code: 2, data: { error: 'option_invalid' } });
    expect(JSON.stringify(refused.data)).toContain(field);
  });

  it('signs with no key that is for something else', async () => {
    const keys = await openKeys(join(members.dataDir, 'zhonglian'));
    await keys.generate({ ref: 'other', purpose: 'derivation', algorithm: 'HS256' });
    expect(await request('--name', 'CA', '--key', 'other')).toMatchObject({ code: 2 });
  });
});
