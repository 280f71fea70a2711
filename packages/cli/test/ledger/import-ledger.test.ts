import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ledgerRoutes } from '@attestel/ledger';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fetchFrom } from '../../../ledger/test/fixtures/call-route.ts';
import { attestel } from '../harness/attestel.ts';
import { createLedgerFolder, type LedgerFolder } from '../harness/ledger-folder.ts';

const NODE = 'http://node.example';
const PARTY = 'zhonglian';
let folder: string;
let running: LedgerFolder;
let key: string;
const at = (name: string): string => join(folder, name);
const data = (): readonly string[] => ['--data', at('data')];
const json = async (...args: string[]) => {
  const { code, out } = await attestel(...args, '--json');
  return { code, data: JSON.parse(out) };
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attestel-import-'));
  running = await createLedgerFolder(at('data'));
  vi.stubGlobal(
    'fetch',
    fetchFrom((origin) => (origin === NODE ? ledgerRoutes(running.ledger) : undefined)),
  );
  await running.registerApp('app-1');
  key = (await json('ledger', 'verify', ...data())).data.signer;
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await running?.close();
  await rm(folder, { recursive: true, force: true });
});

const exportTo = (name: string) => attestel('ledger', 'export', ...data(), '--out', at(name));
const importFrom = (name: string, store: string, ...more: string[]) =>
  json(
    'ledger',
    'import',
    '--in',
    at(name),
    '--store',
    at(store),
    ...(more.length > 0 ? more : ['--key', key]),
  );
const genesisOf = (store: string, out: string) =>
  json('ledger', 'genesis', '--store', at(store), '--out', at(out));

describe('attestel ledger import', () => {
  it('makes a ledger with the roots of the exported one, which verifies by itself', async () => {
    await exportTo('whole.jsonl');
    const genesis = at('data/genesis.cbor');
    const { code, data: made } = await importFrom('whole.jsonl', 'whole', '--key', key, '--genesis', genesis);
    const { size, root, state } = running.ledger.head();
    const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
    expect({ code, ...made }).toMatchObject({ code: 0, entries: size, root: text(root), state: text(state) });
    const verified = await json('ledger', 'verify', '--store', at('whole'), '--key', key);
    expect(verified).toMatchObject({ code: 0, data: { root: text(root) } });
  });

  it('refuses a changed entry, another key, and a folder that holds a ledger', async () => {
    const lines = (await readFile(at('whole.jsonl'), 'utf8')).trimEnd().split('\n');
    await writeFile(at('without.jsonl'), `${lines.toSpliced(3, 1).join('\n')}\n`);
    expect((await importFrom('without.jsonl', 'without')).code).toBe(6);
    // Not even the blocks before: they would pass for a ledger.
    expect((await readdir(folder)).filter((name) => name.startsWith('without'))).toEqual(['without.jsonl']);
    const text = lines.join('\n').replaceAll('demo-0badcafe', 'demo-0badcaff');
    await writeFile(at('other.jsonl'), `${text}\n`);
    expect((await importFrom('other.jsonl', 'other')).code).not.toBe(0);
    expect(await importFrom('whole.jsonl', 'whole')).toMatchObject({
      code: 4,
      data: { error: 'folder_taken' },
    });
    expect((await importFrom('none.jsonl', 'none')).code).toBe(5);
    expect((await json('ledger', 'import', '--in', at('whole.jsonl'), '--store', at('x'))).code).toBe(2);
  });
});

describe('validators for a ledger that has a history', () => {
  const consensusKey = async (): Promise<string> => {
    const config = { instance: 'member', network: 'demo-0badcafe', dataDir: at('engine-of-test') };
    const rest = {
      name: { en: 'M', 'zh-CN': 'M' },
      http: { origin: 'http://localhost:1', port: 1 },
      roles: {},
    };
    await writeFile(at('node.json'), JSON.stringify({ ...config, ...rest }));
    return (await json('node', 'engine', '--config', at('node.json'))).data.consensusKey;
  };

  it('are none until the members name one', async () => {
    const { code, data: refused } = await genesisOf('whole', 'none.json');
    expect({ code, message: refused.message }).toMatchObject({
      code: 2,
      message: expect.stringContaining('names no validator'),
    });
  });

  it('are named by an operation that members draft, read, sign and send', async () => {
    const key = ['--key', await consensusKey()];
    const as = ['--as', PARTY, ...data(), '--node', NODE];
    const drafted = await json('registry', 'validator', ...as, ...key, '--out', at('draft'));
    expect(drafted).toMatchObject({
      code: 0,
      data: { kind: 'validator.set', body: { key: key[1], power: 10 } },
    });
    const before = running.ledger.head().size;
    expect((await json('registry', 'sign', at('draft'), ...as)).data).toMatchObject({
      kind: 'validator.set',
    });
    expect(running.ledger.head().size).toBe(before);
    expect((await json('registry', 'sign', at('draft'), ...as, '--approve')).code).toBe(0);
    expect(running.ledger.head().size).toBe(before + 2);
    expect((await json('registry', 'sign', at('draft'), ...as, '--approve')).code).not.toBe(0);
    await writeFile(at('bad-draft'), 'no draft');
    expect((await json('registry', 'sign', at('bad-draft'), ...as)).code).toBe(2);
    expect((await json('registry', 'validator', ...as, '--key', 'zz')).code).toBe(2);
  });

  it('go on from the head of an import, by a file that every member makes the same', async () => {
    await exportTo('later.jsonl');
    await importFrom('later.jsonl', 'one');
    await importFrom('later.jsonl', 'two');
    const [one, two] = [await genesisOf('one', 'one.json'), await genesisOf('two', 'two.json')];
    expect(one).toMatchObject({ code: 0, data: { chainId: 'attestel-demo-0badcafe' } });
    expect(one.data.validators).toHaveLength(1);
    expect(one.data.sha256).toBe(two.data.sha256);
    const { app_state, genesis_time, validators } = JSON.parse(await readFile(at('one.json'), 'utf8'));
    const { body, time } = running.ledger.head();
    expect(app_state.checkpoint).toBe(body);
    expect([genesis_time, validators]).toEqual([new Date(time * 1000).toISOString(), []]);
    expect((await genesisOf('one', 'one.json')).code).toBe(4);
  });
});
