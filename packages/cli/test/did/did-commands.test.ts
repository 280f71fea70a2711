import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttpResolver } from '@attestel/did';
import { DEMO_LEDGER } from '@attestel/server/data-folder';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ServedLedger, serveDids, serveLedger } from '../../../../conformance/examples/serve-ledger.ts';
import { attestel } from '../harness/attestel.ts';
import { createLedgerFolder } from '../harness/ledger-folder.ts';

let ledger: ServedLedger;
let folder: string;

beforeAll(async () => {
  ledger = await serveLedger('cli-did');
  folder = await mkdtemp(join(tmpdir(), 'attestel-did-'));
  vi.stubEnv('ATTESTEL_PASSPHRASE', 'of this test');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await ledger?.close();
  await rm(folder, { recursive: true, force: true });
});

const holder = (name: string): string[] => ['--keys', join(folder, `${name}.keys`), '--name', name];
async function run(...args: string[]) {
  const { code, out, err } = await attestel(...args, '--json');
  return { code, data: JSON.parse(out), err };
}
const node = (): string[] => ['--node', ledger.origin];
const create = (name: string, ...more: string[]) =>
  run('did', 'create', ...holder(name), '--network', 'cli-did', ...node(), ...more);
const rotate = (did: string, name: string, ...more: string[]) =>
  run('did', 'rotate', did, ...holder(name), ...node(), ...more);
const resolve = async (did: string) =>
  (await createHttpResolver({ endpoint: ledger.origin, fetch }).resolve(did)).didDocumentMetadata;

describe('attestel did create', () => {
  it('puts a DID on the ledger and names its version', async () => {
    const { code, data } = await create('first');
    expect(code).toBe(0);
    expect(data).toEqual({
      did: expect.stringMatching(/^did:mno:cli-did:zQm/),
      kid: `${data.did}#key-1`,
      versionId: expect.stringMatching(/^1-zQm/),
    });
    expect((await resolve(data.did)).versionId).toBe(data.versionId);
  });

  it('refuses a name that has keys, since a control key has one use', async () => {
    await create('once');
    expect(await create('once')).toMatchObject({ code: 4, data: { error: 'key_exists' } });
  });

  it.each([
    [['--network', 'Main!'], 'option_invalid'],
    [['--network', 'cli-did', '--next', '9'], 'option_invalid'],
    [['--network', 'cli-did', '--next', '2', '--next-threshold', '3'], 'option_invalid'],
    [[], 'argument_missing'],
  ])('refuses %j with exit code 2', async (args, error) => {
    expect(await run('did', 'create', ...holder('bad'), ...args, ...node())).toMatchObject({
      code: 2,
      data: { error },
    });
  });

  it('has no default passphrase', async () => {
    vi.stubEnv('ATTESTEL_PASSPHRASE', '');
    expect(await create('open')).toMatchObject({ code: 2, data: { error: 'argument_missing' } });
    vi.stubEnv('ATTESTEL_PASSPHRASE', 'of this test');
  });

  it('makes no key while no node answers', async () => {
    const closed = await create('early', '--node', 'http://127.0.0.1:9');
    expect(closed).toMatchObject({ code: 1 });
    expect(await create('early')).toMatchObject({ code: 0 });
  });
});

describe('attestel did rotate', () => {
  it('rotates again and again with the keys that it made', async () => {
    const { did } = (await create('again')).data;
    for (const version of [2, 3, 4]) {
      const { code, data } = await rotate(did, 'again');
      expect([code, data.kind]).toEqual([0, 'rotate']);
      expect((await resolve(did)).versionId).toBe(data.versionId);
      expect(data.versionId).toMatch(new RegExp(`^${version}-`));
    }
  });

  it('changes how many keys there are and how many are needed', async () => {
    const { did } = (await create('many', '--next', '3', '--next-threshold', '2')).data;
    expect(await rotate(did, 'many', '--next', '2')).toMatchObject({ code: 0 });
    expect(await rotate(did, 'many', '--next', '1')).toMatchObject({ code: 0 });
    expect(await rotate(did, 'many', '--next', '2', '--next-threshold', '3')).toMatchObject({ code: 2 });
  });

  it.each([
    [
      'of an unknown DID',
      () => 'did:mno:cli-did:zQmWvQxTqbG2Z9HPJgG57jjwR154cKhbtJenbyYTWkjgF3e',
      5,
      'did_not_found',
    ],
    ['of what is no DID', () => 'did:mno:nothing', 1, 'did_unresolved'],
  ])('is refused %s', async (_, did, code, error) => {
    expect(await rotate(did(), 'first')).toMatchObject({ code, data: { error } });
  });

  it('is refused to who holds other keys', async () => {
    const { did } = (await create('mine')).data;
    expect(await rotate(did, 'theirs')).toMatchObject({ code: 3, data: { error: 'control_key_missing' } });
    expect((await resolve(did)).versionId).toMatch(/^1-/);
  });
});

describe('a party of the data folder', () => {
  it('rotates its own DID with --as, and no other', async () => {
    vi.stubEnv('ATTESTEL_PASSPHRASE', undefined); // the demo's is its default
    const data = join(folder, 'data');
    const { ledger: founded, close } = await createLedgerFolder(data);
    const served = await serveDids(founded);
    const [genesis] = founded.entries(0, 1);
    const did =
      /did:mno:demo-0badcafe:zQm\w{44}/.exec(Buffer.from(genesis?.bytes ?? []).toString('latin1'))?.[0] ?? '';
    const as = ['--as', DEMO_LEDGER.sequencer, '--data', data, '--node', served.origin];
    expect(await run('did', 'rotate', did, ...as)).toMatchObject({ code: 0, data: { did, kind: 'rotate' } });
    expect(
      await run(
        'did',
        'rotate',
        did.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x')),
        ...as,
      ),
    ).toMatchObject({ code: 2 });
    expect(await run('did', 'rotate', did, ...as, '--as', 'nobody')).toMatchObject({ code: 5 });
    await served.close();
    await close();
    vi.stubEnv('ATTESTEL_PASSPHRASE', 'of this test');
  });
});

describe('several holders', () => {
  const keysOf = async (did: string, name: string) =>
    (await run('did', 'keys', did, ...holder(name), ...node())).data;
  const draft = (name: string): string => join(folder, name);
  const sign = (file: string, name: string, ...more: string[]) =>
    run('did', 'sign', file, ...holder(name), ...node(), ...more);

  it('take a DID over, and change it together: two of three, each with a key file of its own', async () => {
    const { did } = (await create('ann')).data;
    const [bob, cyd] = [await keysOf(did, 'bob'), await keysOf(did, 'cyd')];
    const commitments = [bob, cyd].flatMap(({ nextCommitments }) => [
      '--next-commitment',
      nextCommitments[0],
    ]);
    expect(await rotate(did, 'ann', ...commitments, '--next-threshold', '2')).toMatchObject({ code: 0 });

    expect(await rotate(did, 'ann')).toMatchObject({ code: 3, data: { error: 'threshold_not_met' } });
    const cosigner = (await keysOf(did, 'bob')).keys[0];
    const together = ['--cosigner', cosigner];
    expect(await rotate(did, 'ann', ...together)).toMatchObject({
      code: 4,
      data: { error: 'draft_incomplete' },
    });
    const drafted = await rotate(did, 'ann', ...together, '--out', draft('draft'));
    expect(drafted).toMatchObject({ code: 0, data: { missing: [cosigner], nextThreshold: 1 } });

    expect(await sign(draft('draft'), 'bob')).toMatchObject({ code: 0, data: { did, missing: [cosigner] } });
    expect(await sign(draft('draft'), 'cyd', '--approve')).toMatchObject({ code: 3 });
    expect((await resolve(did)).versionId).toMatch(/^2-/);
    const whole = await sign(draft('draft'), 'bob', '--approve', '--out', draft('whole'));
    expect(whole).toMatchObject({ code: 0, data: { missing: [] } });
    expect(await sign(draft('whole'), 'cyd', '--approve')).toMatchObject({ code: 0 });
    expect((await resolve(did)).versionId).toMatch(/^3-/);
    expect(await sign(draft('whole'), 'cyd', '--approve')).toMatchObject({ code: 4 });
  });

  it('are refused a draft that is not one, or was altered', async () => {
    await writeFile(draft('noise'), 'not a draft');
    expect(await sign(draft('noise'), 'bob')).toMatchObject({ code: 2, data: { error: 'option_invalid' } });
    const bytes = new Uint8Array(await readFile(draft('draft')));
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
    await writeFile(draft('altered'), bytes);
    expect(await sign(draft('altered'), 'bob', '--approve')).toMatchObject({
      code: 6,
      data: { error: 'signature_invalid' },
    });
  });
});
